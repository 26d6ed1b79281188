{{ indicator(
    facts=ref('fct_victim_event'),
    year='contact_year',
    measures={'NUMERATOR': 'contact_year is not null and sources_count >= 2'},
    dimensions=[],
    holders=['iraq_interior_ministry', 'iraq_judicial_council', 'kurdistan_interior_ministry'],
    level='region',
    recorded='person_token is not null'
) }}
