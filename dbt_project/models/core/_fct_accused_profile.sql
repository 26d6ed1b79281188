with

records as (
    select
        record_key,
        record_order,
        {{ person_case_key() }} as fact_key,
        source,
        person_token,
        case_token,
        sex_code,
        citizenship_code,
        governorate_code,
        age_years,
        birth_year,
        age_group_code,
        contact_date,
        prosecuted_date,
        verdict_date,
        is_legal_person,
        is_official,
        victim_relation_code,
        -- Contact is told by rows with a date of contact, the verdict by rows with a date of verdict.
        case when contact_date is not null then status_code end as status_code,
        case when verdict_date is not null then verdict_code end as verdict_code,
        case when verdict_date is not null then law_codes end as law_codes,
        case when verdict_date is not null then article_codes end as article_codes,
        case when verdict_date is not null then sentence_years end as sentence_years,
        case when verdict_date is not null then fine_iqd end as fine_iqd,
        case when verdict_date is not null then is_in_absentia end as in_absentia_code,
        case when verdict_date is not null then cassation_code end as cassation_code,
        case when verdict_date is not null then is_suspended end as suspended_code,
        case when verdict_date is not null then entity_measure_code end as entity_measure_code
    from {{ ref('stg_accused') }}
)

select
    fact_key,
    min(person_token) as person_token,
    min(case_token) as case_token,
    {{ first_known('sex_code') }} as sex_code,
    {{ first_known('citizenship_code') }} as citizenship_code,
    {{ first_known('governorate_code') }} as governorate_code,
    {{ first_present('age_years') }} as age_years,
    {{ first_present('birth_year') }} as birth_year,
    {{ first_known('age_group_code') }} as age_group_code,
    min(contact_date) as contact_date,
    {{ year_of('min(contact_date)') }} as contact_year,
    {{ first_known('status_code') }} as status_code,
    min(prosecuted_date) as prosecuted_date,
    min(verdict_date) as verdict_date,
    {{ year_of('min(verdict_date)') }} as verdict_year,
    {{ first_known('verdict_code') }} as verdict_code,
    {{ first_known('law_codes') }} as law_codes,
    {{ first_known('article_codes') }} as article_codes,
    {{ first_present('sentence_years') }} as sentence_years,
    {{ first_present('fine_iqd') }} as fine_iqd,
    {{ first_known('in_absentia_code') }} as in_absentia_code,
    {{ first_known('cassation_code') }} as cassation_code,
    {{ first_known('suspended_code') }} as suspended_code,
    {{ first_known('is_legal_person') }} as legal_person_code,
    {{ first_known('entity_measure_code') }} as entity_measure_code,
    {{ first_known('is_official') }} as official_code,
    {{ first_known('victim_relation_code') }} as victim_relation_code,
    cast(count(distinct source) as integer) as sources_count,
    cast(count(*) as integer) as records_count,
    {{ joined_text('record_key') }} as record_keys
from records
group by fact_key
