{#- What every indicator is made of. Dimensions of a cell, and the column of a fact that each is read from. -#}
{% macro dimension_columns() -%}
{{ return({
    'sex': 'sex_code', 'age': 'age_group_code', 'form': 'form_code', 'article': 'article_group_code',
    'holder': 'holder_code', 'citizenship': 'citizenship_group_code', 'cust_breakdown': 'breakdown_code'
}) }}
{%- endmacro %}

{#- What places a value, besides its measure. -#}
{% macro cell_keys() -%}
{{ return(['ref_area', 'time_period'] + (dimension_columns().keys() | list)) }}
{%- endmacro %}

{#- One output row of an indicator; the columns and their types stand here and in the contracts, nowhere else.
    Arguments are SQL expressions; a dimension that is not given is a total. -#}
{% macro cell(
    measure, ref_area, time_period, obs_value, obs_status, reporting_count, expected_count, members,
    sex="'_T'", age="'_T'", form="'_T'", article="'_T'", holder="'_T'", citizenship="'_T'", cust_breakdown="'_T'"
) -%}
    cast({{ measure }} as varchar) as measure,
    cast({{ ref_area }} as varchar) as ref_area,
    cast({{ time_period }} as varchar) as time_period,
    cast({{ sex }} as varchar) as sex,
    cast({{ age }} as varchar) as age,
    cast({{ form }} as varchar) as form,
    cast({{ article }} as varchar) as article,
    cast({{ holder }} as varchar) as holder,
    cast({{ citizenship }} as varchar) as citizenship,
    cast({{ cust_breakdown }} as varchar) as cust_breakdown,
    cast({{ obs_value }} as bigint) as obs_value,
    cast({{ obs_status }} as varchar) as obs_status,
    cast({{ reporting_count }} as integer) as reporting_count,
    cast({{ expected_count }} as integer) as expected_count,
    cast({{ members }} as varchar) as members
{%- endmacro %}

{#- How many of the holders were expected to report on a region and year, how many reported the whole of it, and how
    many sent anything about it. A part of a year is counted and shown as incomplete coverage; never multiplied up. -#}
{% macro coverage(holders=none) -%}
    select
        region_code,
        period,
        count(*) as expected_count,
        count(*) filter (where is_reporting and is_partial is not true) as reporting_count,
        count(*) filter (where is_reporting) as sending_count
    from {{ ref('dim_reporting') }}
    {%- if holders %}
    where holder_code in ('{{ holders | join("', '") }}')
    {%- endif %}
    group by region_code, period
{%- endmacro %}

{#- Counts facts over the full grid of areas × years × categories.

    facts       relation of core with fact_key, area_code (or region_code) and the columns of the dimensions
    year        the column of facts that says which year a fact is counted in
    measures    {measure: condition}; the one condition gives both the number and its members
    dimensions  of the card; holders of the card
    level       of the card: `governorate`, or `region` for what is published for regions and the country only
    breakdown   of the card: the code list of breakdown_code (seed cust_breakdown), where that is a dimension
    columns     {dimension: column of facts} where facts name it otherwise
    recorded    condition on facts: the question was answered; a region and year without one answer is missing, not 0
    amounts     {measure: number} that is added up instead of counting facts (participants, inspections)

    A cell is 0 with status A where a holder that covers the area reported, empty with O where none did. -#}
{% macro indicator(
    facts, year, measures, dimensions, holders,
    level='governorate', breakdown=none, columns={}, recorded=none, amounts={}
) -%}
{%- set column_of = {} -%}
{%- for dimension in dimensions %}
    {%- do column_of.update({dimension: columns.get(dimension, dimension_columns()[dimension])}) %}
{%- endfor %}
{%- set area = 'area_code' if level == 'governorate' else 'region_code' -%}
{%- set categories = {'cust_breakdown': breakdown} -%}
with

members as (
    {%- for measure, condition in measures.items() %}
    select
        '{{ measure }}' as measure,
        {{ area }} as area_code,
        cast({{ year }} as varchar) as period,
        {%- for dimension in dimensions %}
        {{ column_of[dimension] }} as {{ dimension }}_code,
        {%- endfor %}
        cast({{ amounts.get(measure, 1) }} as bigint) as amount,
        fact_key
    from {{ facts }}
    where {{ condition }}
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
),

counted as (
    select
        measure,
        area_code,
        period,
        {%- for dimension in dimensions %}
        {{ dimension }}_code,
        {%- endfor %}
        sum(amount) as amount,
        {{ joined_text('fact_key') }} as members
    from members
    group by
        measure,
        area_code,
        period
        {%- for dimension in dimensions %},
        {{ dimension }}_code
        {%- endfor %}
),

measures as (
    {%- for measure in measures %}
    select '{{ measure }}' as measure
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
),

periods as (
    select distinct period
    from {{ ref('dim_reporting') }}
),

areas as (
    select distinct
        {{ area }} as area_code,
        region_code
    from {{ ref('dim_governorate') }}
),

coverage as (
{{ coverage(holders) }}
),
{%- if recorded %}

answered as (
    select
        region_code,
        cast({{ year }} as varchar) as period
    from {{ facts }}
    where {{ recorded }}
    group by region_code, cast({{ year }} as varchar)
),
{%- endif %}

grid as (
    select
        measures.measure,
        areas.area_code,
        areas.region_code,
        periods.period
        {%- for dimension in dimensions %},
        {{ dimension }}_categories.code as {{ dimension }}_code
        {%- endfor %}
    from measures
    cross join areas
    cross join periods
    {%- for dimension in dimensions %}
    cross join {{ ref('dim_category') }} as {{ dimension }}_categories
    {%- endfor %}
    where
        true
        {%- for dimension in dimensions %}
        and {{ dimension }}_categories.dimension = '{{ categories.get(dimension) or dimension }}'
        {%- endfor %}
),

cells as (
    select
        grid.measure,
        grid.area_code,
        grid.period,
        {%- for dimension in dimensions %}
        grid.{{ dimension }}_code,
        {%- endfor %}
        coalesce(counted.amount, 0) as amount,
        counted.members,
        coalesce(coverage.reporting_count, 0) as reporting_count,
        coalesce(coverage.expected_count, 0) as expected_count,
        coalesce(coverage.sending_count, 0) > 0{% if recorded %} and answered.period is not null{% endif %} as is_told
    from grid
    left join counted
        on
            grid.measure = counted.measure
            and grid.area_code = counted.area_code
            and grid.period = counted.period
            {%- for dimension in dimensions %}
            and grid.{{ dimension }}_code = counted.{{ dimension }}_code
            {%- endfor %}
    left join coverage
        on
            grid.region_code = coverage.region_code
            and grid.period = coverage.period
    {%- if recorded %}
    left join answered
        on
            grid.region_code = answered.region_code
            and grid.period = answered.period
    {%- endif %}
)

select
{%- set chosen = {} -%}
{%- for dimension in dimensions %}{% do chosen.update({dimension: dimension ~ '_code'}) %}{% endfor %}
    {{ cell(
        measure='measure', ref_area='area_code', time_period='period',
        obs_value='case when is_told then amount end',
        obs_status="case when is_told then 'A' else 'O' end",
        reporting_count='reporting_count', expected_count='expected_count',
        members='case when is_told then members end',
        **chosen
    ) }}
from cells
{%- endmacro %}
