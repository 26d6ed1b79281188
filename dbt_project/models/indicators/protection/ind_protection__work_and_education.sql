{{ indicator(
    facts=ref('fct_victim_assistance'),
    year='identified_year',
    measures={'NUMERATOR': 'has_work_or_education'},
    answered_when='has_work_or_education is not null'
) }}
