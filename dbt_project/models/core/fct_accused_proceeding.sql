with

proceedings as (
    select
        fact_key,
        person_token,
        case_token,
        coalesce(sex_code, '_U') as sex_code,
        {{ age_group('coalesce(contact_year, verdict_year)') }} as age_group_code,
        coalesce(citizenship_code, '_U') as citizenship_code,
        coalesce(governorate_code, '_U') as governorate_code,
        contact_date,
        contact_year,
        status_code,
        verdict_date,
        verdict_year,
        verdict_code,
        coalesce(verdict_code = 'CONVICTED', false) as is_convicted,
        coalesce(verdict_code = 'CONVICTED' and {{ has_code('law_codes', "'L28_2012'") }}, false) as is_convicted_law28,
        law_codes,
        article_codes,
        sentence_years,
        fine_iqd,
        {{ yes_no('in_absentia_code') }} as is_in_absentia,
        cassation_code,
        sources_count,
        records_count,
        record_keys
    from {{ ref('_fct_accused_profile') }}
),

-- A conviction under several articles counts once, under the gravest.
gravest as (
    select
        proceedings.fact_key,
        min(article_groups.rank) as rank
    from proceedings
    inner join {{ ref('law_article') }} as articles
        on {{ has_code('proceedings.article_codes', 'articles.code') }}
    inner join {{ ref('article_group') }} as article_groups
        on articles.article_group_code = article_groups.code
    group by proceedings.fact_key
)

select
    proceedings.fact_key,
    proceedings.person_token,
    proceedings.case_token,
    proceedings.sex_code,
    proceedings.age_group_code,
    proceedings.citizenship_code,
    {{ citizenship_group('proceedings.citizenship_code') }} as citizenship_group_code,
    proceedings.governorate_code,
    areas.area_code,
    areas.region_code,
    proceedings.contact_date,
    proceedings.contact_year,
    proceedings.status_code,
    proceedings.verdict_date,
    proceedings.verdict_year,
    proceedings.verdict_code,
    proceedings.is_convicted,
    proceedings.is_convicted_law28,
    proceedings.law_codes,
    proceedings.article_codes,
    case when proceedings.is_convicted_law28 then coalesce(article_groups.code, 'A_OTHER') end as article_group_code,
    proceedings.sentence_years,
    proceedings.fine_iqd,
    proceedings.is_in_absentia,
    proceedings.cassation_code,
    proceedings.sources_count,
    proceedings.records_count,
    proceedings.record_keys
from proceedings
left join gravest
    on proceedings.fact_key = gravest.fact_key
left join {{ ref('article_group') }} as article_groups
    on gravest.rank = article_groups.rank
left join {{ ref('dim_governorate') }} as areas
    on proceedings.governorate_code = areas.governorate_code
