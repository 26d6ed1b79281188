{{ indicator(
    facts=ref('fct_victim_assistance'),
    year='identified_year',
    measures={'NUMERATOR': 'has_family_contact'},
    answered_when='has_family_contact is not null'
) }}
