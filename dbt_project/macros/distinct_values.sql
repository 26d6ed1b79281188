{#- Distinct values of a group as bits of whole numbers: `count(distinct …)` and lists inside a group of each person or case
    take most of the time of a large build, and more memory than there is at a hundred million records. -#}

{#- The most sources that one warehouse can tell apart; a word of bits holds sixty of them. -#}
{% macro _source_words() -%}
{{ return(4) }}
{%- endmacro %}

{#- The sources of `records`, each with the one bit that stands for it and the word of bits in which it lies. -#}
{% macro numbered_sources(records) -%}
    {%- set most = _source_words() * 60 -%}
    select
        source,
        case
            when place < {{ most }} then cast(floor(place / 60.0) as integer)
            else {{ stop_with('more than ' ~ most ~ ' sources: raise _source_words in macros/distinct_values.sql') }}
        end as source_word,
        {{ bit_at('place % 60') }} as source_bit
    from (
        select
            source,
            row_number() over (order by source) - 1 as place
        from (select distinct source from {{ records }}) as named
    ) as numbered
{%- endmacro %}

{#- How many sources a group has, by the columns of `numbered_sources`. -#}
{% macro count_sources() -%}
    cast(
        {%- for word in range(_source_words()) %}
        {{ '+ ' if not loop.first }}coalesce(bit_count(bit_or(source_bit) filter (where source_word = {{ word }})), 0)
        {%- endfor %}
        as integer
    )
{%- endmacro %}

{#- Three steps, for the codes of the `;` lists of a group together. First: every code that `records` knows, with its bit. -#}
{% macro numbered_codes(records, codes) -%}
    select
        code,
        {{ bit_at('row_number() over (order by code) - 1') }} as code_bit
    from (
        select distinct {{ each_code(codes) }} as code
        from (select distinct {{ codes }} from {{ records }} where {{ known(codes) }}) as lists
    ) as named
{%- endmacro %}

{#- Second: the bits of each list, of which there are few; a group takes `bit_or` of them. -#}
{% macro bits_of_lists(records, codes, numbered) -%}
    select
        lists.{{ codes }},
        bit_or(numbered.code_bit) as code_bits
    from (select distinct {{ codes }} from {{ records }} where {{ known(codes) }}) as lists
    inner join {{ numbered }} as numbered
        on {{ has_code('lists.' ~ codes, 'numbered.code') }}
    group by lists.{{ codes }}
{%- endmacro %}

{#- Third: the sorted list that each number of bits stands for. -#}
{% macro lists_of_bits(groups, bits, numbered) -%}
    select
        found.{{ bits }},
        {{ joined_codes('numbered.code') }} as codes
    from (select distinct {{ bits }} from {{ groups }} where {{ bits }} is not null) as found
    inner join {{ numbered }} as numbered
        on (found.{{ bits }} & numbered.code_bit) <> 0
    group by found.{{ bits }}
{%- endmacro %}
