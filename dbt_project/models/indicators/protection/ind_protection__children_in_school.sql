{{ indicator(
    facts=ref('fct_victim_assistance'),
    year='identified_year',
    measures={'DENOMINATOR': 'is_of_school_age', 'NUMERATOR': 'is_of_school_age and is_enrolled_in_school'},
    answered_when='is_of_school_age and is_enrolled_in_school is not null'
) }}
