{{ indicator(
    facts=ref('fct_victim_assistance'),
    year='identified_year',
    measures={'NUMERATOR': 'has_grant'},
    dimensions=['sex', 'age'],
    holders=['iraq_labour_ministry'],
    level='region',
    recorded='has_grant is not null'
) }}
