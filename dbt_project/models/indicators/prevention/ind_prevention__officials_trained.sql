{{ union_measures({
    'trained': indicator(
        facts=ref('fct_activity'),
        year='activity_year',
        measures={'NUMERATOR': "activity_type_code = 'TRAINING' and is_held and participant_count is not null"},
        columns={'cust_breakdown': 'audience_code'},
        amounts={'NUMERATOR': 'participant_count'},
        answered_when="activity_type_code = 'TRAINING' and is_held and participant_count is not null"
    ),
    'aimed_at': indicator(
        facts=ref('fct_activity'),
        year='activity_year',
        measures={'DENOMINATOR': "activity_type_code = 'TRAINING' and target_count is not null"},
        columns={'cust_breakdown': 'audience_code'},
        amounts={'DENOMINATOR': 'target_count'},
        answered_when="activity_type_code = 'TRAINING' and target_count is not null"
    )
}) }}
