with

coverage as (
    {{ coverage() }}
),

measures as (
    select 'DENOMINATOR' as measure
    union all
    select 'NUMERATOR' as measure
),

expected as (
    select
        measures.measure,
        submissions.region_code,
        submissions.period,
        submissions.holder_code,
        submissions.fact_key,
        coverage.reporting_count,
        coverage.expected_count,
        measures.measure = 'DENOMINATOR' or submissions.is_on_time as is_counted
    from {{ ref('fct_submission') }} as submissions
    cross join measures
    inner join coverage
        on
            submissions.region_code = coverage.region_code
            and submissions.period = coverage.period
    where submissions.is_expected
)

-- Silence is a value here, never missing: a body that sent nothing was not on time.
select
    {{ cell(
        measure='measure', ref_area='region_code', time_period='period', holder='holder_code',
        obs_value='case when is_counted then 1 else 0 end', obs_status="'A'",
        reporting_count='reporting_count', expected_count='expected_count',
        members='case when is_counted then fact_key end'
    ) }}
from expected
