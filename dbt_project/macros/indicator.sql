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

{#- The card of the indicator that is compiled, `config.meta` of its model: dimensions, holders, level and breakdown stand
    there and nowhere else. dbt does not show it to unit tests: each names it, `overrides: {macros: {indicator_card: *card}}`. -#}
{% macro indicator_card() -%}
    {%- if execute and model.resource_type == 'unit_test' -%}
        {{ exceptions.raise_compiler_error(
            model.name ~ ': this unit test names no card: write `meta: &card` above and'
            ~ ' `overrides: {macros: {indicator_card: *card}}` under `model:` (' ~ model.original_file_path ~ ')'
        ) }}
    {%- endif -%}
    {{ return(model.config.meta) }}
{%- endmacro %}

{#- One output row of an indicator; the columns and their types stand here and nowhere else. Arguments are SQL expressions;
    a dimension that is not given is a total. `fact_keys`, what a cell counts as sorted text, is shown to unit tests only:
    in the warehouse the view `<indicator>__facts` says it, one row a fact (`keep_facts`). -#}
{% macro cell(
    measure, ref_area, time_period, obs_value, obs_status, reports_received_count, reports_expected_count, fact_keys,
    sex="'_T'", age="'_T'", form="'_T'", article="'_T'", holder="'_T'", citizenship="'_T'", cust_breakdown="'_T'"
) -%}
    {{ place(measure, ref_area, time_period, sex, age, form, article, holder, citizenship, cust_breakdown) }},
    cast({{ obs_value }} as bigint) as obs_value,
    cast({{ obs_status }} as string) as obs_status,
    cast({{ reports_received_count }} as integer) as reports_received_count,
    cast({{ reports_expected_count }} as integer) as reports_expected_count
    {%- if model.resource_type == 'unit_test' %},
    cast({{ fact_keys }} as string) as fact_keys
    {%- endif %}
{%- endmacro %}

{#- Where a cell or a fact of it stands: the columns of `cell_keys`, after the measure. -#}
{% macro place(measure, ref_area, time_period, sex, age, form, article, holder, citizenship, cust_breakdown) -%}
    cast({{ measure }} as string) as measure,
    cast({{ ref_area }} as string) as ref_area,
    cast({{ time_period }} as string) as time_period,
    cast({{ sex }} as string) as sex,
    cast({{ age }} as string) as age,
    cast({{ form }} as string) as form,
    cast({{ article }} as string) as article,
    cast({{ holder }} as string) as holder,
    cast({{ citizenship }} as string) as citizenship,
    cast({{ cust_breakdown }} as string) as cust_breakdown
{%- endmacro %}

{#- How many of the holders were expected to report on a region and year, how many reported the whole of it, and how
    many sent anything about it. A part of a year is counted and shown as incomplete coverage; never multiplied up. -#}
{% macro coverage(holders=none) -%}
    select
        region_code,
        period,
        count(*) as reports_expected_count,
        count(*) filter (where is_reporting and is_partial is not true) as reports_received_count,
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
    columns     {dimension: column of facts} where facts name it otherwise
    answered_when  condition on facts: the question was answered; a region and year without one answer is missing, not 0
    amounts     {measure: number} that is added up instead of counting facts (participants, inspections); the model has
                the tag `adds_amounts` then

    From the card: dimensions and holders; level, `region` for what is published for regions and the country only;
    breakdown, the code list of breakdown_code (seed cust_breakdown) where that is a dimension; first_year, before which
    there is no cell: a breakdown that joins later leaves printed years as they are; minimum_facts, under which a cell is
    withheld: an amount of one or two facts is the amount of each of them.

    A cell is 0 with status A where a holder that covers the area reported, with P where one of those that did covered a
    part of the year only, empty with O where none did, empty with Q where it is withheld. -#}
{% macro indicator(facts, year, measures, columns={}, answered_when=none, amounts={}) -%}
{%- set card = indicator_card() -%}
{%- set dimensions = card.get('dimensions', []) -%}
{%- set area = area_column(card) -%}
{%- set categories = {'cust_breakdown': card.get('breakdown')} -%}
{%- set minimum_facts = card.get('minimum_facts', 0) -%}
{%- set is_shown = 'is_reported and facts_count >= ' ~ minimum_facts if minimum_facts else 'is_reported' -%}
{%- if not execute %}{% do ref('dim_category') %}{% endif -%}
with

members as (
{{ members(facts, year, measures, columns, amounts) }}
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
        {%- if minimum_facts %}
        count(*) as facts_count,
        {%- endif %}
        {{ joined_text('fact_key') if model.resource_type == 'unit_test' else 'null' }} as fact_keys
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
    {%- if card.get('first_year') %}
    where period >= '{{ card.first_year }}'
    {%- endif %}
),

areas as (
    select distinct
        {{ area }} as area_code,
        region_code
    from {{ ref('dim_governorate') }}
),

coverage as (
{{ coverage(card.get('holders')) }}
),
{%- if answered_when %}

answered as (
    select
        region_code,
        cast({{ year }} as string) as period
    from {{ facts }}
    where {{ answered_when }}
    group by region_code, cast({{ year }} as string)
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
        {%- if minimum_facts %}
        coalesce(counted.facts_count, 0) as facts_count,
        {%- endif %}
        counted.fact_keys,
        coalesce(coverage.reports_received_count, 0) as reports_received_count,
        coalesce(coverage.reports_expected_count, 0) as reports_expected_count,
        coalesce(coverage.sending_count > coverage.reports_received_count, false) as is_part,
        coalesce(coverage.sending_count, 0) > 0{% if answered_when %} and answered.period is not null{% endif %} as is_reported
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
    {%- if answered_when %}
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
        obs_value='case when ' ~ is_shown ~ ' then amount end',
        obs_status="case when " ~ is_shown ~ " and is_part then 'P' when " ~ is_shown ~ " then 'A'" ~ (" when is_reported then 'Q'" if minimum_facts) ~ " else 'O' end",
        reports_received_count='reports_received_count', reports_expected_count='reports_expected_count',
        fact_keys='case when is_reported then fact_keys end',
        **chosen
    ) }}
from cells
{%- endmacro %}

{#- Every indicator that this run builds, or every one where it builds none: name, relation and tags, for the tests that
    ask all of them at once. -#}
{% macro built_indicators() -%}
    {%- set found = [] -%}
    {%- for name, tags in indicator_tags().items() -%}
        {%- do found.append({
            'name': name, 'relation': ref(name), 'tags': tags, 'id': 'model.' ~ project_name ~ '.' ~ name
        }) -%}
    {%- endfor -%}
    {%- set built = found | selectattr('id', 'in', selected_resources) | list -%}
    {{ return(built or found) }}
{%- endmacro %}
