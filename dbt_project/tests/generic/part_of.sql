{#- A measure that is part of another. `subset`: in no cell more than the whole, wherever somebody told both; `partition`: its
    categories together are exactly the whole of each area and year.

    by         dimensions that both have (default: all; for a partition none)
    at         {dimension: code}, or {area: leaf}: the part of the whole that is meant; of other regions a leaf says nothing
    part       {dimension: code}: the part of the own measure that is meant
    by_region  compare regions: one of the two is kept for regions only
    where_told a partition of what somebody told only: where the part is silent there is no relation

    Years before the first of either are not compared: the card of one names a later `first_year`. -#}
{% test part_of(model, measure, whole, whole_measure, kind='subset', by=none, at={}, part={}, by_region=false, where_told=false) %}
{{ config(meta={'description': 'A part is in no cell more than its whole; a partition adds up to it.'}) }}
{%- set dimensions = by if by is not none else ([] if kind == 'partition' else dimension_columns().keys() | list) -%}
{%- set keys = ['ref_area', 'time_period'] + dimensions -%}
with

regions as (
    select distinct
        area_code,
        region_code
    from {{ ref('dim_governorate') }}
),

parts as (
    select
        {{ 'coalesce(regions.region_code, cells.ref_area)' if by_region else 'cells.ref_area' }} as ref_area,
        cells.time_period,
        {%- for dimension in dimensions %}
        cells.{{ dimension }},
        {%- endfor %}
        sum(cells.obs_value) as part_value
    from {{ model }} as cells
    left join regions on cells.ref_area = regions.area_code
    where
        cells.measure = '{{ measure }}'
        {%- for dimension, code in part.items() %}
        and cells.{{ dimension }} = '{{ code }}'
        {%- endfor %}
    group by all
),

wholes as (
    select
        {{ 'coalesce(regions.region_code, cells.ref_area)' if by_region else 'cells.ref_area' }} as ref_area,
        cells.time_period,
        {%- for dimension in dimensions %}
        cells.{{ dimension }},
        {%- endfor %}
        sum(cells.obs_value) as whole_value
    from {{ whole }} as cells
    left join regions on cells.ref_area = regions.area_code
    where
        cells.measure = '{{ whole_measure }}'
        {%- for dimension, code in at.items() %}
        and cells.{{ 'ref_area' if dimension == 'area' else dimension }} = '{{ code }}'
        {%- endfor %}
    group by all
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
    coalesce(parts.time_period, wholes.time_period) >= (select min(time_period) from {{ model }})
    and coalesce(parts.time_period, wholes.time_period) >= (select min(time_period) from {{ whole }})
    and (
        parts.ref_area is null
        {%- if 'area' not in at %}
        or wholes.ref_area is null
        {%- endif %}
        {%- if kind == 'partition' and not where_told %}
        or (parts.part_value is null) <> (wholes.whole_value is null)
        {%- endif %}
        or parts.part_value {{ '<>' if kind == 'partition' else '>' }} wholes.whole_value
    )
{% endtest %}
