{{ indicator(
    facts=ref('fct_accused_proceeding'),
    year='verdict_year',
    measures={'NUMERATOR': 'circumstance_code is not null'},
    columns={'cust_breakdown': 'circumstance_code'}
) }}
