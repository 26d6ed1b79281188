{{ indicator(
    facts=ref('fct_residence_measure'),
    year='measure_year',
    measures={
        'NUMERATOR': "is_penalty and reason_code <> 'ARMED_GROUP' and is_screened and is_found_victim"
    },
    answered_when="is_penalty and reason_code <> 'ARMED_GROUP' and is_screened and is_found_victim is not null"
) }}
