{{ indicator(
    facts=ref('fct_activity'),
    year='activity_year',
    measures={
        'DENOMINATOR': 'is_planned',
        'NUMERATOR': 'is_planned and is_held'
    },
    columns={'cust_breakdown': 'kind_code'},
    answered_when='is_planned is not null'
) }}
