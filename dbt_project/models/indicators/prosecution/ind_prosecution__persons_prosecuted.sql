{{ indicator(
    facts=ref('fct_accused_proceeding'),
    year='prosecuted_year',
    measures={'COUNT': 'prosecuted_year is not null'}
) }}
