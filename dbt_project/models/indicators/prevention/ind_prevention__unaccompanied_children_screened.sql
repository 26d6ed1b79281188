{{ indicator(
    facts=ref('fct_activity'),
    year='activity_year',
    measures={
        'DENOMINATOR': "activity_type_code = 'CHILD_SCREENING' and is_held and found_child_count > 0",
        'NUMERATOR': "activity_type_code = 'CHILD_SCREENING' and is_held and helped_child_count > 0"
    },
    amounts={'DENOMINATOR': 'found_child_count', 'NUMERATOR': 'helped_child_count'},
    answered_when="activity_type_code = 'CHILD_SCREENING' and is_held and found_child_count is not null"
) }}
