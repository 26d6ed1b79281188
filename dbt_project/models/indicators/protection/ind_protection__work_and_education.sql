{{ indicator(
    facts=ref('fct_victim_assistance'),
    year='identified_year',
    measures={'NUMERATOR': 'has_work_or_education'},
    dimensions=['sex', 'age'],
    holders=['iraq_labour_ministry'],
    level='region',
    recorded='has_work_or_education is not null'
) }}
