{{ indicator(
    facts=ref('fct_case'),
    year='verdict_year',
    measures={'NUMERATOR': 'is_tried and substituted_law_code is not null'},
    dimensions=['cust_breakdown'],
    holders=['iraq_judicial_council'],
    level='region',
    breakdown='trial_law',
    columns={'cust_breakdown': 'substituted_law_code'}
) }}
