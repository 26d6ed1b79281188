with

facilities as (
    select
        {{ facility_key() }} as fact_key,
        source as holder_code,
        facility_code,
        reference_year,
        {{ first_known('facility_type_code') }} as facility_type_code,
        coalesce({{ first_known('governorate_code') }}, '_U') as governorate_code,
        {{ first_present('capacity_count') }} as capacity_count,
        {{ first_present('resident_count') }} as resident_count,
        {{ first_present('resident_night_count') }} as resident_night_count,
        {{ first_present('open_night_count') }} as open_night_count,
        cast(count(*) as integer) as records_count
    from {{ ref('stg_facilities') }}
    group by
        source,
        facility_code,
        reference_year
)

select
    facilities.fact_key,
    facilities.holder_code,
    facilities.facility_code,
    facilities.reference_year,
    facilities.facility_type_code,
    facilities.governorate_code,
    areas.area_code,
    areas.region_code,
    facilities.capacity_count,
    facilities.resident_count,
    -- In thousands: divided by the nights of a year they bound the residents of a house from below, and of four or
    -- fewer three numbers must stay possible; exact nights of one resident would tell how long that person stayed.
    cast(round(facilities.resident_night_count / 1000.0) * 1000 as bigint) as occupied_night_count,
    facilities.capacity_count * coalesce(
        facilities.open_night_count, case when facilities.reference_year % 4 = 0 then 366 else 365 end
    ) as place_night_count,
    facilities.records_count
from facilities
left join {{ ref('dim_governorate') }} as areas
    on facilities.governorate_code = areas.governorate_code
