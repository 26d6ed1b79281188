{{ indicator(
    facts=ref('fct_activity'),
    year='activity_year',
    measures={'COUNT': "activity_type_code = 'CAMPAIGN' and is_held and participant_count is not null"},
    columns={'cust_breakdown': 'audience_code'},
    amounts={'COUNT': 'participant_count'},
    answered_when="activity_type_code = 'CAMPAIGN' and is_held and participant_count is not null"
) }}
