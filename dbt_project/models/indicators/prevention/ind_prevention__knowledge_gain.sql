{{ indicator(
    facts=ref('fct_activity'),
    year='activity_year',
    measures={'COUNT': "activity_type_code = 'TRAINING' and is_held and gain_code is not null"},
    columns={'cust_breakdown': 'gain_code'},
    answered_when='is_held and gain_code is not null'
) }}
