with

appearances as (
    {{ appearances(['victims', 'accused', 'services', 'residence_measures']) }}
),

sources as (
    {{ numbered_sources(ref('stg_submissions')) }}
),

numbered as (
    select
        appearances.person_token,
        appearances.period,
        appearances.sex_code,
        appearances.birth_year,
        appearances.shape_rank,
        appearances.record_order,
        sources.source_word,
        sources.source_bit
    from appearances
    left join sources
        on appearances.source = sources.source
)

select
    person_token,
    min(cast(period as integer)) as first_seen_year,
    max(cast(period as integer)) as last_seen_year,
    {{ count_sources() }} as sources_count,
    coalesce({{ first_known('sex_code') }}, '_U') as sex_code,
    {{ first_present('birth_year') }} as birth_year,
    bool_or(shape_rank = 1) as is_seen_as_victim,
    bool_or(shape_rank = 2) as is_seen_as_accused,
    bool_or(shape_rank = 4) as is_seen_under_residence_law
from numbered
group by person_token
