with

cases as (
    select
        case_token as fact_key,
        min(reported_date) as reported_date,
        {{ year_of('min(reported_date)') }} as reported_year,
        coalesce({{ first_known('governorate_code') }}, '_U') as governorate_code,
        {{ first_known('exploitation_codes') }} as exploitation_codes,
        {{ first_known('recruitment_code') }} as recruitment_code,
        {{ first_known('law_codes') }} as law_codes,
        {{ first_known('article_codes') }} as article_codes,
        {{ first_present('accused_count') }} as accused_count,
        {{ first_present('victim_count') }} as victim_count,
        {{ first_known('status_code') }} as status_code,
        {{ first_known('referred_to_code') }} as referred_to_code,
        cast(count(distinct source) as integer) as sources_count,
        cast(count(*) as integer) as records_count,
        {{ joined_text('record_key') }} as record_keys
    from {{ ref('stg_cases') }}
    group by case_token
)

select
    cases.fact_key,
    cases.reported_date,
    cases.reported_year,
    cases.governorate_code,
    areas.area_code,
    areas.region_code,
    cases.exploitation_codes,
    cases.recruitment_code,
    cases.law_codes,
    cases.article_codes,
    cases.accused_count,
    cases.victim_count,
    cases.status_code,
    cases.referred_to_code,
    cases.sources_count,
    cases.records_count,
    cases.record_keys
from cases
left join {{ ref('dim_governorate') }} as areas
    on cases.governorate_code = areas.governorate_code
