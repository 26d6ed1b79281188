{{ indicator(
    facts=ref('fct_activity'),
    year='activity_year',
    measures={'COUNT': 'cooperation_code is not null and is_held'},
    columns={'cust_breakdown': 'cooperation_code'},
    answered_when='cooperation_code is not null'
) }}
