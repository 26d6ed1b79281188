{{ indicator(
    facts=ref('fct_victim_course'),
    year='contact_year',
    measures={'NUMERATOR': "is_child and form_code = 'BEGGING' and is_charged_with_begging"}
) }}
