{#- No two rows share these columns (null equals null). -#}
{% test one_row_per(model, columns) %}
{{ config(meta={'description': 'No two rows share the key of the table.'}) }}
select
    {{ columns | join(',\n    ') }},
    count(*) as row_count
from {{ model }}
group by {{ columns | join(', ') }}
having count(*) > 1
{% endtest %}
