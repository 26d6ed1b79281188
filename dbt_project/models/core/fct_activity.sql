with

activities as (
    select
        {{ activity_key() }} as fact_key,
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
        {{ yes_no(first_known('is_planned')) }} as is_planned,
        coalesce({{ yes_no(first_known('is_held')) }}, true) as is_held,
        {{ first_present('target_count') }} as target_count,
        {{ first_present('post_test_mark') }} - {{ first_present('pre_test_mark') }} as gain,
        {{ first_present('sanctioned_count') }} as sanctioned_count,
        {{ first_present('closed_count') }} as closed_count,
        {{ first_present('licensed_count') }} as licensed_count,
        {{ first_present('found_child_count') }} as found_child_count,
        {{ first_present('helped_child_count') }} as helped_child_count,
        {{ days_between('min(due_date)', 'min(activity_date)') }} as days_late,
        cast(count(*) as integer) as records_count
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
    activities.is_planned,
    activities.is_held,
    activities.target_count,
    case
        when activities.men_count is not null or activities.women_count is not null
            then coalesce(activities.men_count, 0) + coalesce(activities.women_count, 0)
    end as participant_count,
    activities.sanctioned_count,
    activities.closed_count,
    -- A licence is no event: the last telling of the year counts, not all of them together.
    case
        when
            row_number() over (
                partition by
                    activities.holder_code,
                    activities.governorate_code,
                    activities.activity_year,
                    activities.licensed_count is null
                order by activities.activity_date desc, activities.activity_code desc
            ) = 1
            then activities.licensed_count
    end as licensed_count,
    activities.found_child_count,
    -- Helped are among those found. `least` would take the other number where one is blank.
    case
        when activities.helped_child_count <= activities.found_child_count then activities.helped_child_count
        when activities.helped_child_count > activities.found_child_count then activities.found_child_count
    end as helped_child_count,
    'QUARTER_' || cast(extract(quarter from activities.activity_date) as string) as quarter_code,
    case
        when activities.activity_type_code in ('TRAINING', 'MEETING', 'INSPECTION', 'CAMPAIGN')
            then 'ACTIVITY_' || activities.activity_type_code
        else 'ACTIVITY_OTHER'
    end as kind_code,
    case
        when coalesce(activities.audience_codes, '_U') = '_U' then 'AUDIENCE_U'
        when position(';' in {{ without_unknown('activities.audience_codes') }}) > 0 then 'AUDIENCE_SEVERAL'
        else 'AUDIENCE_' || {{ without_unknown('activities.audience_codes') }}
    end as audience_code,
    case
        when activities.referral_count > 0 then 'INSPECTION_REFERRAL'
        when activities.violation_count > 0 then 'INSPECTION_VIOLATION'
        when activities.violation_count = 0 then 'INSPECTION_CLEAN'
        else 'INSPECTION_U'
    end as inspection_outcome_code,
    case
        when activities.gain <= 0 then 'GAIN_NONE'
        when activities.gain <= 9 then 'GAIN_1_9'
        when activities.gain <= 19 then 'GAIN_10_19'
        when activities.gain <= 29 then 'GAIN_20_29'
        when activities.gain > 29 then 'GAIN_GE_30'
    end as gain_code,
    case
        when activities.days_late <= 0 then 'REPORT_ON_TIME'
        when activities.days_late <= 30 then 'REPORT_LATE_1_30'
        when activities.days_late <= 90 then 'REPORT_LATE_31_90'
        when activities.days_late > 90 then 'REPORT_LATE_GE_91'
        else 'REPORT_DUE_U'
    end as punctuality_code,
    case
        when
            activities.activity_type_code in ('LEGAL_ASSISTANCE', 'EXTRADITION', 'INTERPOL_NOTICE', 'JOINT_OPERATION')
            then 'COOPERATION_' || activities.activity_type_code
    end as cooperation_code,
    activities.records_count
from activities
left join {{ ref('dim_governorate') }} as areas
    on activities.governorate_code = areas.governorate_code
