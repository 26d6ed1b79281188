{{ indicator(
    facts=ref('fct_victim_assistance'),
    year='identified_year',
    measures={'NUMERATOR': 'has_medical_exam'},
    answered_when='has_medical_exam is not null'
) }}
