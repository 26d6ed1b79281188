{{ indicator(
    facts=ref('fct_case'),
    year='reported_year',
    measures={'COUNT': 'true'},
    columns={'cust_breakdown': 'report_channel_code'},
    answered_when='channel_code is not null'
) }}
