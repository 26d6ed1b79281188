{{ indicator(
    facts=ref('fct_accused_proceeding'),
    year='contact_year',
    measures={'COUNT': 'is_official'},
    columns={'cust_breakdown': 'official_stage_code'},
    answered_when='is_official is not null'
) }}
