{{ indicator(
    facts=ref('fct_accused_proceeding'),
    year='contact_year',
    measures={'COUNT': 'is_official'},
    dimensions=['cust_breakdown'],
    holders=['iraq_interior_ministry', 'iraq_judicial_council'],
    level='region',
    breakdown='official_stage',
    columns={'cust_breakdown': 'official_stage_code'},
    recorded='is_official is not null'
) }}
