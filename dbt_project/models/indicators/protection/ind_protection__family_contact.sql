{{ indicator(
    facts=ref('fct_victim_assistance'),
    year='identified_year',
    measures={'NUMERATOR': 'has_family_contact'},
    dimensions=['sex', 'age'],
    holders=['iraq_labour_ministry'],
    level='region',
    recorded='has_family_contact is not null'
) }}
