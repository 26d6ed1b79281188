with

source as (
    select
        source,
        region_code,
        period,
        due_date,
        late_from_date,
        is_over,
        delivery,
        punctuality
    from {{ landed('calendar', is_one_file=true) }}
),

renamed as (
    select
        cast(source as string) as source,
        cast(region_code as string) as region_code,
        cast(period as string) as period,
        cast(due_date as date) as due_date,
        cast(late_from_date as date) as late_from_date,
        cast(is_over as boolean) as is_over,
        cast(delivery as string) as delivery,
        cast(punctuality as string) as punctuality
    from source
)

select
    source,
    region_code,
    period,
    due_date,
    late_from_date,
    is_over,
    delivery,
    punctuality
from renamed
