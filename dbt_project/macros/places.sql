{#- Before the first table: where the rows come from and where the warehouse goes. `marsad build` builds in the folder `build`
    of a home and puts the warehouse in place itself; by hand nobody writes that file, and the rows of a home stay in it. -#}
{% macro refuse_a_home() -%}
    {{ return(adapter.dispatch('refuse_a_home')()) }}
{%- endmacro %}

{% macro default__refuse_a_home() -%}
    {%- set file, raw = target.path, env_var('MARSAD_RAW', '../build/dbt/raw').removeprefix('file://') -%}
    select
        case
            {%- for folder in _folders_above(file) if not _is_built_in(folder, file) %}
            {#- of a file, signs of a pattern are signs of its name -#}
            {%- set pattern = folder | replace('[', '[[]') | replace('*', '[*]') | replace('?', '[?]') %}
            when {{ _is_a_home(pattern) }}
                then {{ stop_with('MARSAD_BUILD names a file of a home: run marsad build, or unset MARSAD_BUILD') }}
            {%- endfor %}
            {%- for folder in _folders_above(raw) if not _is_built_in(folder, file) %}
            when {{ _is_a_home(folder) }}
                then {{ stop_with('MARSAD_RAW names the rows of a home, which stay in it: run marsad build, or unset MARSAD_RAW') }}
            {%- endfor %}
            {%- if not env_var('MARSAD_RAW', '') %}
            when not exists (select file from glob('{{ raw | replace("'", "''") }}/**'))
                then {{ stop_with('there are no rows in ' ~ raw ~ ': run make setup in the checkout') }}
            {%- endif %}
        end as refusal
{%- endmacro %}

{#- The folders that a path names before its end, from the outermost: of `a/b/c` there are `.`, `a` and `a/b`. -#}
{% macro _folders_above(path) -%}
    {%- set parts, folders = path.split('/'), [] if path.startswith('/') else ['.'] -%}
    {%- for _ in parts[1:] -%}
        {%- do folders.append(parts[:loop.index] | join('/')) -%}
    {%- endfor -%}
    {{ return(folders) }}
{%- endmacro %}

{% macro _is_built_in(home, file) -%}
    {%- set folder = home ~ '/build/' -%}
    {{ return(file.startswith(folder) and '..' not in file[folder | length:].split('/')) }}
{%- endmacro %}

{% macro _is_a_home(pattern) -%}
    exists (select file from glob('{{ pattern | replace("'", "''") }}/home.json'))
{%- endmacro %}

{#- A session of Spark writes into a folder of its own run. -#}
{% macro spark__refuse_a_home() -%}
{%- endmacro %}

{#- From here on the database opens its own file, the landed rows and the seeds, and nothing else: what senders wrote is no SQL,
    and if it ever were, it could read no other file, write none and load no code. Nothing opens it again. -#}
{% macro shut_files() -%}
    {{ return(adapter.dispatch('shut_files')()) }}
{%- endmacro %}

{% macro default__shut_files() -%}
    set allowed_directories = [
        '{{ env_var('MARSAD_RAW', '../build/dbt/raw') | replace("'", "''") }}',
        '{{ invocation_args_dict.project_dir | replace("'", "''") }}/seeds'
    ];
    set enable_external_access = false;
    set lock_configuration = true
{%- endmacro %}

{% macro spark__shut_files() -%}
{%- endmacro %}
