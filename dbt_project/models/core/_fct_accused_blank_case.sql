with

blanks as (
    select
        record_key,
        person_token,
        coalesce(contact_date, prosecuted_date, verdict_date) as record_date
    from {{ ref('stg_accused') }}
    where
        person_token is not null
        and case_token is null
),

intervals as (
    select
        records.person_token,
        records.case_token,
        min(coalesce(records.contact_date, records.prosecuted_date, records.verdict_date)) as start_date,
        max(records.verdict_date) as end_date
    from {{ ref('stg_accused') }} as records
    where
        records.case_token is not null
        and records.person_token in (select blanks.person_token from blanks)
    group by
        records.person_token,
        records.case_token
),

placed as (
    {{ placed_in_cases('blanks', 'intervals') }}
)

select
    record_key,
    case_token
from placed
