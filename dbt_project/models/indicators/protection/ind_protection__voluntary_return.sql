{{ indicator(
    facts=ref('fct_victim_course'),
    year='return_asked_year',
    measures={
        'DENOMINATOR': 'is_foreign and return_asked_year is not null',
        'NUMERATOR': 'is_foreign and return_asked_year is not null and is_returned'
    },
    answered_when='is_foreign and return_asked_year is not null'
) }}
