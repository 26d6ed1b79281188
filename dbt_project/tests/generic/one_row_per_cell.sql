{#- A cell stands once: measure, area, year and all dimensions are the key of every indicator. -#}
{% test one_row_per_cell(model) %}
{{ test_one_row_per(model, ['measure'] + cell_keys()) }}
{% endtest %}
