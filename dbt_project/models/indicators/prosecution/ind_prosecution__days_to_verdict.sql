{{ indicator(
    facts=ref('fct_case'),
    year='verdict_year',
    measures={'COUNT': 'is_tried'},
    columns={'cust_breakdown': 'duration_code'}
) }}
