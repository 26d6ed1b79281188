{{ union_measures({
    'left_the_shelter': indicator(
        facts=ref('fct_shelter_seeker'),
        year='request_year',
        measures={'DENOMINATOR': 'has_left'},
        answered_when='has_left'
    ),
    'by_order': indicator(
        facts=ref('fct_shelter_seeker'),
        year='request_year',
        measures={'NUMERATOR': "has_left and exit_condition_code = 'COURT_ORDER'"},
        answered_when='has_left and exit_condition_code is not null'
    )
}) }}
