with

source as (
    select
        source,
        shape,
        period,
        submission,
        sha256,
        sequence,
        sent_date,
        row_count,
        is_current,
        covers_from,
        covers_until,
        completeness
    from {{ landed('submissions', is_one_file=true) }}
),

renamed as (
    select
        cast(source as string) as source,
        cast(shape as string) as shape,
        cast(period as string) as period,
        cast(submission as string) as submission,
        cast(sha256 as string) as sha256,
        cast(sequence as integer) as sequence_number,
        cast(sent_date as date) as sent_date,
        cast(row_count as bigint) as row_count,
        cast(is_current as boolean) as is_current,
        cast(covers_from as date) as covers_from,
        cast(covers_until as date) as covers_until,
        cast(completeness as double) as completeness
    from source
)

select
    source,
    shape,
    period,
    submission,
    sha256,
    sequence_number,
    sent_date,
    row_count,
    is_current,
    covers_from,
    covers_until,
    completeness
from renamed
