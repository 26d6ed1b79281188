{#- The few idioms that engines write differently, each in one place. Everything else in the models is plain SQL. -#}

{#- The value that the record of highest precedence knows; a code of unknown is not knowledge. -#}
{% macro first_known(code) -%}
    arg_min({{ code }}, record_order) filter (where {{ known(code) }})
{%- endmacro %}

{#- The same for numbers, where only null is unknown. -#}
{% macro first_present(number) -%}
    arg_min({{ number }}, record_order) filter (where {{ number }} is not null)
{%- endmacro %}

{#- The value on the record of the earliest date; on equal dates the record of highest precedence decides. -#}
{% macro at_earliest(date, value) -%}
    arg_min({{ value }}, row({{ date }}, record_order)) filter (where {{ date }} is not null)
{%- endmacro %}

{#- The same, where what all records of the earliest date leave blank stays blank: no later one answers for it. -#}
{% macro of_earliest(date, value) -%}
    arg_min_null({{ value }}, row({{ date }}, {{ value }} is null, record_order)) filter (where {{ date }} is not null)
{%- endmacro %}

{#- The codes of the `;` lists of all records, as one sorted list; null where none knows any. -#}
{% macro all_codes(codes) -%}
    array_to_string(
        list_sort(list_distinct(flatten(list(string_split({{ codes }}, ';')) filter (where {{ known(codes) }})))), ';'
    )
{%- endmacro %}

{#- Distinct keys as one text, sorted, so that the same facts give the same bytes; null where there is no key. By a list,
    because `string_agg(distinct … order by …)` takes up to twice the time. -#}
{% macro joined_text(key) -%}
    array_to_string(list_sort(list_distinct(list({{ key }}) filter (where {{ key }} is not null))), ' ')
{%- endmacro %}

{#- Whole days from one date to another; negative where the second is the earlier. -#}
{% macro days_between(first, last) -%}
    date_diff('day', {{ first }}, {{ last }})
{%- endmacro %}
