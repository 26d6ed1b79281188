{{ indicator(
    facts=ref('fct_victim_course'),
    year='contact_year',
    measures={'NUMERATOR': 'is_charged and has_charge_dropped'},
    dimensions=['sex'],
    holders=['iraq_judicial_council'],
    level='region',
    recorded='is_charged and has_charge_dropped is not null'
) }}
