{#- How a landed record is named, ranked and read. -#}

{% macro known(code) -%}
    {{ code }} is not null and {{ code }} <> '_U'
{%- endmacro %}

{#- `source/submission/sheet/row`: walks back to one row of one file; where one row gives several records, one for each
    figure, the letters of its column follow: `…/row/column`. Never holds a space: keys are joined by spaces. -#}
{% macro record_key(is_of_cells=false, of='') -%}
    {{ of }}source || '/' || {{ of }}submission || '/' || replace({{ of }}sheet, ' ', '_') || '/'
    || cast({{ of }}row_number as string)
    {%- if is_of_cells %} || '/' || cell_column{% endif %}
{%- endmacro %}

{#- One person in one case is one fact, whichever bodies saw it; without a token a record stays alone. The
    case is that of `case_columns`. -#}
{% macro person_case_key(of='') -%}
    coalesce({{ of }}person_token || '|' || coalesce({{ of }}placed_case_token, '-'), {{ of }}record_key)
{%- endmacro %}

{#- The keys of other facts, for the model that groups by one and for the one that says which records stand behind it. -#}
{% macro measure_key(of='') -%}
    coalesce(
        {{ of }}person_token || '|' || cast({{ of }}measure_date as string) || '|' || {{ of }}action_code,
        {{ of }}record_key
    )
{%- endmacro %}

{% macro seeker_key() -%}
    coalesce(person_token, record_key)
{%- endmacro %}

{% macro facility_key() -%}
    source || '|' || replace(facility_code, ' ', '_') || '|' || cast(reference_year as string)
{%- endmacro %}

{% macro activity_key() -%}
    source || '|' || replace(activity_code, ' ', '_')
{%- endmacro %}

{#- The case of each record that leaves its case blank though the body knows the person: the person's only case; of
    several the one that ran on the record's date, if exactly one did; else null, and the record stays apart and is
    counted as unresolved. Records of persons without any case are not among the rows. Decision 40.

    blanks     record_key, person_token, record_date (null where there is none)
    intervals  person_token, case_token, start_date, end_date (null while the case runs) -#}
{% macro placed_in_cases(blanks, intervals) -%}
    select
        blanks.record_key,
        case
            when count(*) = 1 then min(intervals.case_token)
            when count(*) filter (where {{ _was_running() }}) = 1
                then min(intervals.case_token) filter (where {{ _was_running() }})
        end as case_token
    from {{ blanks }} as blanks
    inner join {{ intervals }} as intervals
        on blanks.person_token = intervals.person_token
    group by blanks.record_key
{%- endmacro %}

{% macro _was_running() -%}
    blanks.record_date >= intervals.start_date
    and (intervals.end_date is null or blanks.record_date <= intervals.end_date)
{%- endmacro %}

{#- The columns of a record that say in which case it is told of, once blank ones are placed. -#}
{% macro case_columns() -%}
    coalesce(records.case_token, blanks.case_token) as placed_case_token,
    blanks.record_key is not null and blanks.case_token is null as is_case_unresolved
{%- endmacro %}

{#- Which fact of persons in cases each staged record belongs to: `fact_key` and `record_key`. -#}
{% macro facts_of_records(staged, blank_cases) -%}
    select
        {{ person_case_key() }} as fact_key,
        record_key
    from (
        select
            records.record_key,
            records.person_token,
            {{ case_columns() }}
        from {{ staged }} as records
        left join {{ blank_cases }} as blanks
            on records.record_key = blanks.record_key
    ) as placed
{%- endmacro %}

{#- The victim-event that what befell a person belongs to: the last one that began before it; where none did, the person's
    first one. `happening_key` and `event_key`; of persons without an event with a date there is no row.

    happenings  fact_key, person_token and the date
    events      fact_key, person_token, start_date -#}
{% macro events_of(happenings, date, events) -%}
    select
        happenings.fact_key as happening_key,
        {{ _first_value(
            'events.fact_key',
            in_turn([
                'events.start_date > happenings.' ~ date,
                'abs(' ~ days_between('events.start_date', 'happenings.' ~ date) ~ ')',
                'events.fact_key'
            ]),
            'events.start_date is not null'
        ) }} as event_key
    from {{ happenings }} as happenings
    inner join {{ events }} as events
        on happenings.person_token = events.person_token
    where events.start_date is not null
    group by happenings.fact_key
{%- endmacro %}

{#- The rows of these shapes that tell of a known person, each shape with its rank; within the shape their own order counts,
    which is far under the factor. -#}
{% macro appearances(shapes) -%}
    {%- for shape in shapes %}
    select
        person_token,
        source,
        period,
        sex_code,
        birth_year,
        {{ loop.index }} as shape_rank,
        {{ loop.index }} * 1000000000000000000 + record_order as record_order
    from {{ ref('stg_' ~ shape) }}
    where person_token is not null
    {{ 'union all' if not loop.last }}
    {%- endfor %}
{%- endmacro %}

{#- Does a row of an accused tell a verdict? Its day may be blank. -#}
{% macro has_verdict(of='') -%}
    ({{ of }}verdict_date is not null or ({{ known(of ~ 'verdict_code') }}))
{%- endmacro %}

{#- Is `code` in the `;` list `codes`? -#}
{% macro has_code(codes, code) -%}
    position(';' || {{ code }} || ';' in ';' || {{ codes }} || ';') > 0
{%- endmacro %}

{% macro year_of(date) -%}
    cast(extract(year from {{ date }}) as integer)
{%- endmacro %}

{#- Iraqi, foreign (stateless persons with them), or not known. -#}
{% macro citizenship_group(code) -%}
    case when {{ code }} is null or {{ code }} = '_U' then '_U' when {{ code }} = 'IRQ' then 'IRQ' else 'FOREIGN' end
{%- endmacro %}

{#- Whole days as a band of the list `duration`; null stays null, and what ends before it began is no duration. -#}
{% macro duration_band(days) -%}
    case
        when {{ days }} < 0 then null
        when {{ days }} <= 7 then 'D_0_7'
        when {{ days }} <= 30 then 'D_8_30'
        when {{ days }} <= 90 then 'D_31_90'
        when {{ days }} <= 180 then 'D_91_180'
        when {{ days }} <= 365 then 'D_181_365'
        when {{ days }} <= 730 then 'D_366_730'
        when {{ days }} > 730 then 'D_GE_731'
    end
{%- endmacro %}

{#- The cohorts that the federal courts have been followed through: regions and years of which the judicial council has
    told the whole, with the whole of each of `years` years after. Whoever of such a cohort has no verdict by then is
    known to have none. -#}
{% macro followed_cohorts(years) -%}
    select
        cohorts.region_code,
        cast(cohorts.period as integer) as cohort_year
    from {{ ref('dim_reporting') }} as cohorts
    inner join {{ ref('dim_reporting') }} as later
        on
            cohorts.holder_code = later.holder_code
            and cohorts.region_code = later.region_code
            and cast(later.period as integer) - cast(cohorts.period as integer) between 0 and {{ years }}
    where
        cohorts.holder_code = 'iraq_judicial_council'
        and later.is_reporting
        and later.is_partial is not true
    group by
        cohorts.region_code,
        cohorts.period
    having count(*) = {{ years + 1 }}
{%- endmacro %}

{#- A yes/no code as a boolean; blank and unknown stay null. -#}
{% macro yes_no(code) -%}
    case {{ code }} when 'Y' then true when 'N' then false end
{%- endmacro %}

{#- A `;` list without its unknown: codes are sorted, so that `_U` stands last. -#}
{% macro without_unknown(codes) -%}
    replace({{ codes }}, ';_U', '')
{%- endmacro %}

{#- The driver of a case in the list `driver`: DRIVER_SEVERAL for two or more; null where none is recorded. -#}
{% macro driver_code(codes) -%}
    case
        when not ({{ known(codes) }}) then null
        when position(';' in {{ without_unknown(codes) }}) > 0 then 'DRIVER_SEVERAL'
        else 'DRIVER_' || {{ without_unknown(codes) }}
    end
{%- endmacro %}

{#- Which core variable of a victim-event nobody recorded, in the list `core_gap`; an event that may be another one of
    the same person, because its case is not known, stands apart from the others whatever it lacks. -#}
{% macro core_gap_code() -%}
    {%- set lacks = {
        'SEX': "events.sex_code = '_U'",
        'AGE': "events.age_group_code = '_U'",
        'CITIZENSHIP': "events.citizenship_code = '_U'",
        'AREA': "events.governorate_code = '_U'",
        'FORM': "flags.form_code = '_U'",
        'ACT': 'events.act_codes is null',
        'MEANS': 'events.means_codes is null'
    } -%}
    case
        when events.is_case_unresolved then 'CORE_CASE_UNRESOLVED'
        when (
            {%- for condition in lacks.values() %}
            {{ '+ ' if not loop.first }}cast({{ condition }} as integer)
            {%- endfor %}
        ) > 1 then 'CORE_LACKS_SEVERAL'
        {%- for name, condition in lacks.items() %}
        when {{ condition }} then 'CORE_LACKS_{{ name }}'
        {%- endfor %}
        else 'CORE_COMPLETE'
    end
{%- endmacro %}
