{{ indicator(
    facts=ref('fct_residence_measure'),
    year='measure_year',
    measures={
        'DENOMINATOR': "action_code = 'REFORMATORY' and reason_code = 'PROSTITUTION' and sex_code = 'F'",
        'NUMERATOR': "action_code = 'REFORMATORY' and reason_code = 'PROSTITUTION' and sex_code = 'F' and is_screened"
    },
    answered_when="action_code = 'REFORMATORY' and reason_code = 'PROSTITUTION' and sex_code = 'F' and is_screened is not null"
) }}
