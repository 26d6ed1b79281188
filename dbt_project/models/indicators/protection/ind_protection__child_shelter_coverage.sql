{{ indicator(
    facts=ref('fct_shelter_seeker'),
    year='request_year',
    measures={'DENOMINATOR': "age_group_code = 'Y0T17'", 'NUMERATOR': "age_group_code = 'Y0T17' and is_admitted"},
    columns={'cust_breakdown': 'child_age_code'}
) }}
