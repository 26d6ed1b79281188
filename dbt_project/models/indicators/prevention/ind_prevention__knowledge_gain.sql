{{ indicator(
    facts=ref('fct_activity'),
    year='activity_year',
    measures={'COUNT': "activity_type_code = 'TRAINING' and is_held and gain_code is not null"},
    dimensions=['cust_breakdown'],
    holders=['task_force_activities'],
    level='region',
    breakdown='gain',
    columns={'cust_breakdown': 'gain_code'},
    recorded='gain_code is not null'
) }}
