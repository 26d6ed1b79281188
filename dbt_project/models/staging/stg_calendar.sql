with

source as (
    select
        source,
        region_code,
        period,
        due_date,
        late_from_date
    from {{ source('raw', 'calendar') }}
),

renamed as (
    select
        cast(source as varchar) as source,
        cast(region_code as varchar) as region_code,
        cast(period as varchar) as period,
        cast(due_date as date) as due_date,
        cast(late_from_date as date) as late_from_date
    from source
)

select
    source,
    region_code,
    period,
    due_date,
    late_from_date
from renamed
