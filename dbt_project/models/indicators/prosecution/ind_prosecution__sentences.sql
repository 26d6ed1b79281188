{{ indicator(
    facts=ref('fct_accused_proceeding'),
    year='verdict_year',
    measures={'NUMERATOR': 'is_convicted_law28'},
    dimensions=['cust_breakdown'],
    holders=['iraq_judicial_council'],
    level='region',
    breakdown='sentence',
    columns={'cust_breakdown': 'sentence_code'}
) }}
