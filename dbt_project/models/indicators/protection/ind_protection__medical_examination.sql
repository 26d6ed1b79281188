{{ indicator(
    facts=ref('fct_victim_assistance'),
    year='identified_year',
    measures={'NUMERATOR': 'has_medical_exam'},
    dimensions=['sex', 'age'],
    holders=['iraq_labour_ministry'],
    level='region',
    recorded='has_medical_exam is not null'
) }}
