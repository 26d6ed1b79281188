{{ indicator(
    facts=ref('fct_shelter_seeker'),
    year='request_year',
    measures={'DENOMINATOR': 'true', 'NUMERATOR': 'is_admitted'},
    dimensions=['sex', 'age'],
    holders=['iraq_labour_ministry']
) }}
