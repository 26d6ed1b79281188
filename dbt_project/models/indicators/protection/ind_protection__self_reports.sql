{{ indicator(
    facts=ref('fct_victim_course'),
    year='contact_year',
    measures={'NUMERATOR': 'is_self_reported'},
    answered_when='is_self_reported is not null'
) }}
