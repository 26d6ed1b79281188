{{ indicator(
    facts=ref('fct_facility'),
    year='reference_year',
    measures={
        'DENOMINATOR': 'facility_type_code is not null and occupied_night_count is not null and place_night_count is not null',
        'NUMERATOR': 'facility_type_code is not null and occupied_night_count is not null and place_night_count is not null'
    },
    columns={'cust_breakdown': 'facility_type_code'},
    answered_when='facility_type_code is not null and occupied_night_count is not null and place_night_count is not null',
    amounts={'DENOMINATOR': 'place_night_count', 'NUMERATOR': 'occupied_night_count'}
) }}
