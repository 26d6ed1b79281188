with

events as (
    select
        fact_key,
        person_token,
        sex_code,
        citizenship_group_code,
        area_code,
        region_code,
        contact_year,
        coalesce(contact_date, identified_date) as start_date,
        records_count,
        record_keys
    from {{ ref('fct_victim_event') }}
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
    events.area_code,
    events.region_code,
    events.contact_year,
    events.citizenship_group_code = 'FOREIGN' as is_foreign,
    coalesce(measured.is_penalised, false) as is_penalised,
    {{ duration_band('measured.detained_day_count') }} as detention_band_code,
    events.records_count + coalesce(measured.records_count, 0) as records_count,
    events.record_keys || coalesce(' ' || measured.record_keys, '') as record_keys
from events
left join measured
    on events.fact_key = measured.event_key
