select
    'sex' as dimension,
    code,
    cast(rank as integer) as rank
from {{ ref('sex') }}
union all
select
    'age' as dimension,
    code,
    cast(rank as integer) as rank
from {{ ref('age_group') }}
union all
select
    'form' as dimension,
    code,
    cast(rank as integer) as rank
from {{ ref('form') }}
union all
select
    'article' as dimension,
    code,
    cast(rank as integer) as rank
from {{ ref('article_group') }}
union all
select
    'citizenship' as dimension,
    code,
    cast(rank as integer) as rank
from {{ ref('citizenship_group') }}
union all
select
    list as dimension,
    code,
    cast(rank as integer) as rank
from {{ ref('cust_breakdown') }}
