{#- Every code of these columns is a category of its dimension; null is allowed only where the contract allows it. One test
    a model, because a node of dbt costs ten times what its SQL does; each row names the column in `failed_in`.

    columns    {column: dimension} -#}
{% test in_categories(model, columns) %}
{{ config(
    store_failures=true,
    store_failures_as='view',
    meta={'description': 'Every code is a category of the dimension of its column.'}
) }}
{%- for column, dimension in columns.items() %}
select
    '{{ column }}' as failed_in,
    cast(records.{{ column }} as string) as code
from {{ model }} as records
left join {{ ref('dim_category') }} as categories
    on
        records.{{ column }} = categories.code
        and categories.dimension = '{{ dimension }}'
where
    records.{{ column }} is not null
    and categories.code is null
{{ 'union all' if not loop.last }}
{%- endfor %}
{% endtest %}
