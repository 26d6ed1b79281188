{{ indicator(
    facts=ref('fct_victim_event'),
    year='contact_year',
    measures={'NUMERATOR': "age_group_code = 'Y0T17' and tip_palermo and not tip_law28"},
    dimensions=['cust_breakdown'],
    holders=['iraq_interior_ministry', 'iraq_judicial_council', 'kurdistan_interior_ministry'],
    level='region',
    breakdown='definition_gap',
    columns={'cust_breakdown': "'GAP_' || tip_law28_reason_code"},
    recorded='act_codes is not null'
) }}
