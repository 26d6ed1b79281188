{#- A measure that is part of another. `subset`: in no cell more than the whole; a whole may be known where the part is not, since
    it may have more holders. `partition`: its categories together are exactly the whole of each area and year. -#}
{% test part_of(model, measure, whole, whole_measure, kind='subset') %}
{%- set partition = kind == 'partition' -%}
{%- set keys = ['ref_area', 'time_period'] if partition else cell_keys() -%}
with

parts as (
    select
        {{ keys | join(',\n        ') }},
        sum(obs_value) as part_value
    from {{ model }}
    where measure = '{{ measure }}'
    group by {{ keys | join(', ') }}
),

wholes as (
    select
        {{ keys | join(',\n        ') }},
        sum(obs_value) as whole_value
    from {{ whole }}
    where measure = '{{ whole_measure }}'
    group by {{ keys | join(', ') }}
)

select
    parts.ref_area,
    parts.time_period,
    parts.part_value,
    wholes.whole_value
from parts
full outer join wholes
    on
        {%- for key in keys %}
        {{ 'and ' if not loop.first }}parts.{{ key }} = wholes.{{ key }}
        {%- endfor %}
where
    parts.ref_area is null
    or wholes.ref_area is null
    or (parts.part_value is not null and wholes.whole_value is null)
    {%- if partition %}
    or (parts.part_value is null and wholes.whole_value is not null)
    {%- endif %}
    or parts.part_value {{ '<>' if partition else '>' }} wholes.whole_value
{% endtest %}
