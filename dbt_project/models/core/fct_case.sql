with

sources as (
    {{ numbered_sources(ref('stg_cases')) }}
),

records as (
    select
        staged.case_token,
        staged.record_order,
        staged.reported_date,
        staged.accused_count,
        staged.article_codes,
        staged.channel_code,
        staged.exploitation_codes,
        staged.governorate_code,
        staged.is_victim_heard,
        staged.is_victim_protected,
        staged.law_codes,
        staged.recruitment_code,
        staged.referred_to_code,
        staged.status_code,
        staged.victim_count,
        sources.source_word,
        sources.source_bit
    from {{ ref('stg_cases') }} as staged
    left join sources
        on staged.source = sources.source
),

cases as (
    select
        case_token as fact_key,
        min(reported_date) as reported_date,
        {{ year_of('min(reported_date)') }} as reported_year,
        {{ first_known('channel_code') }} as channel_code,
        coalesce({{ first_known('governorate_code') }}, '_U') as governorate_code,
        {{ first_known('exploitation_codes') }} as exploitation_codes,
        {{ first_known('recruitment_code') }} as recruitment_code,
        {{ first_known('law_codes') }} as law_codes,
        {{ first_known('article_codes') }} as article_codes,
        {{ first_present('accused_count') }} as accused_count,
        {{ first_present('victim_count') }} as victim_count,
        {{ first_known('status_code') }} as status_code,
        {{ first_known('referred_to_code') }} as referred_to_code,
        {{ first_known('is_victim_heard') }} as victim_heard_code,
        {{ first_known('is_victim_protected') }} as victim_protected_code,
        {{ count_sources() }} as sources_count,
        cast(count(*) as integer) as records_count
    from records
    group by case_token
),

-- Many cases share few lists of codes: each list is read once.
purpose_lists as (
    select distinct exploitation_codes
    from cases
),

purposes as (
    select
        lists.exploitation_codes,
        case
            when min(forms.form_code) < max(forms.form_code) then 'MULTIPLE'
            else min(forms.form_code)
        end as form_code,
        bool_or(forms.is_palermo_purpose) as has_palermo_purpose
    from purpose_lists as lists
    inner join {{ ref('exploitation_form') }} as forms
        on {{ has_code('lists.exploitation_codes', 'forms.code') }}
    where forms.code <> '_U'
    group by lists.exploitation_codes
),

timed as (
    select
        cases.fact_key,
        trials.first_verdict_date,
        trials.substituted_law_code,
        {{ duration_band(days_between('cases.reported_date', 'trials.first_verdict_date')) }} as duration_code
    from cases
    inner join {{ ref('_fct_case_trial') }} as trials
        on cases.fact_key = trials.case_token
),

followed as (
    {{ followed_cohorts(2) }}
)

select
    cases.fact_key,
    cases.reported_date,
    cases.reported_year,
    cases.channel_code,
    'CHANNEL_' || coalesce(cases.channel_code, 'U') as report_channel_code,
    cases.governorate_code,
    areas.area_code,
    areas.region_code,
    cases.exploitation_codes,
    coalesce(purposes.form_code, '_U') as form_code,
    cases.recruitment_code,
    cases.law_codes,
    cases.article_codes,
    coalesce({{ has_code('cases.law_codes', "'L28_2012'") }}, false) as is_under_law28,
    coalesce(cases.recruitment_code = 'SOCIAL_MEDIA', false)
    or coalesce({{ has_code('cases.article_codes', "'A7'") }}, false) as is_online,
    cases.accused_count,
    cases.victim_count,
    cases.status_code,
    cases.referred_to_code,
    {{ yes_no('cases.victim_heard_code') }} as is_victim_heard,
    {{ yes_no('cases.victim_protected_code') }} as is_victim_protected,
    timed.first_verdict_date,
    {{ year_of('timed.first_verdict_date') }} as verdict_year,
    coalesce(purposes.has_palermo_purpose and timed.duration_code is not null, false) as is_tried,
    timed.duration_code,
    followed.cohort_year is not null as is_followed_two_years,
    -- Of a cohort that was followed for two years, whoever has no verdict has none within 730 days.
    case
        when not coalesce(purposes.has_palermo_purpose, false) then null
        when timed.first_verdict_date is null then 'D_GE_731'
        else timed.duration_code
    end as time_to_verdict_code,
    timed.substituted_law_code,
    cases.sources_count,
    cases.records_count
from cases
left join purposes
    on cases.exploitation_codes = purposes.exploitation_codes
left join timed
    on cases.fact_key = timed.fact_key
left join {{ ref('dim_governorate') }} as areas
    on cases.governorate_code = areas.governorate_code
left join followed
    on
        areas.region_code = followed.region_code
        and cases.reported_year = followed.cohort_year
