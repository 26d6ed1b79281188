{{ indicator(
    facts=ref('fct_accused_proceeding'),
    year='verdict_year',
    measures={'COUNT': 'is_convicted_law28 and is_legal_person'},
    columns={'cust_breakdown': "'ENTITY_' || coalesce(entity_measure_code, 'U')"},
    answered_when='is_convicted_law28 and is_legal_person is not null'
) }}
