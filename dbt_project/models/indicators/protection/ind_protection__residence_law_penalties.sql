{{ indicator(
    facts=ref('fct_victim_course'),
    year='contact_year',
    measures={
        'DENOMINATOR': 'contact_year is not null and is_foreign',
        'NUMERATOR': 'contact_year is not null and is_foreign and is_penalised'
    },
    dimensions=['sex'],
    holders=['iraq_residence_directorate'],
    level='region',
    recorded='contact_year is not null'
) }}
