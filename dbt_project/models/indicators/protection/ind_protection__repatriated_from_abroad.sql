{{ indicator(
    facts=ref('fct_victim_course'),
    year='repatriated_year',
    measures={'COUNT': "citizenship_group_code = 'IRQ' and repatriated_year is not null"},
    dimensions=['sex', 'age'],
    holders=['iom_caseload'],
    level='region',
    recorded='repatriated_year is not null'
) }}
