{#- One row for each region and year in which a clause of the register is in force. -#}
{% set clauses_in_force -%}
    (
        select
            activities.region_code,
            years.period,
            min(activities.fact_key) as fact_key
        from {{ ref('fct_activity') }} as activities
        inner join (select distinct period from {{ ref('dim_reporting') }}) as years
            on cast(activities.activity_year as string) <= years.period
        where activities.activity_type_code = 'NON_PUNISHMENT_CLAUSE' and activities.is_held
        group by
            activities.region_code,
            years.period
    )
{%- endset %}

{{ indicator(
    facts=clauses_in_force,
    year='period',
    measures={'COUNT': 'true'}
) }}
