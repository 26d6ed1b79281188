{#- A staging model: the current submissions' rows of one shape, cast to the columns of the model's own contract.
    The contract (the .yml beside the model) is the only list of columns. Two columns are made here:
    `record_key`, and `record_order`, the precedence among records that tell of the same fact: by source
    (seed source_precedence, unlisted sources last by name), then submission, sheet and row. A record that is linked
    (`raw.links`) has the token of its person from here on, so that every fact and `dim_person` join by it. -#}
{% macro staged(shape) -%}
{%- set made = ['record_key', 'record_order'] -%}
{%- set is_of_cells = 'cell_column' in model.columns -%}
{%- set is_of_persons = shape in ['victims', 'accused', 'services', 'residence_measures'] -%}
{%- set columns = model.columns.values() | rejectattr('name', 'in', made) | list -%}
with

source as (
    select
        {%- for column in columns %}
        {% if is_of_persons and column.name == 'person_token' -%}
        coalesce(links.person_token, records.person_token) as person_token,
        {%- else -%}
        records.{{ column.name }},
        {%- endif %}
        {%- endfor %}
        precedence.rank as precedence_rank
    from {{ landed(shape) }} as records
    inner join {{ ref('stg_submissions') }} as submissions
        on
            records.source = submissions.source
            and records.submission = submissions.submission
            and records.period = submissions.period
    left join {{ ref('source_precedence') }} as precedence
        on records.source = precedence.source
    {%- if is_of_persons %}
    left join {{ landed('links', is_one_file=true) }} as links
        on coalesce(records.person_token, {{ record_key(of='records.') }}) = links.member
    {%- endif %}
    where
        submissions.shape = '{{ shape }}'
        and submissions.is_current
),

{% if not is_of_cells -%}
-- Only the sheets are sorted, not all their rows.
sheets as (
    select
        source,
        submission,
        sheet,
        row_number() over (order by coalesce(min(precedence_rank), 1000), source, submission, sheet) as sheet_order
    from source
    group by
        source,
        submission,
        sheet
),

{% endif -%}
renamed as (
    select
        {{ record_key(is_of_cells) }} as record_key,
        {%- if is_of_cells %}
        cast(row_number() over (
            order by coalesce(precedence_rank, 1000), source, submission, sheet, row_number, cell_column
        ) as bigint) as record_order
        {%- else %}
        sheet_order * 10000000000 + row_number as record_order
        {%- endif %}
        {%- for column in columns %},
        cast({{ column.name }} as {{ type_named(column.data_type) }}) as {{ column.name }}
        {%- endfor %}
    from source
    {%- if not is_of_cells %}
    inner join sheets using (source, submission, sheet)
    {%- endif %}
)

select
    record_key,
    record_order
    {%- for column in columns %},
    {{ column.name }}
    {%- endfor %}
from renamed
{%- endmacro %}
