{{ indicator(
    facts=ref('fct_victim_penalty'),
    year='contact_year',
    measures={'COUNT': 'contact_year is not null and detention_band_code is not null'},
    columns={'cust_breakdown': 'detention_band_code'},
    answered_when='detention_band_code is not null'
) }}
