{{ indicator(
    facts=ref('fct_victim_course'),
    year='contact_year',
    measures={'NUMERATOR': 'is_met_again'},
    answered_when='is_met_again is not null'
) }}
