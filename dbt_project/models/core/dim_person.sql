with

appearances as (
{%- for shape in ['victims', 'accused', 'services', 'residence_measures'] %}
    select
        person_token,
        source,
        period,
        sex_code,
        birth_year,
        {{ loop.index }} as shape_rank,
        -- By shape, then by the order within it, which is far under the factor.
        {{ loop.index }} * 1000000000000000000 + record_order as record_order
    from {{ ref('stg_' ~ shape) }}
    where person_token is not null
    {%- if not loop.last %}
    union all
    {%- endif %}
{%- endfor %}
),

sources as (
    {{ numbered_sources('appearances') }}
)

select
    appearances.person_token,
    min(cast(appearances.period as integer)) as first_seen_year,
    max(cast(appearances.period as integer)) as last_seen_year,
    {{ count_sources() }} as sources_count,
    coalesce({{ first_known('sex_code') }}, '_U') as sex_code,
    {{ first_present('birth_year') }} as birth_year,
    bool_or(appearances.shape_rank = 1) as is_seen_as_victim,
    bool_or(appearances.shape_rank = 2) as is_seen_as_accused,
    bool_or(appearances.shape_rank = 3) as is_seen_in_shelter,
    bool_or(appearances.shape_rank = 4) as is_seen_under_residence_law
from appearances
left join sources
    on appearances.source = sources.source
group by appearances.person_token
