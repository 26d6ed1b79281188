with

periods as (
    select distinct period
    from {{ ref('dim_reporting') }}
),

totals as (
    select
        cast(reference_year as string) as period,
        fact_key,
        figure,
        is_masked
    from {{ ref('fct_count') }}
    where
        holder_code = 'unodc_glotip'
        and reporting_area = 'IRQ'
        and measure = 'Detected trafficking victims'
        and dimension = 'Total'
        and category = 'Total'
        and sex_label = 'Total'
        and age_label = 'Total'
),

-- UNODC's keys are not unique: a total that is printed twice alike is one, and two that differ say nothing.
published as (
    select
        period,
        min(fact_key) as fact_key,
        bool_and(is_masked) as is_masked,
        case when min(figure) = max(figure) and not bool_or(is_masked) then min(figure) end as figure
    from totals
    group by period
)

select
    {{ cell(
        measure="'COUNT'", ref_area="'IQ'", time_period='periods.period', obs_value='published.figure',
        obs_status="case when published.is_masked then 'Q' when published.figure is null then 'O' else 'A' end",
        reports_received_count='case when published.fact_key is null then 0 else 1 end', reports_expected_count='1',
        fact_keys='published.fact_key'
    ) }}
from periods
left join published
    on periods.period = published.period
