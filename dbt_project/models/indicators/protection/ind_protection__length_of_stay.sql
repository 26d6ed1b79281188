{{ indicator(
    facts=ref('fct_shelter_seeker'),
    year='request_year',
    measures={'COUNT': 'has_left'},
    dimensions=['cust_breakdown'],
    holders=['iraq_labour_ministry'],
    level='region',
    breakdown='duration',
    columns={'cust_breakdown': 'stay_band_code'},
    recorded='has_left'
) }}
