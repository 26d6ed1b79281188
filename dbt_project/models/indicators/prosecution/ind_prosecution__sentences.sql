{{ indicator(
    facts=ref('fct_accused_proceeding'),
    year='verdict_year',
    measures={'NUMERATOR': 'is_convicted_law28'},
    columns={'cust_breakdown': 'sentence_code'}
) }}
