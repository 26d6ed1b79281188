{#- A cell stands once: measure, area, year and all dimensions are the key of every indicator. -#}
{{ config(store_failures=true, store_failures_as='view', meta={'description': 'Each cell of an indicator stands once.'}) }}
{%- set keys = ['measure'] + cell_keys() -%}
{%- for indicator in built_indicators() %}
select
    '{{ indicator.name }}' as failed_in,
    {{ keys | join(',\n    ') }}
from {{ indicator.relation }}
group by {{ keys | join(', ') }}
having count(*) > 1
{{ 'union all' if not loop.last }}
{%- endfor %}
