{{ indicator(
    facts=ref('fct_shelter_seeker'),
    year='request_year',
    measures={'NUMERATOR': 'is_refused'},
    dimensions=['cust_breakdown'],
    holders=['iraq_labour_ministry'],
    level='region',
    breakdown='refusal_reason',
    columns={'cust_breakdown': 'refusal_reason_code'}
) }}
