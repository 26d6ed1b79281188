{{ indicator(
    facts=ref('fct_victim_event'),
    year='contact_year',
    measures={'NUMERATOR': 'contact_year is not null'},
    columns={'cust_breakdown': 'core_gap_code'}
) }}
