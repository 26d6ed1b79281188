{{ indicator(
    facts=ref('fct_count'),
    year='reference_year',
    measures={'COUNT': "measure = 'Assets in trafficking cases' and figure is not null"},
    dimensions=['cust_breakdown'],
    holders=['iraq_judicial_council'],
    level='region',
    breakdown='asset',
    columns={'cust_breakdown': "'ASSET_' || upper(category)"},
    recorded="measure = 'Assets in trafficking cases' and figure is not null",
    amounts={'COUNT': 'figure'}
) }}
