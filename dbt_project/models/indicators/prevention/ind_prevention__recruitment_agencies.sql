{#- Each inspection of agencies once for each step; the licensed agencies beside every step. -#}
{% set steps -%}
    (
        select
            inspections.fact_key,
            inspections.region_code,
            inspections.activity_year,
            agency_steps.code as step_code,
            inspections.licensed_count,
            case agency_steps.code
                when 'AGENCY_INSPECTED' then inspections.inspected_count
                when 'AGENCY_SANCTIONED' then inspections.sanctioned_count
                when 'AGENCY_CLOSED' then inspections.closed_count
            end as agency_count
        from {{ ref('fct_activity') }} as inspections
        cross join {{ ref('dim_category') }} as agency_steps
        where
            agency_steps.dimension = 'agency_step'
            and inspections.activity_type_code = 'AGENCY_INSPECTION'
            and inspections.is_held
    )
{%- endset %}

{{ union_measures({
    'licensed': indicator(
        facts=steps,
        year='activity_year',
        measures={'DENOMINATOR': 'licensed_count is not null'},
        columns={'cust_breakdown': 'step_code'},
        amounts={'DENOMINATOR': 'licensed_count'},
        answered_when='licensed_count is not null'
    ),
    'reached': indicator(
        facts=steps,
        year='activity_year',
        measures={'NUMERATOR': 'agency_count is not null'},
        columns={'cust_breakdown': 'step_code'},
        amounts={'NUMERATOR': 'agency_count'},
        answered_when='agency_count is not null'
    )
}) }}
