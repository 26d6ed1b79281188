with

sources as (
    {{ numbered_sources(ref('stg_residence_measures')) }}
),

records as (
    select
        {{ measure_key('staged.') }} as fact_key,
        staged.record_order,
        sources.source_word,
        sources.source_bit,
        staged.person_token,
        staged.measure_date,
        staged.governorate_code,
        staged.sex_code,
        staged.age_years,
        staged.birth_year,
        staged.age_group_code,
        staged.citizenship_code,
        staged.reason_code,
        staged.law_codes,
        staged.action_code,
        staged.released_date,
        staged.is_screened,
        staged.is_found_victim,
        staged.is_referred_to_protection
    from {{ ref('stg_residence_measures') }} as staged
    left join sources
        on staged.source = sources.source
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
        {{ count_sources() }} as sources_count,
        cast(count(*) as integer) as records_count
    from records
    group by fact_key
),

readings as (
    select
        records.fact_key,
        records.record_order,
        {{ age_columns('measures.measure_date', 'records.measure_date', 'records.') }}
    from records
    inner join measures
        on records.fact_key = measures.fact_key
),

ages as (
    select
        fact_key,
        {{ nearest_age() }}
    from readings
    group by fact_key
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
    measures.records_count
from measures
left join ages
    on measures.fact_key = ages.fact_key
left join {{ ref('dim_governorate') }} as areas
    on measures.governorate_code = areas.governorate_code
