{{ indicator(
    facts=ref('fct_accused_proceeding'),
    year='contact_year',
    measures={'NUMERATOR': 'is_followed_three_years and conviction_delay_code is not null'},
    columns={'cust_breakdown': 'conviction_delay_code'},
    answered_when='is_followed_three_years'
) }}
