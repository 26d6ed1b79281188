{{ indicator(
    facts=ref('fct_accused_proceeding'),
    year='contact_year',
    measures={'NUMERATOR': 'contact_year is not null and is_prosecuted'},
    dimensions=['cust_breakdown'],
    holders=['iraq_judicial_council'],
    level='region',
    breakdown='trial',
    columns={'cust_breakdown': 'trial_code'}
) }}
