with

-- A number of its own stands for the long key of a fact in all that follows.
facts as (
    select
        {{ person_case_key() }} as fact_key,
        min(record_order) as fact_number,
        coalesce(min(contact_date), min(prosecuted_date), min(verdict_date)) as first_date
    from (
        select
            records.record_key,
            records.record_order,
            records.person_token,
            records.contact_date,
            records.prosecuted_date,
            records.verdict_date,
            {{ case_columns() }}
        from {{ ref('stg_accused') }} as records
        left join {{ ref('_fct_accused_blank_case') }} as blanks
            on records.record_key = blanks.record_key
    ) as placed
    group by {{ person_case_key() }}
),

placed as (
    select
        records.record_key,
        records.record_order,
        records.source,
        records.person_token,
        records.sex_code,
        records.citizenship_code,
        records.governorate_code,
        records.age_years,
        records.birth_year,
        records.age_group_code,
        records.contact_date,
        records.prosecuted_date,
        records.verdict_date,
        records.is_legal_person,
        records.is_official,
        records.victim_relation_code,
        records.status_code,
        records.verdict_code,
        records.law_codes,
        records.article_codes,
        records.sentence_years,
        records.fine_iqd,
        records.is_in_absentia,
        records.cassation_code,
        records.is_suspended,
        records.entity_measure_code,
        {{ case_columns() }}
    from {{ ref('stg_accused') }} as records
    left join {{ ref('_fct_accused_blank_case') }} as blanks
        on records.record_key = blanks.record_key
),

sources as (
    {{ numbered_sources(ref('stg_accused')) }}
),

-- A judgment tells the age on its own day. Contact is told by rows with a date of contact, the verdict by rows with a
-- verdict or its date.
records as (
    select
        facts.fact_number,
        placed.record_order,
        placed.person_token,
        placed.placed_case_token,
        placed.is_case_unresolved,
        placed.sex_code,
        placed.citizenship_code,
        placed.governorate_code,
        placed.contact_date,
        placed.prosecuted_date,
        placed.verdict_date,
        placed.is_legal_person,
        placed.is_official,
        placed.victim_relation_code,
        case when placed.contact_date is not null then placed.status_code end as status_code,
        case when {{ has_verdict('placed.') }} then placed.verdict_code end as verdict_code,
        case when {{ has_verdict('placed.') }} then placed.law_codes end as law_codes,
        case when {{ has_verdict('placed.') }} then placed.article_codes end as article_codes,
        case when {{ has_verdict('placed.') }} then placed.sentence_years end as sentence_years,
        case when {{ has_verdict('placed.') }} then placed.fine_iqd end as fine_iqd,
        case when {{ has_verdict('placed.') }} then placed.is_in_absentia end as in_absentia_code,
        case when {{ has_verdict('placed.') }} then placed.cassation_code end as cassation_code,
        case when {{ has_verdict('placed.') }} then placed.is_suspended end as suspended_code,
        case when {{ has_verdict('placed.') }} then placed.entity_measure_code end as entity_measure_code,
        sources.source_word,
        sources.source_bit,
        {{ age_columns(
            'facts.first_date',
            'coalesce(placed.verdict_date, placed.prosecuted_date, placed.contact_date)',
            'placed.'
        ) }}
    from placed
    inner join facts
        on {{ person_case_key('placed.') }} = facts.fact_key
    left join sources
        on placed.source = sources.source
),

profiles as (
    select
        fact_number,
        min(person_token) as person_token,
        min(placed_case_token) as case_token,
        bool_or(is_case_unresolved) as is_case_unresolved,
        {{ first_known('sex_code') }} as sex_code,
        {{ first_known('citizenship_code') }} as citizenship_code,
        {{ first_known('governorate_code') }} as governorate_code,
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
        {{ nearest_age() }},
        {{ count_sources() }} as sources_count,
        cast(count(*) as integer) as records_count
    from records
    group by fact_number
)

select
    facts.fact_key,
    profiles.person_token,
    profiles.case_token,
    profiles.is_case_unresolved,
    profiles.sex_code,
    profiles.citizenship_code,
    profiles.governorate_code,
    profiles.youngest_age,
    profiles.oldest_age,
    profiles.age_basis,
    profiles.contact_date,
    profiles.contact_year,
    profiles.status_code,
    profiles.prosecuted_date,
    profiles.verdict_date,
    profiles.verdict_year,
    profiles.verdict_code,
    profiles.law_codes,
    profiles.article_codes,
    profiles.sentence_years,
    profiles.fine_iqd,
    profiles.in_absentia_code,
    profiles.cassation_code,
    profiles.suspended_code,
    profiles.legal_person_code,
    profiles.entity_measure_code,
    profiles.official_code,
    profiles.victim_relation_code,
    profiles.sources_count,
    profiles.records_count
from profiles
inner join facts
    on profiles.fact_number = facts.fact_number
