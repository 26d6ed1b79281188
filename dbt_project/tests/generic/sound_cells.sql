{#- Zero, missing and suppressed are three things: A has a value, O and Q have none and no members; and a value is the number
    of its members, unless it was published by somebody else (`counts_members: false`). -#}
{% test sound_cells(model, counts_members=true) %}
select
    measure,
    ref_area,
    time_period,
    obs_value,
    obs_status,
    members
from {{ model }}
where
    obs_status not in ('A', 'O', 'Q')
    or (obs_status = 'A') <> (obs_value is not null)
    or obs_value < 0
    or reporting_count > expected_count
    {%- if counts_members %}
    or (obs_value is null and members is not null)
    or obs_value <> case when members is null then 0 else length(members) - length(replace(members, ' ', '')) + 1 end
    {%- endif %}
{% endtest %}
