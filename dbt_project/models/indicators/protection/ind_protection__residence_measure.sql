{{ indicator(
    facts=ref('fct_victim_assistance'),
    year='identified_year',
    measures={'NUMERATOR': 'is_foreign and has_residence_measure'},
    answered_when='is_foreign and has_residence_measure is not null'
) }}
