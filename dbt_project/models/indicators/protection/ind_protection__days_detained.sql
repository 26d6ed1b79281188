{{ indicator(
    facts=ref('fct_victim_course'),
    year='contact_year',
    measures={'COUNT': 'contact_year is not null and detention_band_code is not null'},
    dimensions=['cust_breakdown'],
    holders=['iraq_residence_directorate'],
    level='region',
    breakdown='duration',
    columns={'cust_breakdown': 'detention_band_code'},
    recorded='detention_band_code is not null'
) }}
