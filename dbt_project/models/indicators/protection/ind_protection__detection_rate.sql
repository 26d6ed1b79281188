{{ indicator(
    facts=ref('fct_victim_event'),
    year='contact_year',
    measures={'COUNT': 'contact_year is not null'},
    dimensions=['sex', 'age'],
    holders=['iraq_interior_ministry', 'iraq_judicial_council', 'kurdistan_interior_ministry'],
    level='region'
) }}
