{{ indicator(
    facts=ref('fct_victim_event'),
    year='contact_year',
    measures={'COUNT': 'contact_year is not null'}
) }}
