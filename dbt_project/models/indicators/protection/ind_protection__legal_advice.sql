{{ indicator(
    facts=ref('fct_victim_assistance'),
    year='identified_year',
    measures={'NUMERATOR': 'has_legal_advice'},
    dimensions=['sex', 'age'],
    holders=['iraq_labour_ministry'],
    level='region',
    recorded='has_legal_advice is not null'
) }}
