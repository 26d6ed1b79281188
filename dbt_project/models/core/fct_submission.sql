with

sent as (
    select
        source,
        period,
        min(sent_date) as first_sent_date,
        cast(count(distinct submission) as integer) as submissions_count,
        bool_or(is_current) as is_reporting,
        bool_or(is_current and coalesce(completeness, 0) < 1) as is_partial,
        min(case when is_current then coalesce(completeness, 0) end) as completeness
    from {{ ref('stg_submissions') }}
    group by
        source,
        period
)

select
    coalesce(calendar.source, sent.source) || '|' || coalesce(calendar.period, sent.period) as fact_key,
    coalesce(calendar.source, sent.source) as holder_code,
    coalesce(calendar.period, sent.period) as period,
    calendar.region_code,
    calendar.due_date,
    sent.first_sent_date,
    coalesce(sent.submissions_count, 0) as submissions_count,
    calendar.source is not null as is_expected,
    coalesce(sent.is_reporting, false) as is_reporting,
    coalesce(calendar.punctuality <> 'not_due', false) as is_due,
    coalesce(calendar.punctuality = 'in_time', false) as is_on_time,
    coalesce(calendar.delivery = 'part', sent.is_partial, false) as is_partial,
    sent.completeness
from {{ ref('stg_calendar') }} as calendar
full outer join sent
    on
        calendar.source = sent.source
        and calendar.period = sent.period
