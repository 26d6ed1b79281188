{#- The few idioms that engines write differently, each in one place: what DuckDB writes, and what Spark writes instead.
    Everything else in the models is plain SQL that means the same in both. Decision 60. -#}

{#- Landed rows, read where they lie: of a shape one folder a submission, of what is kept about them one file. -#}
{% macro landed(table, is_one_file=false) -%}
    {{ return(adapter.dispatch('landed')(table, is_one_file)) }}
{%- endmacro %}

{% macro default__landed(table, is_one_file) -%}
    {{ return(source('raw', table)) }}
{%- endmacro %}

{% macro spark__landed(table, is_one_file) -%}
    {#- Asked for the source, so that dbt knows of what is read. -#}
    {%- set name = source('raw', table).identifier ~ ('.parquet' if is_one_file else '') -%}
    {{ return('parquet.`' ~ env_var('MARSAD_RAW') ~ '/' ~ name ~ '`') }}
{%- endmacro %}

{#- A type of a contract by the name that both engines know. -#}
{% macro type_named(name) -%}
    {{ return('string' if name == 'varchar' else name) }}
{%- endmacro %}

{#- The value of the first row by `order`, which has no null; a value of null is passed over. -#}
{% macro _first_value(value, order, condition) -%}
    {{ return(adapter.dispatch('_first_value')(value, order, condition)) }}
{%- endmacro %}

{% macro default___first_value(value, order, condition) -%}
    arg_min({{ value }}, {{ order }}) filter (where {{ condition }})
{%- endmacro %}

{% macro spark___first_value(value, order, condition) -%}
    min_by({{ value }}, {{ order }}) filter (where {{ condition }} and {{ value }} is not null)
{%- endmacro %}

{#- The same, where a value of null is an answer. -#}
{% macro _first_answer(value, order, condition) -%}
    {{ return(adapter.dispatch('_first_answer')(value, order, condition)) }}
{%- endmacro %}

{% macro default___first_answer(value, order, condition) -%}
    arg_min_null({{ value }}, {{ order }}) filter (where {{ condition }})
{%- endmacro %}

{% macro spark___first_answer(value, order, condition) -%}
    min_by({{ value }}, {{ order }}) filter (where {{ condition }})
{%- endmacro %}

{#- Several columns as one value to order by, the first one first. -#}
{% macro in_turn(columns) -%}
    {{ return(adapter.dispatch('in_turn')(columns)) }}
{%- endmacro %}

{% macro default__in_turn(columns) -%}
    row({{ columns | join(', ') }})
{%- endmacro %}

{% macro spark__in_turn(columns) -%}
    struct({{ columns | join(', ') }})
{%- endmacro %}

{#- The value that the record of highest precedence knows; a code of unknown is not knowledge. -#}
{% macro first_known(code) -%}
    {{ _first_value(code, 'record_order', known(code)) }}
{%- endmacro %}

{#- The same for numbers, where only null is unknown. -#}
{% macro first_present(number) -%}
    {{ _first_value(number, 'record_order', number ~ ' is not null') }}
{%- endmacro %}

{#- The value on the record of the earliest date; on equal dates the record of highest precedence decides. -#}
{% macro at_earliest(date, value) -%}
    {{ _first_value(value, in_turn([date, 'record_order']), date ~ ' is not null') }}
{%- endmacro %}

{#- The same, where what all records of the earliest date leave blank stays blank: no later one answers for it. -#}
{% macro of_earliest(date, value) -%}
    {{ _first_answer(value, in_turn([date, value ~ ' is null', 'record_order']), date ~ ' is not null') }}
{%- endmacro %}

{#- One row for each code of a `;` list. -#}
{% macro each_code(codes) -%}
    {{ return(adapter.dispatch('each_code')(codes)) }}
{%- endmacro %}

{% macro default__each_code(codes) -%}
    unnest(string_split({{ codes }}, ';'))
{%- endmacro %}

{% macro spark__each_code(codes) -%}
    explode(split({{ codes }}, ';'))
{%- endmacro %}

{#- The number whose only one of 63 bits is the `place`-th, counted from 0. -#}
{% macro bit_at(place) -%}
    (cast(1 as bigint) << cast({{ place }} as integer))
{%- endmacro %}

{#- Stops the run with a message. -#}
{% macro stop_with(message) -%}
    {{ return(adapter.dispatch('stop_with')(message)) }}
{%- endmacro %}

{% macro default__stop_with(message) -%}
    error('{{ message }}')
{%- endmacro %}

{% macro spark__stop_with(message) -%}
    raise_error('{{ message }}')
{%- endmacro %}

{#- Distinct keys as one text, sorted; null where there is no key. For unit tests, which show so what a cell counts, and
    run on DuckDB: in a model it takes most of the time and memory of a large build. -#}
{% macro joined_text(key) -%}
    array_to_string(list_sort(list_distinct(list({{ key }}) filter (where {{ key }} is not null))), ' ')
{%- endmacro %}

{#- The codes of a group as a sorted `;` list. -#}
{% macro joined_codes(code) -%}
    {{ return(adapter.dispatch('joined_codes')(code)) }}
{%- endmacro %}

{% macro default__joined_codes(code) -%}
    string_agg({{ code }}, ';' order by {{ code }})
{%- endmacro %}

{% macro spark__joined_codes(code) -%}
    array_join(sort_array(collect_list({{ code }})), ';')
{%- endmacro %}

{#- Whole days from one date to another; negative where the second is the earlier. -#}
{% macro days_between(first, last) -%}
    {{ return(adapter.dispatch('days_between')(first, last)) }}
{%- endmacro %}

{% macro default__days_between(first, last) -%}
    date_diff('day', {{ first }}, {{ last }})
{%- endmacro %}

{% macro spark__days_between(first, last) -%}
    datediff({{ last }}, {{ first }})
{%- endmacro %}

{#- A whole number that stands for the values of several columns, none of them null. -#}
{% macro hash_of(columns, of='') -%}
    {{ return(adapter.dispatch('hash_of')(columns, of)) }}
{%- endmacro %}

{% macro default__hash_of(columns, of) -%}
    hash({{ of }}{{ columns | join(', ' ~ of) }})
{%- endmacro %}

{% macro spark__hash_of(columns, of) -%}
    xxhash64({{ of }}{{ columns | join(', ' ~ of) }})
{%- endmacro %}
