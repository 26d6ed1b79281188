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
        coalesce(victims.contact_date, victims.identified_date) as start_date,
        profiles.return_asked_date,
        profiles.returned_date,
        profiles.repatriated_date,
        profiles.has_charge_dropped,
        profiles.has_compensation_award,
        profiles.has_compensation_paid,
        victims.records_count,
        victims.record_keys
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
),

-- A measure belongs to the last event that began before it; where none did, to the person's first one.
candidates as (
    select
        measures.fact_key as measure_key,
        events.fact_key as event_key,
        row_number() over (
            partition by measures.fact_key
            order by
                case when events.start_date <= measures.measure_date then 0 else 1 end,
                abs({{ days_between('events.start_date', 'measures.measure_date') }}),
                events.fact_key
        ) as nearness
    from {{ ref('fct_residence_measure') }} as measures
    inner join events
        on measures.person_token = events.person_token
    where events.start_date is not null
),

measured as (
    select
        candidates.event_key,
        bool_or(measures.is_penalty) as is_penalised,
        max(measures.detained_day_count) as detained_day_count,
        cast(sum(measures.records_count) as integer) as records_count,
        {{ joined_text('measures.record_keys') }} as record_keys
    from candidates
    inner join {{ ref('fct_residence_measure') }} as measures
        on candidates.measure_key = measures.fact_key
    where candidates.nearness = 1
    group by candidates.event_key
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
    coalesce(measured.is_penalised, false) as is_penalised,
    {{ duration_band('measured.detained_day_count') }} as detention_band_code,
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
    events.records_count + coalesce(measured.records_count, 0) as records_count,
    events.record_keys || coalesce(' ' || measured.record_keys, '') as record_keys
from events
left join measured
    on events.fact_key = measured.event_key
left join next_contacts
    on
        events.person_token = next_contacts.person_token
        and events.contact_date = next_contacts.contact_date
left join {{ ref('_fct_case_trial') }} as trials
    on events.case_token = trials.case_token
