{#- Which facts each cell counts, as one narrow relation an indicator: the view `<indicator>__facts`, one row a cell and
    fact. As sorted text in every cell the same keys took most of the time and memory of a large build. -#}

{#- Runs after an indicator is built. The view is made of the model's own call, read a second time with the twin of each
    macro that makes cells, so that number and facts come from one condition; a cell of which nothing is told has none. -#}
{% macro keep_facts() -%}
    {%- set twins = {
        'union_measures': 'union_facts', 'indicator': 'counted_facts', 'cell': 'fact_of_cell'
    } -%}
    {%- set asked = namespace(code=model.raw_code) -%}
    {%- for name, twin in twins.items() %}
        {%- set asked.code = modules.re.sub('\\b' ~ name ~ '\\(', twin ~ '(', asked.code) -%}
    {%- endfor -%}
    create or replace view {{ facts_of(this) }} as
    select
        {%- for key in ['measure'] + cell_keys() %}
        facts.{{ key }},
        {%- endfor %}
        facts.fact_key
    from (
        {{ render(asked.code) }}
    ) as facts
    semi join {{ this }} as cells
        on
            {%- for key in ['measure'] + cell_keys() %}
            facts.{{ key }} = cells.{{ key }} and
            {%- endfor %}
            cells.obs_status <> 'O'
    where facts.fact_key is not null
{%- endmacro %}

{#- The view of the facts of an indicator. -#}
{% macro facts_of(indicator) -%}
    {{ return(api.Relation.create(
        database=indicator.database, schema=indicator.schema, identifier=indicator.identifier ~ '__facts'
    )) }}
{%- endmacro %}

{#- The twin of `indicator`: one row a measure and fact. A fact stands once in a cell because its key is unique, except
    where amounts are added up. -#}
{% macro counted_facts(facts, year, measures, columns={}, answered_when=none, amounts={}) -%}
    {%- set chosen = {} -%}
    {%- for dimension in indicator_card().get('dimensions', []) %}
        {%- do chosen.update({dimension: dimension ~ '_code'}) -%}
    {%- endfor -%}
    select {{ 'distinct' if amounts }}
        {{ fact_of_cell(
            measure='measure', ref_area='area_code', time_period='period', fact_keys='fact_key', **chosen
        ) }}
    from (
        {{ members(facts, year, measures, columns, amounts) }}
    ) as members
{%- endmacro %}

{#- The twin of `union_measures`. -#}
{% macro union_facts(parts) -%}
    {{ parts.values() | join('\nunion all\n') }}
{%- endmacro %}

{#- The twin of `cell`, for the few models that write their cells themselves: each counts one fact at most. -#}
{% macro fact_of_cell(
    measure, ref_area, time_period, fact_keys,
    obs_value=none, obs_status=none, reports_received_count=none, reports_expected_count=none,
    sex="'_T'", age="'_T'", form="'_T'", article="'_T'", holder="'_T'", citizenship="'_T'", cust_breakdown="'_T'"
) -%}
    {{ place(measure, ref_area, time_period, sex, age, form, article, holder, citizenship, cust_breakdown) }},
    {{ fact_keys }} as fact_key
{%- endmacro %}

{#- One row a measure and fact that is counted in it, with its place: what the number of a cell and its facts are read
    from. -#}
{% macro members(facts, year, measures, columns, amounts) -%}
    {%- set card = indicator_card() -%}
    {%- for measure, condition in measures.items() %}
    select
        '{{ measure }}' as measure,
        {{ area_column(card) }} as area_code,
        cast({{ year }} as string) as period,
        {%- for dimension in card.get('dimensions', []) %}
        {{ columns.get(dimension, dimension_columns()[dimension]) }} as {{ dimension }}_code,
        {%- endfor %}
        cast({{ amounts.get(measure, 1) }} as bigint) as amount,
        fact_key
    from {{ facts }}
    where {{ condition }}
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
{%- endmacro %}

{% macro area_column(card) -%}
{{ return('region_code' if card.get('level') == 'region' else 'area_code') }}
{%- endmacro %}
