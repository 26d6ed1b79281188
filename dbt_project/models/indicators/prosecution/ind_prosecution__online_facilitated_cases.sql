{{ indicator(
    facts=ref('fct_case'),
    year='reported_year',
    measures={'NUMERATOR': 'is_online'},
    dimensions=[],
    holders=['iraq_interior_ministry'],
    level='region',
    recorded='recruitment_code is not null'
) }}
