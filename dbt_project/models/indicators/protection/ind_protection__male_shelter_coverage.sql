{{ indicator(
    facts=ref('fct_shelter_seeker'),
    year='request_year',
    measures={'DENOMINATOR': "sex_code = 'M'", 'NUMERATOR': "sex_code = 'M' and is_admitted"}
) }}
