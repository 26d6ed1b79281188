with

records as (
    select
        records.record_key,
        records.record_order,
        records.source,
        records.person_token,
        records.sex_code,
        records.citizenship_code,
        records.governorate_code,
        records.exploitation_codes,
        records.act_codes,
        records.means_codes,
        records.driver_codes,
        records.detected_by_code,
        records.referred_to_code,
        records.charge_law_codes,
        records.presumed_by_code,
        records.identified_by_code,
        records.contact_date,
        records.registered_date,
        records.identified_date,
        records.age_years,
        records.birth_year,
        records.age_group_code,
        records.return_asked_date,
        records.returned_date,
        records.repatriated_date,
        records.has_charge_dropped,
        records.has_compensation_award,
        records.has_compensation_paid,
        {{ case_columns() }}
    from {{ ref('stg_victims') }} as records
    left join {{ ref('_fct_victim_blank_case') }} as blanks
        on records.record_key = blanks.record_key
),

-- An age is that of the day on which the body wrote: of the decision, if there is one.
keyed as (
    select
        {{ person_case_key() }} as fact_key,
        record_order,
        contact_date,
        identified_date,
        registered_date,
        coalesce(identified_date, contact_date, registered_date) as written_date,
        age_years,
        birth_year,
        age_group_code
    from records
),

-- Whom no authority met was first met by the body that took the person on (decision 41).
firsts as (
    select
        fact_key,
        coalesce(min(contact_date), min(identified_date), min(registered_date)) as first_date
    from keyed
    group by fact_key
),

readings as (
    {{ age_readings('keyed', 'firsts') }}
),

ages as (
    {{ nearest_age('readings') }}
),

profiles as (
    select
        {{ person_case_key() }} as fact_key,
        min(person_token) as person_token,
        min(placed_case_token) as case_token,
        bool_or(is_case_unresolved) as is_case_unresolved,
        {{ first_known('sex_code') }} as sex_code,
        {{ first_known('citizenship_code') }} as citizenship_code,
        {{ first_known('governorate_code') }} as governorate_code,
        {{ first_known('exploitation_codes') }} as exploitation_codes,
        {{ first_known('act_codes') }} as act_codes,
        {{ first_known('means_codes') }} as means_codes,
        {{ first_known('driver_codes') }} as driver_codes,
        {{ first_known('detected_by_code') }} as detected_by_code,
        {{ first_known('referred_to_code') }} as referred_to_code,
        {{ all_codes('charge_law_codes') }} as charge_law_codes,
        coalesce(
            {{ at_earliest('contact_date', 'presumed_by_code') }},
            {{ first_known('presumed_by_code') }}
        ) as presumed_by_code,
        {{ at_earliest('identified_date', 'identified_by_code') }} as identified_by_code,
        min(contact_date) as contact_date,
        min(identified_date) as identified_date,
        {{ year_of('coalesce(min(contact_date), min(identified_date))') }} as contact_year,
        {{ year_of('min(identified_date)') }} as identified_year,
        min(return_asked_date) as return_asked_date,
        min(returned_date) as returned_date,
        min(repatriated_date) as repatriated_date,
        {{ yes_no(first_known('has_charge_dropped')) }} as has_charge_dropped,
        {{ yes_no(first_known('has_compensation_award')) }} as has_compensation_award,
        {{ yes_no(first_known('has_compensation_paid')) }} as has_compensation_paid,
        cast(count(distinct source) as integer) as sources_count,
        cast(count(*) as integer) as records_count,
        {{ joined_text('record_key') }} as record_keys
    from records
    group by {{ person_case_key() }}
)

select
    profiles.fact_key,
    profiles.person_token,
    profiles.case_token,
    profiles.is_case_unresolved,
    profiles.sex_code,
    profiles.citizenship_code,
    profiles.governorate_code,
    profiles.exploitation_codes,
    profiles.act_codes,
    profiles.means_codes,
    profiles.driver_codes,
    profiles.detected_by_code,
    profiles.referred_to_code,
    profiles.charge_law_codes,
    profiles.presumed_by_code,
    profiles.identified_by_code,
    profiles.contact_date,
    profiles.identified_date,
    profiles.contact_year,
    profiles.identified_year,
    ages.youngest_age,
    ages.oldest_age,
    ages.age_basis,
    profiles.return_asked_date,
    profiles.returned_date,
    profiles.repatriated_date,
    profiles.has_charge_dropped,
    profiles.has_compensation_award,
    profiles.has_compensation_paid,
    profiles.sources_count,
    profiles.records_count,
    profiles.record_keys
from profiles
left join ages
    on profiles.fact_key = ages.fact_key
