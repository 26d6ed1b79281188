{{ indicator(
    facts=ref('fct_accused_proceeding'),
    year='verdict_year',
    measures={'NUMERATOR': 'circumstance_code is not null'},
    dimensions=['cust_breakdown'],
    holders=['iraq_judicial_council'],
    level='region',
    breakdown='circumstance',
    columns={'cust_breakdown': 'circumstance_code'}
) }}
