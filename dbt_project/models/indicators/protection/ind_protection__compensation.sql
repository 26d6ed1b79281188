{{ indicator(
    facts=ref('fct_victim_course'),
    year='contact_year',
    measures={
        'DENOMINATOR': 'contact_year is not null and is_case_concluded',
        'NUMERATOR': 'contact_year is not null and is_case_concluded and has_compensation_award',
        'COUNT': 'contact_year is not null and is_case_concluded and has_compensation_award and has_compensation_paid'
    },
    answered_when='is_case_concluded and has_compensation_award is not null'
) }}
