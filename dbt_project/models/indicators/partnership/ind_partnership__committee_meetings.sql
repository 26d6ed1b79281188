{{ union_measures({
    'held': indicator(
        facts=ref('fct_activity'),
        year='activity_year',
        measures={'NUMERATOR': "activity_type_code = 'MEETING' and organising_body_code = 'CENTRAL_COMMITTEE' and is_held"}
    ),
    'planned': indicator(
        facts=ref('fct_activity'),
        year='activity_year',
        measures={'DENOMINATOR': "activity_type_code = 'MEETING' and organising_body_code = 'CENTRAL_COMMITTEE' and is_planned"},
        answered_when="activity_type_code = 'MEETING' and organising_body_code = 'CENTRAL_COMMITTEE' and is_planned is not null"
    )
}) }}
