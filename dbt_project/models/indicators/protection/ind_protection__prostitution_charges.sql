{{ indicator(
    facts=ref('fct_victim_course'),
    year='contact_year',
    measures={'NUMERATOR': "form_code = 'SEXUAL' and is_charged_with_prostitution"},
    dimensions=['age'],
    holders=['iraq_interior_ministry', 'iraq_judicial_council'],
    level='region'
) }}
