{{ indicator(
    facts=ref('fct_accused_proceeding'),
    year='contact_year',
    measures={'COUNT': 'contact_year is not null'}
) }}
