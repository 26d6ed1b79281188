with

requests as (
    select
        record_order,
        {{ seeker_key() }} as seeker_key,
        person_token,
        {{ year_of('request_date') }} as request_year,
        request_date,
        outcome_code,
        coalesce(governorate_code, '_U') as governorate_code,
        sex_code,
        age_years,
        birth_year,
        age_group_code,
        citizenship_code,
        case when outcome_code = 'REFUSED' then request_date end as refused_date,
        case when {{ known('refusal_reason_code') }} then refusal_reason_code else 'U' end as refusal_reason_code,
        case when outcome_code = 'ADMITTED' then request_date end as admitted_date,
        case
            when {{ known('admission_condition_code') }} then admission_condition_code
            when judge_decision_date is not null then 'JUDGE_ORDER'
        end as admission_condition_code,
        case when outcome_code = 'ADMITTED' and exit_date >= entry_date then request_date end as left_date,
        {{ days_between('entry_date', 'exit_date') }} as stay_night_count,
        case
            when {{ known('exit_condition_code') }} then exit_condition_code
            when exit_reason_code = 'COURT_ORDER' then 'COURT_ORDER'
        end as exit_condition_code
    from {{ ref('stg_services') }}
),

profiles as (
    select
        seeker_key,
        request_year,
        min(person_token) as person_token,
        {{ at_earliest('request_date', 'governorate_code') }} as governorate_code,
        {{ first_known('sex_code') }} as sex_code,
        {{ first_known('citizenship_code') }} as citizenship_code,
        bool_or(outcome_code = 'ADMITTED') as is_admitted,
        bool_or(outcome_code = 'REFUSED') as is_refused,
        bool_or(left_date is not null) as has_left,
        {{ at_earliest('refused_date', 'refusal_reason_code') }} as refusal_reason_code,
        {{ of_earliest('admitted_date', 'admission_condition_code') }} as admission_condition_code,
        {{ at_earliest('left_date', 'stay_night_count') }} as stay_night_count,
        {{ of_earliest('left_date', 'exit_condition_code') }} as exit_condition_code,
        cast(count(*) as integer) as records_count
    from requests
    group by
        seeker_key,
        request_year
),

-- The age at the first request of the year.
firsts as (
    select
        seeker_key,
        request_year,
        min(request_date) as first_date
    from requests
    group by
        seeker_key,
        request_year
),

readings as (
    select
        requests.seeker_key || '|' || cast(requests.request_year as string) as fact_key,
        requests.record_order,
        {{ age_columns('firsts.first_date', 'requests.request_date', 'requests.') }}
    from requests
    inner join firsts
        on
            requests.seeker_key = firsts.seeker_key
            and requests.request_year = firsts.request_year
),

ages as (
    select
        fact_key,
        {{ nearest_age() }}
    from readings
    group by fact_key
),

seekers as (
    select
        seeker_key || '|' || cast(request_year as string) as fact_key,
        person_token,
        request_year,
        governorate_code,
        coalesce(sex_code, '_U') as sex_code,
        {{ citizenship_group('citizenship_code') }} as citizenship_group_code,
        is_admitted,
        is_refused,
        case when is_refused then 'REFUSAL_' || refusal_reason_code end as refusal_reason_code,
        'CONDITION_' || admission_condition_code as admission_condition_code,
        has_left,
        stay_night_count,
        {{ duration_band('stay_night_count') }} as stay_band_code,
        exit_condition_code,
        records_count
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
    {{ age_group('ages.youngest_age', 'ages.oldest_age') }} as age_group_code,
    {{ age_basis('ages.youngest_age', 'ages.oldest_age', 'ages.age_basis') }} as age_basis,
    {{ child_age_band('ages.youngest_age', 'ages.oldest_age') }} as child_age_code,
    seekers.citizenship_group_code,
    seekers.is_admitted,
    seekers.is_refused,
    seekers.refusal_reason_code,
    seekers.admission_condition_code,
    seekers.has_left,
    seekers.stay_night_count,
    seekers.stay_band_code,
    seekers.exit_condition_code,
    seekers.records_count
from seekers
left join ages
    on seekers.fact_key = ages.fact_key
left join {{ ref('dim_governorate') }} as areas
    on seekers.governorate_code = areas.governorate_code
