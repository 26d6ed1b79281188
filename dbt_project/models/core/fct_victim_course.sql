with

events as (
    select
        victims.fact_key,
        victims.person_token,
        victims.case_token,
        victims.sex_code,
        victims.age_group_code,
        victims.citizenship_group_code,
        victims.form_code,
        victims.area_code,
        victims.region_code,
        victims.detected_by_code,
        victims.contact_date,
        victims.contact_year,
        victims.is_identified,
        victims.identified_date,
        victims.identified_year,
        victims.is_charged,
        victims.charge_law_codes,
        profiles.return_asked_date,
        profiles.returned_date,
        profiles.repatriated_date,
        profiles.has_charge_dropped,
        profiles.has_compensation_award,
        profiles.has_compensation_paid,
        victims.records_count
    from {{ ref('fct_victim_event') }} as victims
    inner join {{ ref('_fct_victim_profile') }} as profiles
        on victims.fact_key = profiles.fact_key
),

-- Two files of one person opened on one day are one contact.
contacts as (
    select distinct
        person_token,
        contact_date
    from events
    where
        person_token is not null
        and contact_date is not null
),

next_contacts as (
    select
        person_token,
        contact_date,
        lead(contact_date) over (partition by person_token order by contact_date) as next_contact_date
    from contacts
)

select
    events.fact_key,
    events.person_token,
    events.sex_code,
    events.age_group_code,
    events.citizenship_group_code,
    events.form_code,
    events.area_code,
    events.region_code,
    events.contact_year,
    events.identified_year,
    events.age_group_code = 'Y0T17' as is_child,
    events.citizenship_group_code = 'FOREIGN' as is_foreign,
    'DETECTED_' || replace(coalesce(events.detected_by_code, '_U'), '_U', 'U') as detection_code,
    case when {{ known('events.detected_by_code') }} then events.detected_by_code = 'SELF' end as is_self_reported,
    case
        when events.is_identified
            then {{ duration_band(days_between('events.contact_date', 'events.identified_date')) }}
    end as identification_band_code,
    events.is_charged,
    coalesce({{ has_code('events.charge_law_codes', "'L08_1988'") }}, false) as is_charged_with_prostitution,
    coalesce({{ has_code('events.charge_law_codes', "'PC_390_392'") }}, false) as is_charged_with_begging,
    events.has_charge_dropped,
    case
        when next_contacts.person_token is not null
            then coalesce(
                {{ days_between('next_contacts.contact_date', 'next_contacts.next_contact_date') }} <= 730,
                false
            )
    end as is_met_again,
    {{ year_of('events.return_asked_date') }} as return_asked_year,
    events.returned_date is not null as is_returned,
    {{ year_of('events.repatriated_date') }} as repatriated_year,
    trials.case_token is not null as is_case_concluded,
    events.has_compensation_award,
    events.has_compensation_paid,
    events.records_count
from events
left join next_contacts
    on
        events.person_token = next_contacts.person_token
        and events.contact_date = next_contacts.contact_date
left join {{ ref('_fct_case_trial') }} as trials
    on events.case_token = trials.case_token
