{{ indicator(
    facts=ref('fct_case'),
    year='reported_year',
    measures={'DENOMINATOR': 'is_victim_heard', 'NUMERATOR': 'is_victim_heard and is_victim_protected'},
    answered_when='is_victim_heard is not null'
) }}
