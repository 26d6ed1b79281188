{#- Zero, missing and suppressed are three things: A has a value, O and Q have none; and a value is the number of the facts
    that its cell counts, unless it adds up amounts or was published by somebody else (tag `adds_amounts`). Cells and facts
    are told apart by a hash: as texts they take half as much time again, and memory that a large build lacks. Two facts
    of one hash would count as one, which breaks the test. -#}
{{ config(
    store_failures=true,
    store_failures_as='view',
    meta={'description': 'Value and status of a cell agree, and a value is the number of the facts that its cell counts.'}
) }}
{%- set keys = ['measure'] + cell_keys() -%}
{%- for indicator in built_indicators() %}
select
    '{{ indicator.name }}' as failed_in,
    cells.measure,
    cells.ref_area,
    cells.time_period,
    cells.obs_value,
    cells.obs_status
from {{ indicator.relation }} as cells
{%- if 'adds_amounts' not in indicator.tags %}
left join (
    select
        cell_hash,
        count(distinct fact_hash) as fact_count
    from (
        select
            {{ hash_of(keys) }} as cell_hash,
            {{ hash_of(['fact_key']) }} as fact_hash
        from {{ facts_of(indicator.relation) }}
    ) as facts
    group by cell_hash
) as counted
    on {{ hash_of(keys, 'cells.') }} = counted.cell_hash
{%- endif %}
where
    cells.obs_status not in ('A', 'P', 'O', 'Q')
    or (cells.obs_status in ('A', 'P')) <> (cells.obs_value is not null)
    or cells.obs_value < 0
    or cells.reports_received_count > cells.reports_expected_count
    {%- if 'adds_amounts' not in indicator.tags %}
    or cells.obs_value <> coalesce(counted.fact_count, 0)
    {%- endif %}
{{ 'union all' if not loop.last }}
{%- endfor %}
