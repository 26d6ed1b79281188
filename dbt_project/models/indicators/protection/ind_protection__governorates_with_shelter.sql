{#- Every governorate, year and group of persons, with the shelter that takes the group in, if there is one.
    A shelter for children, or a mixed one, takes in children; a mixed one women and men too. Halabja counts since 2025. -#}
{% set governorates -%}
    (
        select
            governorates.region_code,
            years.period,
            taken_in.code as taken_in_code,
            min(shelters.fact_key) as fact_key
        from {{ ref('dim_governorate') }} as governorates
        cross join (select distinct period from {{ ref('dim_reporting') }}) as years
        cross join {{ ref('dim_category') }} as taken_in
        left join {{ ref('fct_facility') }} as shelters
            on
                governorates.governorate_code = shelters.governorate_code
                and years.period = cast(shelters.reference_year as string)
                and shelters.facility_type_code in (
                    'SHELTER_MIXED', replace(taken_in.code, 'TAKES_', 'SHELTER_')
                )
        where
            taken_in.dimension = 'taken_in'
            and governorates.is_known
            and (governorates.governorate_code <> 'IQG06Q05' or years.period >= '2025')
        group by
            governorates.region_code,
            governorates.governorate_code,
            years.period,
            taken_in.code
    )
{%- endset %}

{{ indicator(
    facts=governorates,
    year='period',
    measures={'DENOMINATOR': 'true', 'NUMERATOR': 'fact_key is not null'},
    columns={'cust_breakdown': 'taken_in_code'},
    answered_when='fact_key is not null'
) }}
