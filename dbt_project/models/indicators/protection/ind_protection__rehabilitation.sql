{{ indicator(
    facts=ref('fct_victim_assistance'),
    year='identified_year',
    measures={'NUMERATOR': 'has_psychosocial_support'},
    answered_when='has_psychosocial_support is not null'
) }}
