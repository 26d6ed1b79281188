{{ indicator(
    facts=ref('fct_shelter_seeker'),
    year='request_year',
    measures={'DENOMINATOR': 'has_left', 'NUMERATOR': "has_left and exit_condition_code = 'COURT_ORDER'"},
    dimensions=[],
    holders=['iraq_labour_ministry'],
    level='region',
    recorded='has_left'
) }}
