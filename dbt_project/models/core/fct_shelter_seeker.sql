with

requests as (
    select
        record_key,
        record_order,
        coalesce(person_token, record_key) as seeker_key,
        person_token,
        {{ year_of('request_date') }} as request_year,
        request_date,
        outcome_code,
        coalesce(governorate_code, '_U') as governorate_code,
        sex_code,
        age_years,
        birth_year,
        age_group_code
    from {{ ref('stg_services') }}
),

profiles as (
    select
        seeker_key,
        request_year,
        min(person_token) as person_token,
        {{ at_earliest('request_date', 'governorate_code') }} as governorate_code,
        {{ first_known('sex_code') }} as sex_code,
        {{ first_present('age_years') }} as age_years,
        {{ first_present('birth_year') }} as birth_year,
        {{ first_known('age_group_code') }} as age_group_code,
        bool_or(outcome_code = 'ADMITTED') as is_admitted,
        cast(count(*) as integer) as records_count,
        {{ joined_text('record_key') }} as record_keys
    from requests
    group by
        seeker_key,
        request_year
),

seekers as (
    select
        seeker_key || '|' || cast(request_year as varchar) as fact_key,
        person_token,
        request_year,
        governorate_code,
        coalesce(sex_code, '_U') as sex_code,
        {{ age_group('request_year') }} as age_group_code,
        is_admitted,
        records_count,
        record_keys
    from profiles
)

select
    seekers.fact_key,
    seekers.person_token,
    seekers.request_year,
    seekers.governorate_code,
    areas.area_code,
    areas.region_code,
    seekers.sex_code,
    seekers.age_group_code,
    seekers.is_admitted,
    seekers.records_count,
    seekers.record_keys
from seekers
left join {{ ref('dim_governorate') }} as areas
    on seekers.governorate_code = areas.governorate_code
