{{ indicator(
    facts=ref('fct_victim_event'),
    year='contact_year',
    measures={'NUMERATOR': "age_group_code = 'Y0T17' and driver_code is not null and contact_year is not null"},
    dimensions=[],
    holders=['iraq_interior_ministry', 'iraq_judicial_council', 'kurdistan_interior_ministry'],
    level='region',
    recorded="age_group_code = 'Y0T17' and driver_code is not null"
) }}
