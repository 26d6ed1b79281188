{{ indicator(
    facts=ref('fct_case'),
    year='reported_year',
    measures={'NUMERATOR': 'is_online'},
    answered_when='recruitment_code is not null'
) }}
