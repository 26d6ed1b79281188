{{ indicator(
    facts=ref('fct_case'),
    year='reported_year',
    measures={'COUNT': 'is_under_law28'},
    answered_when='law_codes is not null'
) }}
