{#- How a landed record is named, ranked and read. -#}

{% macro known(code) -%}
    {{ code }} is not null and {{ code }} <> '_U'
{%- endmacro %}

{#- `source/submission/sheet/row`: walks back to one row of one file; where one row gives several records, one for each
    figure, the letters of its column follow: `…/row/column`. Never holds a space: keys are joined by spaces. -#}
{% macro record_key(is_of_cells=false) -%}
    source || '/' || submission || '/' || replace(sheet, ' ', '_') || '/' || cast(row_number as varchar)
    {%- if is_of_cells %} || '/' || cell_column{% endif %}
{%- endmacro %}

{#- One person in one case is one fact, whichever bodies saw it; without a token a record stays alone. -#}
{% macro person_case_key() -%}
    coalesce(person_token || '|' || coalesce(case_token, '-'), record_key)
{%- endmacro %}

{#- Is `code` in the `;` list `codes`? -#}
{% macro has_code(codes, code) -%}
    position(';' || {{ code }} || ';' in ';' || {{ codes }} || ';') > 0
{%- endmacro %}

{% macro year_of(date) -%}
    cast(extract(year from {{ date }}) as integer)
{%- endmacro %}

{#- Child is under eighteen (Law 28/2012 Art. 6(1); Palermo Protocol Art. 3(d)). Years as stated win, then the year of
    birth against the reference year, then a group the sender typed. -#}
{% macro age_group(reference_year) -%}
    case
        when coalesce(age_years, {{ reference_year }} - birth_year) < 18 then 'Y0T17'
        when coalesce(age_years, {{ reference_year }} - birth_year) >= 18 then 'Y_GE18'
        else coalesce(age_group_code, '_U')
    end
{%- endmacro %}

{#- A child's age in the bands of the list `child_age`; null for adults and where nothing is known. -#}
{% macro child_age_band(reference_year) -%}
    case
        when coalesce(age_years, {{ reference_year }} - birth_year) <= 5 then 'CHILD_0_5'
        when coalesce(age_years, {{ reference_year }} - birth_year) <= 11 then 'CHILD_6_11'
        when coalesce(age_years, {{ reference_year }} - birth_year) <= 17 then 'CHILD_12_17'
        when age_years is null and birth_year is null and age_group_code = 'Y0T17' then 'CHILD_U'
    end
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

{#- A yes/no code as a boolean; blank and unknown stay null. -#}
{% macro yes_no(code) -%}
    case {{ code }} when 'Y' then true when 'N' then false end
{%- endmacro %}

{#- The driver of a case in the list `driver`: DRIVER_SEVERAL for two or more; null where none is recorded. -#}
{% macro driver_code(codes) -%}
    case
        when not ({{ known(codes) }}) then null
        when position(';' in {{ codes }}) > 0 then 'DRIVER_SEVERAL'
        else 'DRIVER_' || {{ codes }}
    end
{%- endmacro %}

{#- Which core variable of a victim-event nobody recorded, in the list `core_gap`. -#}
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
