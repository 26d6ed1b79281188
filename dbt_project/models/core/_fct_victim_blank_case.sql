with

-- The row of a body that is no authority presumes nobody and stays apart (decision 14).
blanks as (
    select
        record_key,
        person_token,
        coalesce(contact_date, identified_date) as record_date
    from {{ ref('stg_victims') }}
    where
        person_token is not null
        and case_token is null
        and (registered_date is null or contact_date is not null or identified_date is not null)
),

cases as (
    select
        records.person_token,
        records.case_token,
        min(coalesce(records.contact_date, records.identified_date)) as start_date
    from {{ ref('stg_victims') }} as records
    where
        records.case_token is not null
        and records.person_token in (select blanks.person_token from blanks)
    group by
        records.person_token,
        records.case_token
),

-- A case runs until the last verdict in it.
verdicts as (
    select
        case_token,
        max(verdict_date) as end_date
    from {{ ref('_fct_accused_profile') }}
    where case_token in (select cases.case_token from cases)
    group by case_token
),

intervals as (
    select
        cases.person_token,
        cases.case_token,
        cases.start_date,
        verdicts.end_date
    from cases
    left join verdicts
        on cases.case_token = verdicts.case_token
),

placed as (
    {{ placed_in_cases('blanks', 'intervals') }}
)

select
    record_key,
    case_token
from placed
