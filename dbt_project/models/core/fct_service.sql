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
        {{ age_group(year_of('request_date')) }} as age_group_code,
        coalesce(citizenship_code, '_U') as citizenship_code,
        referred_by_code,
        judge_decision_date,
        entry_date,
        exit_date,
        exit_reason_code,
        {{ yes_no('has_medical_exam') }} as has_medical_exam,
        {{ yes_no('has_psychosocial_support') }} as has_psychosocial_support,
        {{ yes_no('has_legal_advice') }} as has_legal_advice,
        {{ yes_no('has_interpretation') }} as has_interpretation,
        {{ yes_no('has_education') }} as has_education,
        {{ yes_no('has_grant') }} as has_grant,
        {{ yes_no('has_return') }} as has_return,
        1 as records_count,
        record_key as record_keys
    from {{ ref('stg_services') }}
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
    requests.age_group_code,
    requests.citizenship_code,
    {{ citizenship_group('requests.citizenship_code') }} as citizenship_group_code,
    requests.referred_by_code,
    requests.judge_decision_date,
    requests.entry_date,
    requests.exit_date,
    requests.exit_reason_code,
    requests.has_medical_exam,
    requests.has_psychosocial_support,
    requests.has_legal_advice,
    requests.has_interpretation,
    requests.has_education,
    requests.has_grant,
    requests.has_return,
    requests.records_count,
    requests.record_keys
from requests
left join {{ ref('dim_governorate') }} as areas
    on requests.governorate_code = areas.governorate_code
