with

events as (
    select
        fact_key,
        person_token,
        case_token,
        is_case_unresolved,
        coalesce(sex_code, '_U') as sex_code,
        {{ age_group() }} as age_group_code,
        {{ age_basis() }} as age_basis,
        coalesce(citizenship_code, '_U') as citizenship_code,
        coalesce(governorate_code, '_U') as governorate_code,
        exploitation_codes,
        act_codes,
        means_codes,
        driver_codes,
        detected_by_code,
        presumed_by_code,
        contact_date,
        contact_year,
        identified_by_code,
        identified_date,
        identified_year,
        charge_law_codes,
        referred_to_code,
        sources_count,
        records_count
    from {{ ref('_fct_victim_profile') }}
),

-- Many events share few lists of codes: each list is read once.
purpose_lists as (
    select distinct exploitation_codes
    from events
),

means_lists as (
    select distinct means_codes
    from events
),

purposes as (
    select
        lists.exploitation_codes,
        case
            when min(forms.form_code) < max(forms.form_code) then 'MULTIPLE'
            else min(forms.form_code)
        end as form_code,
        bool_or(forms.is_law28_purpose) as has_law28_purpose,
        bool_or(forms.is_palermo_purpose) as has_palermo_purpose
    from purpose_lists as lists
    inner join {{ ref('exploitation_form') }} as forms
        on {{ has_code('lists.exploitation_codes', 'forms.code') }}
    where forms.code <> '_U'
    group by lists.exploitation_codes
),

means_used as (
    select
        lists.means_codes,
        bool_or(means.is_law28_means) as has_law28_means,
        bool_or(means.is_palermo_means) as has_palermo_means
    from means_lists as lists
    inner join {{ ref('means') }} as means
        on {{ has_code('lists.means_codes', 'means.code') }}
    group by lists.means_codes
),

elements as (
    select
        events.fact_key,
        coalesce(purposes.form_code, '_U') as form_code,
        coalesce(events.act_codes <> 'NONE', false) as has_act,
        events.act_codes = 'NONE' as has_stated_no_act,
        coalesce(means_used.has_law28_means, false) as has_law28_means,
        coalesce(means_used.has_palermo_means, false) as has_palermo_means,
        means_used.means_codes is not null as has_stated_means,
        coalesce(purposes.has_law28_purpose, false) as has_law28_purpose,
        coalesce(purposes.has_palermo_purpose, false) as has_palermo_purpose,
        purposes.exploitation_codes is not null as has_stated_purpose,
        events.age_group_code = 'Y0T17' as is_child,
        events.age_group_code = 'Y_GE18' as is_adult
    from events
    left join purposes on events.exploitation_codes = purposes.exploitation_codes
    left join means_used on events.means_codes = means_used.means_codes
),

flags as (
    select
        fact_key,
        form_code,
        has_act and has_law28_means and has_law28_purpose as tip_law28,
        has_act and has_palermo_purpose and (is_child or has_palermo_means) as tip_palermo,
        has_act and has_palermo_purpose and is_child and not has_palermo_means as is_means_waived,
        -- What a holder says is absent decides; what it left blank is not recorded, never absent.
        case
            when has_act and has_law28_means and has_law28_purpose then 'MET'
            when has_stated_no_act then 'NO_ACT'
            when has_stated_means and not has_law28_means then 'NO_MEANS'
            when has_stated_purpose and not has_law28_purpose then 'PURPOSE_NOT_LISTED'
            else 'NOT_RECORDED'
        end as tip_law28_reason_code,
        case
            when has_act and has_palermo_purpose and (is_child or has_palermo_means) then 'MET'
            when has_stated_no_act then 'NO_ACT'
            when has_stated_means and not has_palermo_means and is_adult then 'NO_MEANS'
            when has_stated_purpose and not has_palermo_purpose then 'PURPOSE_NOT_LISTED'
            else 'NOT_RECORDED'
        end as tip_palermo_reason_code
    from elements
)

select
    events.fact_key,
    events.person_token,
    events.case_token,
    events.is_case_unresolved,
    events.sex_code,
    events.age_group_code,
    events.age_basis,
    events.citizenship_code,
    {{ citizenship_group('events.citizenship_code') }} as citizenship_group_code,
    events.governorate_code,
    areas.area_code,
    areas.region_code,
    events.exploitation_codes,
    flags.form_code,
    events.act_codes,
    events.means_codes,
    events.driver_codes,
    {{ driver_code('events.driver_codes') }} as driver_code,
    {{ core_gap_code() }} as core_gap_code,
    events.detected_by_code,
    events.presumed_by_code,
    events.contact_date,
    events.contact_year,
    events.identified_date is not null as is_identified,
    events.identified_by_code,
    events.identified_date,
    events.identified_year,
    events.charge_law_codes is not null as is_charged,
    events.charge_law_codes,
    events.referred_to_code,
    case
        when events.referred_to_code in ('INVESTIGATIVE_COURT', 'FELONY_COURT', 'POLICE') then 'REFERRED_JUSTICE'
        when events.referred_to_code in ('SHELTER', 'HOSPITAL', 'NGO', 'EMBASSY')
            then 'REFERRED_' || events.referred_to_code
    end as referral_group_code,
    flags.tip_law28,
    flags.tip_law28_reason_code,
    flags.tip_palermo,
    flags.tip_palermo_reason_code,
    flags.is_means_waived,
    events.sources_count,
    events.records_count
from events
inner join flags
    on events.fact_key = flags.fact_key
left join {{ ref('dim_governorate') }} as areas
    on events.governorate_code = areas.governorate_code
