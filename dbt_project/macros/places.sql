{#- Before the first table: where the rows come from and where the warehouse goes. `marsad build` builds beside a home's
    warehouse and puts it in place itself; by hand nobody writes that file, and the rows of a home stay in the home. -#}
{% macro refuse_a_home() -%}
    {{ return(adapter.dispatch('refuse_a_home')()) }}
{%- endmacro %}

{% macro default__refuse_a_home() -%}
    {%- set file, raw = target.path, env_var('MARSAD_RAW', '../build/dbt/raw') -%}
    {%- set folder, home = file.rpartition('/')[0] or '.', raw.rpartition('/')[0] or '.' -%}
    {%- set is_inside = file.startswith(home ~ '/build/') -%}
    select
        case
            when exists (select file from glob('{{ folder | replace("'", "''") }}/home.json'))
                then {{ stop_with('MARSAD_BUILD names the warehouse of a home: run marsad build, or unset MARSAD_BUILD') }}
            {%- if not is_inside %}
            when exists (select file from glob('{{ home | replace("'", "''") }}/home.json'))
                then {{ stop_with('MARSAD_RAW names the rows of a home, which stay in it: run marsad build, or unset MARSAD_RAW') }}
            {%- endif %}
        end as refusal
{%- endmacro %}

{#- A session of Spark writes into a folder of its own run. -#}
{% macro spark__refuse_a_home() -%}
{%- endmacro %}
