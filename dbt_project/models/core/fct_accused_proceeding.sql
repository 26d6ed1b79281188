with

proceedings as (
    select
        fact_key,
        person_token,
        case_token,
        is_case_unresolved,
        coalesce(sex_code, '_U') as sex_code,
        {{ age_group() }} as age_group_code,
        {{ age_basis() }} as age_basis,
        coalesce(citizenship_code, '_U') as citizenship_code,
        coalesce(governorate_code, '_U') as governorate_code,
        contact_date,
        contact_year,
        status_code,
        prosecuted_date,
        coalesce({{ year_of('prosecuted_date') }}, verdict_year) as prosecuted_year,
        coalesce(
            prosecuted_date is not null
            or verdict_date is not null
            or verdict_code is not null
            or status_code in ('PROSECUTED', 'CONVICTED'),
            false
        ) as is_prosecuted,
        verdict_date,
        verdict_year,
        {{ days_between('contact_date', 'verdict_date') }} as days_to_verdict,
        verdict_code,
        coalesce(verdict_code = 'CONVICTED', false) as is_convicted,
        coalesce(verdict_code = 'CONVICTED' and {{ has_code('law_codes', "'L28_2012'") }}, false) as is_convicted_law28,
        law_codes,
        article_codes,
        sentence_years,
        fine_iqd,
        {{ yes_no('in_absentia_code') }} as is_in_absentia,
        cassation_code,
        {{ yes_no('suspended_code') }} as is_suspended,
        {{ yes_no('legal_person_code') }} as is_legal_person,
        entity_measure_code,
        {{ yes_no('official_code') }} as is_official,
        victim_relation_code,
        sources_count,
        records_count
    from {{ ref('_fct_accused_profile') }}
),

-- Many proceedings share few lists of articles: each list is read once.
article_lists as (
    select distinct article_codes
    from proceedings
),

-- A conviction under several articles counts once, under the gravest.
gravest as (
    select
        lists.article_codes,
        min(article_groups.rank) as rank
    from article_lists as lists
    inner join {{ ref('law_article') }} as articles
        on {{ has_code('lists.article_codes', 'articles.code') }}
    inner join {{ ref('article_group') }} as article_groups
        on articles.article_group_code = article_groups.code
    group by lists.article_codes
),

-- Paragraph 2 (the victim is a woman or disabled) aggravates nearly every case of a woman: it stands apart.
-- Paragraph 8 is the complicity of officials, which is never told alone: it stands with the rare paragraph 6.
circumstances as (
    select
        lists.article_codes,
        count(*) filter (where articles.code <> 'A6_2') as others_count,
        min(articles.code) filter (where articles.code <> 'A6_2') as other_code
    from article_lists as lists
    inner join {{ ref('law_article') }} as articles
        on {{ has_code('lists.article_codes', 'articles.code') }}
    where
        articles.article_group_code = 'A6'
        and articles.code <> 'A6'
    group by lists.article_codes
),

followed as (
    {{ followed_cohorts(3) }}
)

select
    proceedings.fact_key,
    proceedings.person_token,
    proceedings.case_token,
    proceedings.is_case_unresolved,
    proceedings.sex_code,
    proceedings.age_group_code,
    proceedings.age_basis,
    proceedings.citizenship_code,
    {{ citizenship_group('proceedings.citizenship_code') }} as citizenship_group_code,
    proceedings.governorate_code,
    areas.area_code,
    areas.region_code,
    proceedings.contact_date,
    proceedings.contact_year,
    proceedings.status_code,
    proceedings.prosecuted_date,
    proceedings.prosecuted_year,
    proceedings.is_prosecuted,
    case
        when not proceedings.is_prosecuted then null
        when proceedings.is_convicted_law28 then 'TRIAL_CONVICTED_L28'
        when proceedings.is_convicted then 'TRIAL_CONVICTED_OTHER'
        when proceedings.verdict_code is not null then 'TRIAL_NOT_CONVICTED'
        when proceedings.verdict_date is not null then 'TRIAL_U'
        else 'TRIAL_PENDING'
    end as trial_code,
    followed.cohort_year is not null as is_followed_three_years,
    case
        when not proceedings.is_convicted_law28 then null
        when proceedings.days_to_verdict between 0 and 365 then 'CONVICTED_YEAR_1'
        when proceedings.days_to_verdict between 366 and 730 then 'CONVICTED_YEAR_2'
        when proceedings.days_to_verdict between 731 and 1095 then 'CONVICTED_YEAR_3'
    end as conviction_delay_code,
    proceedings.verdict_date,
    proceedings.verdict_year,
    proceedings.verdict_code,
    proceedings.is_convicted,
    proceedings.is_convicted_law28,
    proceedings.law_codes,
    proceedings.article_codes,
    case when proceedings.is_convicted_law28 then coalesce(article_groups.code, 'A_OTHER') end as article_group_code,
    case
        when not proceedings.is_convicted_law28 or article_groups.code <> 'A6' then null
        when circumstances.others_count > 1 then 'CIRCUMSTANCE_SEVERAL'
        when circumstances.others_count = 1 and circumstances.other_code in ('A6_6', 'A6_8') then 'CIRCUMSTANCE_6_6_8'
        when circumstances.others_count = 1 then replace(circumstances.other_code, 'A6_', 'CIRCUMSTANCE_6_')
        when circumstances.others_count = 0 then 'CIRCUMSTANCE_6_2'
    end as circumstance_code,
    proceedings.sentence_years,
    case
        when not proceedings.is_convicted_law28 then null
        -- Article 8 first: no difference may tell of deaths.
        when article_groups.code = 'A8' then 'SENTENCE_GE_20'
        when proceedings.is_suspended then 'SENTENCE_SUSPENDED'
        when proceedings.sentence_years >= 20 then 'SENTENCE_GE_20'
        when proceedings.sentence_years >= 10 then 'SENTENCE_10_19'
        when proceedings.sentence_years >= 5 then 'SENTENCE_5_9'
        when proceedings.sentence_years > 0 then 'SENTENCE_LT_5'
        else 'SENTENCE_NO_TERM'
    end as sentence_code,
    proceedings.fine_iqd,
    proceedings.is_in_absentia,
    proceedings.cassation_code,
    proceedings.is_suspended,
    proceedings.is_legal_person,
    proceedings.entity_measure_code,
    proceedings.is_official,
    case
        when proceedings.is_official is not true then null
        when proceedings.is_convicted then 'OFFICIAL_CONVICTED'
        when proceedings.is_prosecuted then 'OFFICIAL_PROSECUTED'
        else 'OFFICIAL_INVESTIGATED'
    end as official_stage_code,
    proceedings.victim_relation_code,
    proceedings.sources_count,
    proceedings.records_count
from proceedings
left join gravest
    on proceedings.article_codes = gravest.article_codes
left join {{ ref('article_group') }} as article_groups
    on gravest.rank = article_groups.rank
left join circumstances
    on proceedings.article_codes = circumstances.article_codes
left join {{ ref('dim_governorate') }} as areas
    on proceedings.governorate_code = areas.governorate_code
left join followed
    on
        areas.region_code = followed.region_code
        and proceedings.contact_year = followed.cohort_year
