with

coverage as (
    {{ coverage() }}
),

measures as (
    select 'DENOMINATOR' as measure
    union all
    select 'COUNT' as measure
    union all
    select 'NUMERATOR' as measure
),

-- Who has never sent anything here may never have been asked: until one body that owes an export has sent one,
-- this home collects nothing from them, and their silence says nothing.
collection as (
    select coalesce(bool_or(is_expected and submissions_count > 0), false) as is_begun
    from {{ ref('fct_submission') }}
),

expected as (
    select
        measures.measure,
        submissions.region_code,
        submissions.period,
        submissions.holder_code,
        submissions.fact_key,
        coverage.reports_received_count,
        coverage.reports_expected_count,
        collection.is_begun and (measures.measure = 'DENOMINATOR' or submissions.is_due) as is_known,
        case measures.measure
            when 'DENOMINATOR' then true
            when 'COUNT' then submissions.is_reporting
            when 'NUMERATOR' then submissions.is_on_time
        end as is_counted
    from {{ ref('fct_submission') }} as submissions
    cross join measures
    cross join collection
    inner join coverage
        on
            submissions.region_code = coverage.region_code
            and submissions.period = coverage.period
    where submissions.is_expected
)

-- Silence is a value here: a body that was asked and sent nothing did not report, and was not on time. Whose export is
-- not due yet is not silent: what it will do is not known.
select
    {{ cell(
        measure='measure', ref_area='region_code', time_period='period', holder='holder_code',
        obs_value='case when not is_known then null when is_counted then 1 else 0 end',
        obs_status="case when is_known then 'A' else 'O' end",
        reports_received_count='reports_received_count', reports_expected_count='reports_expected_count',
        fact_keys='case when is_known and is_counted then fact_key end'
    ) }}
from expected
