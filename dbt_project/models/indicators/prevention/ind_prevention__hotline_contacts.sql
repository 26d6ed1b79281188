{{ indicator(
    facts=ref('fct_activity'),
    year='activity_year',
    measures={
        'DENOMINATOR': "activity_type_code = 'HOTLINE' and is_held and contact_count is not null",
        'NUMERATOR': "activity_type_code = 'HOTLINE' and is_held and contact_count is not null and referral_count is not null"
    },
    dimensions=[],
    holders=['task_force_activities'],
    level='region',
    amounts={'DENOMINATOR': 'contact_count', 'NUMERATOR': 'referral_count'},
    recorded='contact_count is not null'
) }}
