with

activities as (
    select
        source || '|' || replace(activity_code, ' ', '_') as fact_key,
        source as holder_code,
        activity_code,
        {{ first_known('activity_type_code') }} as activity_type_code,
        min(activity_date) as activity_date,
        {{ year_of('min(activity_date)') }} as activity_year,
        coalesce({{ first_known('governorate_code') }}, '_U') as governorate_code,
        {{ first_known('organising_body_code') }} as organising_body_code,
        {{ first_known('audience_codes') }} as audience_codes,
        {{ first_present('day_count') }} as day_count,
        {{ first_present('men_count') }} as men_count,
        {{ first_present('women_count') }} as women_count,
        {{ first_present('inspected_count') }} as inspected_count,
        {{ first_present('violation_count') }} as violation_count,
        {{ first_present('contact_count') }} as contact_count,
        {{ first_present('referral_count') }} as referral_count,
        cast(count(*) as integer) as records_count,
        {{ joined_text('record_key') }} as record_keys
    from {{ ref('stg_activities') }}
    group by
        source,
        activity_code
)

select
    activities.fact_key,
    activities.holder_code,
    activities.activity_code,
    activities.activity_type_code,
    activities.activity_date,
    activities.activity_year,
    activities.governorate_code,
    areas.area_code,
    areas.region_code,
    activities.organising_body_code,
    activities.audience_codes,
    activities.day_count,
    activities.men_count,
    activities.women_count,
    activities.inspected_count,
    activities.violation_count,
    activities.contact_count,
    activities.referral_count,
    activities.records_count,
    activities.record_keys
from activities
left join {{ ref('dim_governorate') }} as areas
    on activities.governorate_code = areas.governorate_code
