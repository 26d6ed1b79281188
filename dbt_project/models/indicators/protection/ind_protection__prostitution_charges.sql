{{ indicator(
    facts=ref('fct_victim_course'),
    year='contact_year',
    measures={'NUMERATOR': "form_code = 'SEXUAL' and is_charged_with_prostitution"}
) }}
