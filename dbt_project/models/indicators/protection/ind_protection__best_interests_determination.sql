{{ indicator(
    facts=ref('fct_victim_assistance'),
    year='identified_year',
    measures={'NUMERATOR': 'is_child and has_best_interests_determination'},
    answered_when='is_child and has_best_interests_determination is not null'
) }}
