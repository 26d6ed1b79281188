{{ indicator(
    facts=ref('fct_victim_course'),
    year='contact_year',
    measures={'NUMERATOR': 'is_met_again'},
    dimensions=['sex', 'age'],
    holders=['iraq_interior_ministry', 'iraq_judicial_council'],
    level='region',
    recorded='is_met_again is not null'
) }}
