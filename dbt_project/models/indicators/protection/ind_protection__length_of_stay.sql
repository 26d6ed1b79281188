{{ indicator(
    facts=ref('fct_shelter_seeker'),
    year='request_year',
    measures={'COUNT': 'has_left'},
    columns={'cust_breakdown': 'stay_band_code'},
    answered_when='has_left'
) }}
