{{ indicator(
    facts=ref('fct_victim_event'),
    year='contact_year',
    measures={'NUMERATOR': "age_group_code = 'Y0T17' and driver_code is not null and contact_year is not null"},
    answered_when="age_group_code = 'Y0T17' and driver_code is not null"
) }}
