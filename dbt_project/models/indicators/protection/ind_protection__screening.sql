{{ indicator(
    facts=ref('fct_residence_measure'),
    year='measure_year',
    measures={
        'DENOMINATOR': "is_penalty and reason_code <> 'ARMED_GROUP'",
        'NUMERATOR': "is_penalty and reason_code <> 'ARMED_GROUP' and is_screened"
    },
    answered_when="is_penalty and reason_code <> 'ARMED_GROUP' and is_screened is not null"
) }}
