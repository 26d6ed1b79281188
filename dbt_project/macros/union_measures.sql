{#- One indicator of several `indicator()` calls: measures that are recorded apart from each other, so that silence about
    one of them (what was planned) does not hide the other (what was done).

    parts      {name: the text of an indicator() call} -#}
{% macro union_measures(parts) -%}
{%- set columns = (
    ['measure'] + cell_keys() + ['obs_value', 'obs_status', 'reports_received_count', 'reports_expected_count']
    + (['fact_keys'] if model.resource_type == 'unit_test' else [])
) -%}
with

{% for name, part in parts.items() -%}
{{ name }} as (
{{ part }}
){{ ',' if not loop.last }}

{% endfor -%}
{% for name in parts -%}
select
    {{ columns | join(',\n    ') }}
from {{ name }}
{{ 'union all' if not loop.last }}
{% endfor -%}
{%- endmacro %}
