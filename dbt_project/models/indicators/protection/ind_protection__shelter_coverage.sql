{{ indicator(
    facts=ref('fct_shelter_seeker'),
    year='request_year',
    measures={'DENOMINATOR': 'true', 'NUMERATOR': 'is_admitted'}
) }}
