{#- Every code of the column is a category of the dimension; null is allowed only where the contract allows it. -#}
{% test in_category(model, column_name, dimension) %}
select records.{{ column_name }}
from {{ model }} as records
left join {{ ref('dim_category') }} as categories
    on
        records.{{ column_name }} = categories.code
        and categories.dimension = '{{ dimension }}'
where
    records.{{ column_name }} is not null
    and categories.code is null
{% endtest %}
