{{ indicator(
    facts=ref('fct_victim_course'),
    year='contact_year',
    measures={'COUNT': 'contact_year is not null'},
    dimensions=['cust_breakdown'],
    holders=['iraq_interior_ministry', 'iraq_judicial_council'],
    level='region',
    breakdown='detection',
    columns={'cust_breakdown': 'detection_code'},
    recorded='is_self_reported is not null'
) }}
