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
        records_count
    from {{ ref('fct_victim_event') }}
),

-- A measure belongs to the last event that began before it.
met as (
    {{ events_of(ref('fct_residence_measure'), 'measure_date', 'events') }}
),

measured as (
    select
        met.event_key,
        bool_or(measures.is_penalty) as is_penalised,
        max(measures.detained_day_count) as detained_day_count,
        cast(sum(measures.records_count) as integer) as records_count
    from met
    inner join {{ ref('fct_residence_measure') }} as measures
        on met.happening_key = measures.fact_key
    group by met.event_key
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
    events.records_count + coalesce(measured.records_count, 0) as records_count
from events
left join measured
    on events.fact_key = measured.event_key
