{{ indicator(
    facts=ref('fct_victim_event'),
    year='contact_year',
    measures={'NUMERATOR': 'contact_year is not null and sources_count >= 2'},
    answered_when='person_token is not null'
) }}
