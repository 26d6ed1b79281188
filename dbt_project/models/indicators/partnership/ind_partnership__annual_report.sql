{{ indicator(
    facts=ref('fct_activity'),
    year='activity_year',
    measures={'COUNT': "activity_type_code = 'ANNUAL_REPORT' and is_held"},
    dimensions=['cust_breakdown'],
    holders=['task_force_activities'],
    level='region',
    breakdown='punctuality',
    columns={'cust_breakdown': 'punctuality_code'},
    recorded="activity_type_code = 'ANNUAL_REPORT'"
) }}
