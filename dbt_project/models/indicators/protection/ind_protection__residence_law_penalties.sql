{{ indicator(
    facts=ref('fct_victim_penalty'),
    year='contact_year',
    measures={
        'DENOMINATOR': 'contact_year is not null and is_foreign',
        'NUMERATOR': 'contact_year is not null and is_foreign and is_penalised'
    },
    answered_when='contact_year is not null'
) }}
