{{ indicator(
    facts=ref('fct_accused_proceeding'),
    year='verdict_year',
    measures={'COUNT': 'is_convicted_law28'}
) }}
