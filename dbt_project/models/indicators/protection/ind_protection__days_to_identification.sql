{{ indicator(
    facts=ref('fct_victim_course'),
    year='identified_year',
    measures={'COUNT': 'identification_band_code is not null'},
    columns={'cust_breakdown': 'identification_band_code'},
    answered_when='identification_band_code is not null'
) }}
