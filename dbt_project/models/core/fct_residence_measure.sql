with

records as (
    select
        coalesce(
            person_token || '|' || cast(measure_date as varchar) || '|' || action_code,
            record_key
        ) as fact_key,
        record_key,
        record_order,
        source,
        person_token,
        measure_date,
        governorate_code,
        sex_code,
        age_years,
        birth_year,
        age_group_code,
        citizenship_code,
        reason_code,
        law_codes,
        action_code,
        released_date,
        is_screened,
        is_found_victim,
        is_referred_to_protection
    from {{ ref('stg_residence_measures') }}
),

measures as (
    select
        fact_key,
        min(person_token) as person_token,
        min(measure_date) as measure_date,
        {{ year_of('min(measure_date)') }} as measure_year,
        coalesce({{ first_known('governorate_code') }}, '_U') as governorate_code,
        coalesce({{ first_known('sex_code') }}, '_U') as sex_code,
        coalesce({{ first_known('citizenship_code') }}, '_U') as citizenship_code,
        coalesce({{ first_known('reason_code') }}, '_U') as reason_code,
        {{ first_known('law_codes') }} as law_codes,
        coalesce({{ first_known('action_code') }}, '_U') as action_code,
        min(released_date) as released_date,
        {{ yes_no(first_known('is_screened')) }} as is_screened,
        {{ yes_no(first_known('is_found_victim')) }} as is_found_victim,
        {{ yes_no(first_known('is_referred_to_protection')) }} as is_referred_to_protection,
        cast(count(distinct source) as integer) as sources_count,
        cast(count(*) as integer) as records_count,
        {{ joined_text('record_key') }} as record_keys
    from records
    group by fact_key
),

keyed as (
    select
        fact_key,
        record_order,
        measure_date as written_date,
        age_years,
        birth_year,
        age_group_code
    from records
),

firsts as (
    select
        fact_key,
        measure_date as first_date
    from measures
),

readings as (
    {{ age_readings('keyed', 'firsts') }}
),

ages as (
    {{ nearest_age('readings') }}
)

select
    measures.fact_key,
    measures.person_token,
    measures.measure_date,
    measures.measure_year,
    measures.governorate_code,
    areas.area_code,
    areas.region_code,
    measures.sex_code,
    {{ age_group('ages.youngest_age', 'ages.oldest_age') }} as age_group_code,
    {{ age_basis('ages.youngest_age', 'ages.oldest_age', 'ages.age_basis') }} as age_basis,
    measures.citizenship_code,
    measures.reason_code,
    measures.law_codes,
    measures.action_code,
    measures.action_code in ('FINE', 'DETENTION', 'EXPULSION', 'REMOVAL', 'REFORMATORY') as is_penalty,
    case
        when measures.action_code = 'DETENTION' and measures.released_date >= measures.measure_date
            then cast({{ days_between('measures.measure_date', 'measures.released_date') }} as integer)
    end as detained_day_count,
    measures.is_screened,
    measures.is_found_victim,
    measures.is_referred_to_protection,
    measures.sources_count,
    measures.records_count,
    measures.record_keys
from measures
left join ages
    on measures.fact_key = ages.fact_key
left join {{ ref('dim_governorate') }} as areas
    on measures.governorate_code = areas.governorate_code
