{{ indicator(
    facts=ref('fct_accused_proceeding'),
    year='verdict_year',
    measures={'NUMERATOR': 'is_convicted_law28 and victim_relation_code is not null'},
    dimensions=['cust_breakdown'],
    holders=['iraq_judicial_council'],
    level='region',
    breakdown='victim_relation',
    columns={'cust_breakdown': "'RELATION_' || victim_relation_code"},
    recorded='is_convicted_law28 and victim_relation_code is not null'
) }}
