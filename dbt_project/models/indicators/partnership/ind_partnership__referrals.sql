{{ indicator(
    facts=ref('fct_victim_event'),
    year='contact_year',
    measures={'NUMERATOR': 'contact_year is not null and referral_group_code is not null'},
    columns={'cust_breakdown': 'referral_group_code'},
    answered_when='referral_group_code is not null'
) }}
