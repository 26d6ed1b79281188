with

facilities as (
    select
        source || '|' || replace(facility_code, ' ', '_') || '|' || cast(reference_year as varchar) as fact_key,
        source as holder_code,
        facility_code,
        reference_year,
        {{ first_known('facility_type_code') }} as facility_type_code,
        coalesce({{ first_known('governorate_code') }}, '_U') as governorate_code,
        {{ first_present('capacity_count') }} as capacity_count,
        {{ first_present('resident_count') }} as resident_count,
        cast(count(*) as integer) as records_count,
        {{ joined_text('record_key') }} as record_keys
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
    facilities.records_count,
    facilities.record_keys
from facilities
left join {{ ref('dim_governorate') }} as areas
    on facilities.governorate_code = areas.governorate_code
