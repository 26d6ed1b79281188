select
    holder_code,
    period,
    region_code,
    is_expected,
    is_reporting,
    is_partial
from {{ ref('fct_submission') }}
where is_expected
