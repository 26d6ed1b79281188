{{ told_apart({
    'held': indicator(
        facts=ref('fct_activity'),
        year='activity_year',
        measures={'NUMERATOR': "activity_type_code = 'MEETING' and organising_body_code = 'CENTRAL_COMMITTEE' and is_held"},
        dimensions=[],
        holders=['task_force_activities'],
        level='region'
    ),
    'planned': indicator(
        facts=ref('fct_activity'),
        year='activity_year',
        measures={'DENOMINATOR': "activity_type_code = 'MEETING' and organising_body_code = 'CENTRAL_COMMITTEE' and is_planned"},
        dimensions=[],
        holders=['task_force_activities'],
        level='region',
        recorded="activity_type_code = 'MEETING' and organising_body_code = 'CENTRAL_COMMITTEE' and is_planned is not null"
    )
}) }}
