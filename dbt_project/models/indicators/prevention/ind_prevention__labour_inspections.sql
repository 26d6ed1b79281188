{{ indicator(
    facts=ref('fct_activity'),
    year='activity_year',
    measures={'COUNT': "activity_type_code = 'INSPECTION' and is_held"},
    columns={'cust_breakdown': 'inspection_outcome_code'}
) }}
