{{ indicator(
    facts=ref('fct_facility'),
    year='reference_year',
    measures={
        'DENOMINATOR': 'occupied_night_count is not null and place_night_count is not null',
        'NUMERATOR': 'occupied_night_count is not null and place_night_count is not null'
    },
    answered_when='occupied_night_count is not null and place_night_count is not null',
    amounts={'DENOMINATOR': 'place_night_count', 'NUMERATOR': 'occupied_night_count'}
) }}
