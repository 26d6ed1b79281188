{{ indicator(
    facts=ref('fct_shelter_seeker'),
    year='request_year',
    measures={'NUMERATOR': 'is_refused'},
    columns={'cust_breakdown': 'refusal_reason_code'}
) }}
