{{ indicator(
    facts=ref('fct_accused_proceeding'),
    year='verdict_year',
    measures={'COUNT': 'is_convicted_law28 and is_legal_person'},
    dimensions=['cust_breakdown'],
    holders=['iraq_judicial_council'],
    level='region',
    breakdown='entity_measure',
    columns={'cust_breakdown': "'ENTITY_' || coalesce(entity_measure_code, 'U')"},
    recorded='is_convicted_law28 and is_legal_person is not null'
) }}
