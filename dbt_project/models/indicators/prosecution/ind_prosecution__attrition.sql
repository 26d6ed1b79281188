{{ indicator(
    facts=ref('fct_accused_proceeding'),
    year='contact_year',
    measures={'NUMERATOR': 'contact_year is not null and is_prosecuted'},
    columns={'cust_breakdown': 'trial_code'}
) }}
