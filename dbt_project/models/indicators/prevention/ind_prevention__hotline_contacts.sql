{{ indicator(
    facts=ref('fct_activity'),
    year='activity_year',
    measures={
        'DENOMINATOR': "activity_type_code = 'HOTLINE' and is_held and contact_count is not null",
        'NUMERATOR': "activity_type_code = 'HOTLINE' and is_held and contact_count is not null and referral_count is not null"
    },
    amounts={'DENOMINATOR': 'contact_count', 'NUMERATOR': 'referral_count'},
    answered_when='is_held and contact_count is not null'
) }}
