{{ indicator(
    facts=ref('fct_case'),
    year='verdict_year',
    measures={'NUMERATOR': 'is_tried and substituted_law_code is not null'},
    columns={'cust_breakdown': 'substituted_law_code'}
) }}
