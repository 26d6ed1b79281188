{{ indicator(
    facts=ref('fct_victim_event'),
    year='contact_year',
    measures={'NUMERATOR': "age_group_code = 'Y0T17' and tip_palermo and not tip_law28"},
    columns={'cust_breakdown': "'GAP_' || tip_law28_reason_code"},
    answered_when='act_codes is not null'
) }}
