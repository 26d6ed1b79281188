{{ indicator(
    facts=ref('fct_activity'),
    year='activity_year',
    measures={'COUNT': 'cooperation_code is not null and is_held'},
    dimensions=['cust_breakdown'],
    holders=['task_force_activities'],
    level='region',
    breakdown='cooperation',
    columns={'cust_breakdown': 'cooperation_code'},
    recorded='cooperation_code is not null'
) }}
