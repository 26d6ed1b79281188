{{ indicator(
    facts=ref('fct_activity'),
    year='activity_year',
    measures={'COUNT': "activity_type_code = 'ANNUAL_REPORT' and is_held"},
    columns={'cust_breakdown': 'punctuality_code'},
    answered_when="activity_type_code = 'ANNUAL_REPORT'"
) }}
