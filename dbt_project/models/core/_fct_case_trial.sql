with

-- Only a verdict tells under which law a court tried.
verdicts as (
    select
        case_token,
        verdict_date,
        coalesce({{ has_code('law_codes', "'L28_2012'") }}, false) as cites_law28,
        coalesce({{ has_code('law_codes', "'L08_1988'") }}, false) as cites_law8,
        coalesce({{ has_code('law_codes', "'PC_390_392'") }} or {{ has_code('law_codes', "'PC_OTHER'") }}, false)
            as cites_penal_code,
        coalesce({{ has_code('law_codes', "'L11_2016'") }}, false) as cites_law11,
        coalesce({{ has_code('law_codes', "'L76_2017'") }} or {{ has_code('law_codes', "'OTHER'") }}, false)
            as cites_another_law
    from {{ ref('fct_accused_proceeding') }}
    where
        verdict_date is not null
        and case_token is not null
),

cited as (
    select
        case_token,
        min(verdict_date) as first_verdict_date,
        bool_or(cites_law28) as cites_law28,
        bool_or(cites_law8) as cites_law8,
        bool_or(cites_penal_code) as cites_penal_code,
        bool_or(cites_law11) as cites_law11,
        bool_or(cites_another_law) as cites_another_law,
        cast(bool_or(cites_law8) as integer)
        + cast(bool_or(cites_penal_code) as integer)
        + cast(bool_or(cites_law11) as integer)
        + cast(bool_or(cites_another_law) as integer) as other_laws_count
    from verdicts
    group by case_token
)

select
    case_token,
    first_verdict_date,
    case
        when cites_law28 then null
        when other_laws_count > 1 then 'TRIED_SEVERAL_LAWS'
        when cites_law8 then 'TRIED_L08_1988'
        when cites_penal_code then 'TRIED_PENAL_CODE'
        when cites_law11 then 'TRIED_L11_2016'
        when cites_another_law then 'TRIED_OTHER_LAW'
    end as substituted_law_code
from cited
