{{ indicator(
    facts=ref('fct_victim_assistance'),
    year='identified_year',
    measures={'NUMERATOR': 'has_legal_advice'},
    answered_when='has_legal_advice is not null'
) }}
