{{ indicator(
    facts=ref('fct_shelter_seeker'),
    year='request_year',
    measures={
        'NUMERATOR': "is_admitted and admission_condition_code in ('CONDITION_JUDGE_ORDER', 'CONDITION_COMPLAINT', 'CONDITION_BOTH')"
    },
    columns={'cust_breakdown': 'admission_condition_code'},
    answered_when='admission_condition_code is not null'
) }}
