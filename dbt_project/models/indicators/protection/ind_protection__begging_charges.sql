{{ indicator(
    facts=ref('fct_victim_course'),
    year='contact_year',
    measures={'NUMERATOR': "is_child and form_code = 'BEGGING' and is_charged_with_begging"},
    dimensions=['sex'],
    holders=['iraq_interior_ministry', 'iraq_judicial_council'],
    level='region'
) }}
