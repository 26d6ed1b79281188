with

senders as (
    select
        source,
        min(region_code) as region_code
    from {{ ref('stg_calendar') }}
    group by source
)

select
    counts.record_key as fact_key,
    counts.source as holder_code,
    counts.reporting_area,
    counts.reporting_unit,
    counts.governorate_code,
    coalesce(areas.region_code, senders.region_code) as region_code,
    counts.measure,
    counts.dimension,
    counts.category,
    counts.sex_label,
    counts.age_label,
    counts.reference_year,
    counts.unit_label,
    counts.figure,
    counts.figure_mark,
    counts.figure_mark = 'masked' as is_masked,
    counts.figure_low,
    counts.figure_high,
    counts.figure_source,
    1 as records_count
from {{ ref('stg_counts') }} as counts
left join {{ ref('dim_governorate') }} as areas
    on counts.governorate_code = areas.governorate_code
left join senders
    on counts.source = senders.source
