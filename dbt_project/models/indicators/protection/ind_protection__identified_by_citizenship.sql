{{ indicator(
    facts=ref('fct_victim_event'),
    year='identified_year',
    measures={'COUNT': 'is_identified'}
) }}
