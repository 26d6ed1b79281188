{{ indicator(
    facts=ref('fct_victim_course'),
    year='contact_year',
    measures={'COUNT': 'contact_year is not null'},
    columns={'cust_breakdown': 'detection_code'},
    answered_when='is_self_reported is not null'
) }}
