{{ indicator(
    facts=ref('fct_activity'),
    year='activity_year',
    measures={'COUNT': "activity_type_code = 'INSPECTION' and is_held"},
    dimensions=['cust_breakdown'],
    holders=['task_force_activities'],
    level='region',
    breakdown='inspection_outcome',
    columns={'cust_breakdown': 'inspection_outcome_code'}
) }}
