{{ indicator(
    facts=ref('fct_activity'),
    year='activity_year',
    measures={
        'DENOMINATOR': 'is_planned',
        'NUMERATOR': 'is_planned and is_held'
    },
    dimensions=['cust_breakdown'],
    holders=['task_force_activities'],
    level='region',
    breakdown='activity_kind',
    columns={'cust_breakdown': 'kind_code'},
    recorded='is_planned is not null'
) }}
