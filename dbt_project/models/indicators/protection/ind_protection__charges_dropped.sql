{{ indicator(
    facts=ref('fct_victim_course'),
    year='contact_year',
    measures={'NUMERATOR': 'is_charged and has_charge_dropped'},
    answered_when='is_charged and has_charge_dropped is not null'
) }}
