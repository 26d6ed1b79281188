{{ indicator(
    facts=ref('fct_victim_assistance'),
    year='identified_year',
    measures={'NUMERATOR': 'is_child and has_best_interests_determination'},
    dimensions=['sex'],
    holders=['iraq_labour_ministry'],
    level='region',
    recorded='is_child and has_best_interests_determination is not null'
) }}
