{{ indicator(
    facts=ref('fct_victim_assistance'),
    year='identified_year',
    measures={'DENOMINATOR': 'is_foreign', 'NUMERATOR': 'is_foreign and has_interpretation'},
    answered_when='is_foreign and has_interpretation is not null'
) }}
