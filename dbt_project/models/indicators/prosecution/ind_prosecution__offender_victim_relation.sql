{{ indicator(
    facts=ref('fct_accused_proceeding'),
    year='verdict_year',
    measures={'NUMERATOR': 'is_convicted_law28 and victim_relation_code is not null'},
    columns={'cust_breakdown': "'RELATION_' || victim_relation_code"},
    answered_when='is_convicted_law28 and victim_relation_code is not null'
) }}
