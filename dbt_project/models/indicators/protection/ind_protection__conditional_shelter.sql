{{ indicator(
    facts=ref('fct_shelter_seeker'),
    year='request_year',
    measures={
        'NUMERATOR': "is_admitted and admission_condition_code in ('CONDITION_JUDGE_ORDER', 'CONDITION_COMPLAINT', 'CONDITION_BOTH')"
    },
    dimensions=['cust_breakdown'],
    holders=['iraq_labour_ministry'],
    level='region',
    breakdown='admission_condition',
    columns={'cust_breakdown': 'admission_condition_code'},
    recorded='admission_condition_code is not null'
) }}
