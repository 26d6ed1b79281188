{#- Nothing is lost and nothing is read twice: the facts hold exactly the staged records, by number. -#}
{% test holds_every_record(model, records) %}
{{ config(meta={'description': 'The facts hold exactly the staged records, by number.'}) }}
with

held as (
    select coalesce(sum(records_count), 0) as record_count
    from {{ model }}
),

staged as (
    select count(*) as record_count
    from {{ records }}
)

select
    held.record_count as held_count,
    staged.record_count as staged_count
from held
cross join staged
where held.record_count <> staged.record_count
{% endtest %}
