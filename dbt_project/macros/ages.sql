{#- How old a person was on the day that a fact is counted by (decision 41). Child is under eighteen (Law 28/2012
    Art. 6(1); Palermo Protocol Art. 3(d)). What a body wrote is a range of ages on that day: an age in years is moved by
    the time between, a year of birth leaves two ages, a group that was typed leaves many. -#}

{#- Completed years from one date to another, downwards too; 0 where either is not known. -#}
{% macro years_between(first, last) -%}
    coalesce(
        {{ year_of(last) }} - {{ year_of(first) }} - cast(
            extract(month from {{ last }}) * 100 + extract(day from {{ last }})
            < extract(month from {{ first }}) * 100 + extract(day from {{ first }}) as integer
        ),
        0
    )
{%- endmacro %}

{#- Does a record tell of an age on the first date of its fact? -#}
{% macro _tells_age(first_date, of) -%}
    (
        {{ of }}age_years is not null
        or ({{ of }}birth_year is not null and {{ first_date }} is not null)
        or ({{ known(of ~ 'age_group_code') }})
    )
{%- endmacro %}

{#- The youngest and the oldest that the person of a record can have been on the first date of the fact, and how it is
    known, three columns, null where the record tells of no age; and how many days it was written from that date. Of a
    row with the two dates, age_years, birth_year and age_group_code. -#}
{% macro age_columns(first_date, written_date, of='') -%}
    {%- set moved_down = years_between(written_date, first_date) -%}
    {%- set moved_up = years_between(first_date, written_date) -%}
    {#- On the last day of a year everybody has had a birthday in it. -#}
    {%- set last_day -%}
        (extract(month from {{ first_date }}) = 12 and extract(day from {{ first_date }}) = 31)
    {%- endset %}
    case
        when {{ of }}age_years is not null then {{ of }}age_years + {{ moved_down }}
        when {{ of }}birth_year is not null and {{ _tells_age(first_date, of) }}
            then {{ year_of(first_date) }} - {{ of }}birth_year - cast(not {{ last_day }} as integer)
        when {{ of }}age_group_code = 'Y0T17' then 0
        when {{ _tells_age(first_date, of) }} then 18 + {{ moved_down }}
    end as youngest_age,
    case
        when {{ of }}age_years is not null then {{ of }}age_years - {{ moved_up }}
        when {{ of }}birth_year is not null and {{ _tells_age(first_date, of) }}
            then {{ year_of(first_date) }} - {{ of }}birth_year
        when {{ of }}age_group_code = 'Y0T17' then 17 - {{ moved_up }}
        when {{ _tells_age(first_date, of) }} then 150
    end as oldest_age,
    case
        when {{ of }}age_years is not null and {{ written_date }} <> {{ first_date }} then 'YEARS_MOVED'
        when {{ of }}age_years is not null then 'YEARS_STATED'
        when {{ of }}birth_year is not null and {{ _tells_age(first_date, of) }} then 'BIRTH_YEAR'
        when {{ _tells_age(first_date, of) }} then 'GROUP_STATED'
    end as age_basis,
    coalesce(abs({{ days_between(written_date, first_date) }}), 1000000) as days_away
{%- endmacro %}

{#- The age of a fact by the `age_columns` of its records: of the nearest that settles whether it is a child's; where none
    does, of the nearest. -#}
{% macro nearest_age() -%}
    {%- for column in ['youngest_age', 'oldest_age', 'age_basis'] %}
    {{ _first_value(
        column,
        in_turn(['youngest_age < 18 and oldest_age >= 18', 'days_away', 'record_order']),
        'age_basis is not null'
    ) }} as {{ column }}
    {{- ',' if not loop.last }}
    {%- endfor %}
{%- endmacro %}

{#- Surely under eighteen, surely not, perhaps one and perhaps the other, or nothing known. -#}
{% macro age_group(youngest='youngest_age', oldest='oldest_age') -%}
    case
        when {{ oldest }} < 18 then 'Y0T17'
        when {{ youngest }} >= 18 then 'Y_GE18'
        when {{ oldest }} is not null then 'AMBIGUOUS'
        else '_U'
    end
{%- endmacro %}

{#- How the age group is known: YEARS_STATED, YEARS_MOVED, BIRTH_YEAR, GROUP_STATED, YEAR_AMBIGUOUS or UNKNOWN. -#}
{% macro age_basis(youngest='youngest_age', oldest='oldest_age', basis='age_basis') -%}
    case
        when {{ oldest }} is null then 'UNKNOWN'
        when {{ youngest }} < 18 and {{ oldest }} >= 18 then 'YEAR_AMBIGUOUS'
        else {{ basis }}
    end
{%- endmacro %}

{#- The band of the list `child_age` of whoever is surely a child; CHILD_U where the ages lie in two bands. -#}
{% macro child_age_band(youngest='youngest_age', oldest='oldest_age') -%}
    case
        when {{ oldest }} is null or {{ oldest }} >= 18 then null
        when {{ oldest }} <= 5 then 'CHILD_0_5'
        when {{ youngest }} >= 6 and {{ oldest }} <= 11 then 'CHILD_6_11'
        when {{ youngest }} >= 12 then 'CHILD_12_17'
        else 'CHILD_U'
    end
{%- endmacro %}
