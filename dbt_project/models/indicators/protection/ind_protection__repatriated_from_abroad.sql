{{ indicator(
    facts=ref('fct_victim_course'),
    year='repatriated_year',
    measures={'COUNT': "citizenship_group_code = 'IRQ' and repatriated_year is not null"},
    answered_when='repatriated_year is not null'
) }}
