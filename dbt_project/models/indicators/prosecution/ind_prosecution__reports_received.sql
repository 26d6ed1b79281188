{{ indicator(
    facts=ref('fct_case'),
    year='reported_year',
    measures={'COUNT': 'true'},
    dimensions=['cust_breakdown'],
    holders=['iraq_interior_ministry'],
    level='region',
    breakdown='channel',
    columns={'cust_breakdown': 'report_channel_code'},
    recorded='channel_code is not null'
) }}
