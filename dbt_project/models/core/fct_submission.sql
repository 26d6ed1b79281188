with

-- Files for parts of a year stand beside each other: what they cover together decides. Each share is rounded to four
-- digits, so that twelve months may add up to a little less or more than the year; a missing day is 0.0027 of it.
covered as (
    select
        source,
        period,
        shape,
        round(sum(coalesce(completeness, 0)), 3) as completeness
    from {{ ref('stg_submissions') }}
    where is_current
    group by
        source,
        period,
        shape
),

least_covered as (
    select
        source,
        period,
        min(case when completeness > 1 then 1 else completeness end) as completeness
    from covered
    group by
        source,
        period
),

sent as (
    select
        submissions.source,
        submissions.period,
        min(submissions.sent_date) as first_sent_date,
        cast(count(distinct submissions.submission) as integer) as submissions_count,
        bool_or(submissions.is_current) as is_reporting,
        coalesce(min(least_covered.completeness) < 1, false) as is_partial,
        min(least_covered.completeness) as completeness
    from {{ ref('stg_submissions') }} as submissions
    left join least_covered
        on
            submissions.source = least_covered.source
            and submissions.period = least_covered.period
    group by
        submissions.source,
        submissions.period
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
