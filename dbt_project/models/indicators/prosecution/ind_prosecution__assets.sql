{{ indicator(
    facts=ref('fct_count'),
    year='reference_year',
    measures={'COUNT': "measure = 'Assets in trafficking cases' and figure is not null"},
    columns={'cust_breakdown': "'ASSET_' || upper(category)"},
    answered_when="measure = 'Assets in trafficking cases' and figure is not null",
    amounts={'COUNT': 'figure'}
) }}
