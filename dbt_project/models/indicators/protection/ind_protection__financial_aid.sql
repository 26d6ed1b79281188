{{ indicator(
    facts=ref('fct_victim_assistance'),
    year='identified_year',
    measures={'NUMERATOR': 'has_grant'},
    answered_when='has_grant is not null'
) }}
