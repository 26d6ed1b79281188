{{ config(materialized='view') }}
{#- A view: only candidates, lineage and insiders read it, and it takes no room. A new fact adds its branch here. -#}
with

victim_records as (
    {{ facts_of_records(ref('stg_victims'), ref('_fct_victim_blank_case')) }}
),

accused_records as (
    {{ facts_of_records(ref('stg_accused'), ref('_fct_accused_blank_case')) }}
),

events as (
    select
        fact_key,
        person_token,
        coalesce(contact_date, identified_date) as start_date
    from {{ ref('fct_victim_event') }}
),

requested as (
    {{ events_of(ref('fct_service'), 'request_date', 'events') }}
),

met as (
    {{ events_of(ref('fct_residence_measure'), 'measure_date', 'events') }}
),

measure_records as (
    select
        {{ measure_key() }} as fact_key,
        record_key
    from {{ ref('stg_residence_measures') }}
)

select
    'fct_victim_event' as fact,
    fact_key,
    record_key
from victim_records
union all
select
    'fct_victim_course' as fact,
    fact_key,
    record_key
from victim_records
union all
select
    'fct_victim_assistance' as fact,
    records.fact_key,
    records.record_key
from victim_records as records
inner join {{ ref('fct_victim_assistance') }} as facts
    on records.fact_key = facts.fact_key
union all
select
    'fct_victim_assistance' as fact,
    requested.event_key as fact_key,
    requested.happening_key as record_key
from requested
inner join {{ ref('fct_victim_assistance') }} as facts
    on requested.event_key = facts.fact_key
union all
select
    'fct_victim_penalty' as fact,
    fact_key,
    record_key
from victim_records
union all
select
    'fct_victim_penalty' as fact,
    met.event_key as fact_key,
    records.record_key
from met
inner join measure_records as records
    on met.happening_key = records.fact_key
union all
select
    'fct_residence_measure' as fact,
    fact_key,
    record_key
from measure_records
union all
select
    'fct_accused_proceeding' as fact,
    fact_key,
    record_key
from accused_records
union all
select
    'fct_case' as fact,
    case_token as fact_key,
    record_key
from {{ ref('stg_cases') }}
union all
select
    'fct_service' as fact,
    record_key as fact_key,
    record_key
from {{ ref('stg_services') }}
union all
select
    'fct_shelter_seeker' as fact,
    {{ seeker_key() }} || '|' || cast({{ year_of('request_date') }} as string) as fact_key,
    record_key
from {{ ref('stg_services') }}
union all
select
    'fct_facility' as fact,
    {{ facility_key() }} as fact_key,
    record_key
from {{ ref('stg_facilities') }}
union all
select
    'fct_activity' as fact,
    {{ activity_key() }} as fact_key,
    record_key
from {{ ref('stg_activities') }}
union all
select
    'fct_count' as fact,
    record_key as fact_key,
    record_key
from {{ ref('stg_counts') }}
union all
-- A submission has no row: the whole file stands behind it.
select distinct
    'fct_submission' as fact,
    source || '|' || period as fact_key,
    source || '/' || submission || '/-/0' as record_key
from {{ ref('stg_submissions') }}
