with

requests as (
    select
        record_key as fact_key,
        person_token,
        facility_code,
        request_date,
        {{ year_of('request_date') }} as request_year,
        outcome_code,
        refusal_reason_code,
        coalesce(governorate_code, '_U') as governorate_code,
        coalesce(sex_code, '_U') as sex_code,
        coalesce(citizenship_code, '_U') as citizenship_code,
        referred_by_code,
        judge_decision_date,
        entry_date,
        exit_date,
        exit_reason_code,
        admission_condition_code,
        exit_condition_code,
        {{ yes_no('has_medical_exam') }} as has_medical_exam,
        {{ yes_no('has_psychosocial_support') }} as has_psychosocial_support,
        {{ yes_no('has_legal_advice') }} as has_legal_advice,
        {{ yes_no('has_interpretation') }} as has_interpretation,
        {{ yes_no('has_education') }} as has_education,
        {{ yes_no('has_grant') }} as has_grant,
        {{ yes_no('has_return') }} as has_return,
        {{ yes_no('has_family_contact') }} as has_family_contact,
        {{ yes_no('has_work_placement') }} as has_work_placement,
        {{ yes_no('has_residence_measure') }} as has_residence_measure,
        {{ yes_no('is_enrolled_in_school') }} as is_enrolled_in_school,
        {{ yes_no('has_best_interests_determination') }} as has_best_interests_determination,
        1 as records_count,
        record_key as record_keys
    from {{ ref('stg_services') }}
),

keyed as (
    select
        record_key as fact_key,
        record_order,
        request_date as written_date,
        age_years,
        birth_year,
        age_group_code
    from {{ ref('stg_services') }}
),

firsts as (
    select
        fact_key,
        request_date as first_date
    from requests
),

readings as (
    {{ age_readings('keyed', 'firsts') }}
),

ages as (
    {{ nearest_age('readings') }}
)

select
    requests.fact_key,
    requests.person_token,
    requests.facility_code,
    requests.request_date,
    requests.request_year,
    requests.outcome_code,
    requests.outcome_code = 'ADMITTED' as is_admitted,
    requests.refusal_reason_code,
    requests.governorate_code,
    areas.area_code,
    areas.region_code,
    requests.sex_code,
    {{ age_group('ages.youngest_age', 'ages.oldest_age') }} as age_group_code,
    requests.citizenship_code,
    {{ citizenship_group('requests.citizenship_code') }} as citizenship_group_code,
    requests.referred_by_code,
    requests.judge_decision_date,
    requests.entry_date,
    requests.exit_date,
    requests.exit_reason_code,
    requests.admission_condition_code,
    requests.exit_condition_code,
    requests.has_medical_exam,
    requests.has_psychosocial_support,
    requests.has_legal_advice,
    requests.has_interpretation,
    requests.has_education,
    requests.has_grant,
    requests.has_return,
    requests.has_family_contact,
    requests.has_work_placement,
    requests.has_residence_measure,
    requests.is_enrolled_in_school,
    requests.has_best_interests_determination,
    requests.records_count,
    requests.record_keys
from requests
left join ages
    on requests.fact_key = ages.fact_key
left join {{ ref('dim_governorate') }} as areas
    on requests.governorate_code = areas.governorate_code
