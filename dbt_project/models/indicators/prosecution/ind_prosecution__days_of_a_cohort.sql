{{ indicator(
    facts=ref('fct_case'),
    year='reported_year',
    measures={'COUNT': 'is_followed_two_years and time_to_verdict_code is not null'},
    columns={'cust_breakdown': 'time_to_verdict_code'},
    answered_when='is_followed_two_years'
) }}
