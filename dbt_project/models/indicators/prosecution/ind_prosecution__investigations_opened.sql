{{ indicator(
    facts=ref('fct_case'),
    year='reported_year',
    measures={'COUNT': 'is_under_law28'},
    dimensions=['form'],
    holders=['iraq_interior_ministry'],
    level='region',
    recorded='law_codes is not null'
) }}
