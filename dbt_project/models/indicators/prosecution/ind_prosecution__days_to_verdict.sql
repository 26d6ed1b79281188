{{ indicator(
    facts=ref('fct_case'),
    year='verdict_year',
    measures={'COUNT': 'is_tried'},
    dimensions=['cust_breakdown'],
    holders=['iraq_judicial_council'],
    level='region',
    breakdown='duration',
    columns={'cust_breakdown': 'duration_code'}
) }}
