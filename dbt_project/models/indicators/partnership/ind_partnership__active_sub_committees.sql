{#- Every governorate, year and quarter, with a meeting of its sub-committee, if there was one.
    Halabja counts since 2025. -#}
{% set governorates -%}
    (
        select
            governorates.region_code,
            years.period,
            quarters.code as quarter_code,
            min(meetings.fact_key) as fact_key
        from {{ ref('dim_governorate') }} as governorates
        cross join (select distinct period from {{ ref('dim_reporting') }}) as years
        cross join {{ ref('dim_category') }} as quarters
        left join {{ ref('fct_activity') }} as meetings
            on
                governorates.governorate_code = meetings.governorate_code
                and years.period = cast(meetings.activity_year as string)
                and quarters.code = meetings.quarter_code
                and meetings.activity_type_code = 'MEETING'
                and meetings.organising_body_code = 'SUB_COMMITTEE'
                and meetings.is_held
        where
            quarters.dimension = 'quarter'
            and governorates.is_known
            and (governorates.governorate_code <> 'IQG06Q05' or years.period >= '2025')
        group by
            governorates.region_code,
            governorates.governorate_code,
            years.period,
            quarters.code
    )
{%- endset %}

{{ indicator(
    facts=governorates,
    year='period',
    measures={
        'DENOMINATOR': 'true',
        'NUMERATOR': 'fact_key is not null'
    },
    columns={'cust_breakdown': 'quarter_code'}
) }}
