{{ indicator(
    facts=ref('fct_victim_event'),
    year='contact_year',
    measures={'NUMERATOR': 'contact_year is not null'},
    dimensions=['cust_breakdown'],
    holders=['iraq_interior_ministry', 'iraq_judicial_council', 'kurdistan_interior_ministry'],
    level='region',
    breakdown='core_gap',
    columns={'cust_breakdown': 'core_gap_code'}
) }}
