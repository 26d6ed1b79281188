with

events as (
    select
        victims.fact_key,
        victims.person_token,
        victims.sex_code,
        victims.age_group_code,
        victims.citizenship_group_code,
        victims.area_code,
        victims.region_code,
        victims.is_identified,
        victims.identified_year,
        coalesce(victims.contact_date, victims.identified_date) as start_date,
        profiles.youngest_age,
        profiles.oldest_age,
        victims.records_count
    from {{ ref('fct_victim_event') }} as victims
    inner join {{ ref('_fct_victim_profile') }} as profiles
        on victims.fact_key = profiles.fact_key
),

-- A request for shelter belongs to the last event that began before it.
requested as (
    {{ events_of(ref('fct_service'), 'request_date', 'events') }}
),

assisted as (
    select
        requested.event_key,
        bool_or(services.has_medical_exam) as has_medical_exam,
        bool_or(services.has_interpretation) as has_interpretation,
        bool_or(services.has_legal_advice) as has_legal_advice,
        bool_or(services.has_family_contact) as has_family_contact,
        bool_or(services.has_psychosocial_support) as has_psychosocial_support,
        bool_or(services.has_grant) as has_grant,
        bool_or(
            coalesce(services.has_education, services.has_work_placement)
            or coalesce(services.has_work_placement, false)
        ) as has_work_or_education,
        bool_or(services.has_residence_measure) as has_residence_measure,
        bool_or(services.is_enrolled_in_school) as is_enrolled_in_school,
        bool_or(services.has_best_interests_determination) as has_best_interests_determination,
        cast(count(*) as integer) as records_count
    from requested
    inner join {{ ref('fct_service') }} as services
        on requested.happening_key = services.fact_key
    group by requested.event_key
)

select
    events.fact_key,
    events.person_token,
    events.identified_year,
    events.sex_code,
    events.age_group_code,
    events.citizenship_group_code,
    events.area_code,
    events.region_code,
    events.age_group_code = 'Y0T17' as is_child,
    events.citizenship_group_code = 'FOREIGN' as is_foreign,
    coalesce(events.youngest_age >= 6 and events.oldest_age <= 17, false) as is_of_school_age,
    assisted.has_medical_exam,
    assisted.has_interpretation,
    assisted.has_legal_advice,
    assisted.has_family_contact,
    assisted.has_psychosocial_support,
    assisted.has_grant,
    assisted.has_work_or_education,
    assisted.has_residence_measure,
    assisted.is_enrolled_in_school,
    assisted.has_best_interests_determination,
    events.records_count + coalesce(assisted.records_count, 0) as records_count
from events
left join assisted
    on events.fact_key = assisted.event_key
where events.is_identified
