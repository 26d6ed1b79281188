with

appearances as (
    select
        person_token,
        source,
        period,
        sex_code,
        birth_year,
        record_key,
        1 as shape_rank,
        record_order as shape_order
    from {{ ref('stg_victims') }}
    union all
    select
        person_token,
        source,
        period,
        sex_code,
        birth_year,
        record_key,
        2 as shape_rank,
        record_order as shape_order
    from {{ ref('stg_accused') }}
    union all
    select
        person_token,
        source,
        period,
        sex_code,
        birth_year,
        record_key,
        3 as shape_rank,
        record_order as shape_order
    from {{ ref('stg_services') }}
    union all
    select
        person_token,
        source,
        period,
        sex_code,
        birth_year,
        record_key,
        4 as shape_rank,
        record_order as shape_order
    from {{ ref('stg_residence_measures') }}
),

ordered as (
    select
        person_token,
        source,
        period,
        sex_code,
        birth_year,
        record_key,
        shape_rank,
        -- By shape, then by the order within it, which is far under the factor.
        shape_rank * 1000000000000000000 + shape_order as record_order
    from appearances
    where person_token is not null
)

select
    person_token,
    min(cast(period as integer)) as first_seen_year,
    max(cast(period as integer)) as last_seen_year,
    cast(count(distinct source) as integer) as sources_count,
    coalesce({{ first_known('sex_code') }}, '_U') as sex_code,
    {{ first_present('birth_year') }} as birth_year,
    bool_or(shape_rank = 1) as is_seen_as_victim,
    bool_or(shape_rank = 2) as is_seen_as_accused,
    bool_or(shape_rank = 3) as is_seen_in_shelter,
    bool_or(shape_rank = 4) as is_seen_under_residence_law,
    {{ joined_text('record_key') }} as record_keys
from ordered
group by person_token
