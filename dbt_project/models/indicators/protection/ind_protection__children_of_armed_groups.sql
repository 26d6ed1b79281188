{{ indicator(
    facts=ref('fct_residence_measure'),
    year='measure_year',
    measures={
        'DENOMINATOR': "age_group_code = 'Y0T17' and action_code = 'DETENTION' and reason_code = 'ARMED_GROUP'",
        'NUMERATOR': "age_group_code = 'Y0T17' and action_code = 'DETENTION' and reason_code = 'ARMED_GROUP' and is_referred_to_protection"
    },
    answered_when="age_group_code = 'Y0T17' and action_code = 'DETENTION' and reason_code = 'ARMED_GROUP' and is_referred_to_protection is not null"
) }}
