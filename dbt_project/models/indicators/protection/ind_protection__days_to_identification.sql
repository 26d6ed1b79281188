{{ indicator(
    facts=ref('fct_victim_course'),
    year='identified_year',
    measures={'COUNT': 'identification_band_code is not null'},
    dimensions=['cust_breakdown'],
    holders=['iraq_judicial_council'],
    level='region',
    breakdown='duration',
    columns={'cust_breakdown': 'identification_band_code'},
    recorded='identification_band_code is not null'
) }}
