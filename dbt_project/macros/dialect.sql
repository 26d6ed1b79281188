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

{#- One row for each code of a `;` list. -#}
{% macro each_code(codes) -%}
    unnest(string_split({{ codes }}, ';'))
{%- endmacro %}

{#- The number whose only one of 63 bits is the `place`-th, counted from 0. -#}
{% macro bit_at(place) -%}
    (cast(1 as bigint) << cast({{ place }} as integer))
{%- endmacro %}

{#- Stops the run with a message. -#}
{% macro stop_with(message) -%}
    error('{{ message }}')
{%- endmacro %}

{#- Distinct keys as one text, sorted; null where there is no key. For unit tests, which show so what a cell counts: in a
    model it takes most of the time and memory of a large build. -#}
{% macro joined_text(key) -%}
    array_to_string(list_sort(list_distinct(list({{ key }}) filter (where {{ key }} is not null))), ' ')
{%- endmacro %}

{#- The codes of a group as a sorted `;` list. -#}
{% macro joined_codes(code) -%}
    string_agg({{ code }}, ';' order by {{ code }})
{%- endmacro %}

{#- Whole days from one date to another; negative where the second is the earlier. -#}
{% macro days_between(first, last) -%}
    date_diff('day', {{ first }}, {{ last }})
{%- endmacro %}
