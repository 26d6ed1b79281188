{{ indicator(
    facts=ref('fct_victim_event'),
    year='contact_year',
    measures={'NUMERATOR': 'is_charged'},
    dimensions=['sex', 'age', 'form'],
    holders=['iraq_interior_ministry', 'iraq_judicial_council']
) }}
