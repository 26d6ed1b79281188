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
        sex_code,
        citizenship_code,
        reason_code,
        law_codes,
        action_code,
        is_screened
    from {{ ref('stg_residence_measures') }}
)

select
    fact_key,
    min(person_token) as person_token,
    min(measure_date) as measure_date,
    {{ year_of('min(measure_date)') }} as measure_year,
    coalesce({{ first_known('sex_code') }}, '_U') as sex_code,
    coalesce({{ first_known('citizenship_code') }}, '_U') as citizenship_code,
    coalesce({{ first_known('reason_code') }}, '_U') as reason_code,
    {{ first_known('law_codes') }} as law_codes,
    coalesce({{ first_known('action_code') }}, '_U') as action_code,
    {{ yes_no(first_known('is_screened')) }} as is_screened,
    cast(count(distinct source) as integer) as sources_count,
    cast(count(*) as integer) as records_count,
    {{ joined_text('record_key') }} as record_keys
from records
group by fact_key
