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

{#- One row a record that tells of an age: the youngest and the oldest that the person can have been on the first date
    of the fact, and how it is known.

    records  fact_key, record_order, written_date, age_years, birth_year, age_group_code
    firsts   fact_key, first_date -#}
{% macro age_readings(records, firsts) -%}
    {%- set moved_down = years_between('records.written_date', 'firsts.first_date') -%}
    {%- set moved_up = years_between('firsts.first_date', 'records.written_date') -%}
    {#- On the last day of a year everybody has had a birthday in it. -#}
    {%- set last_day -%}
        (extract(month from firsts.first_date) = 12 and extract(day from firsts.first_date) = 31)
    {%- endset %}
    select
        records.fact_key,
        records.record_order,
        case
            when records.age_years is not null then records.age_years + {{ moved_down }}
            when records.birth_year is not null
                then {{ year_of('firsts.first_date') }} - records.birth_year - cast(not {{ last_day }} as integer)
            when records.age_group_code = 'Y0T17' then 0
            else 18 + {{ moved_down }}
        end as youngest_age,
        case
            when records.age_years is not null then records.age_years - {{ moved_up }}
            when records.birth_year is not null then {{ year_of('firsts.first_date') }} - records.birth_year
            when records.age_group_code = 'Y0T17' then 17 - {{ moved_up }}
            else 150
        end as oldest_age,
        case
            when records.age_years is not null and records.written_date <> firsts.first_date then 'YEARS_MOVED'
            when records.age_years is not null then 'YEARS_STATED'
            when records.birth_year is not null then 'BIRTH_YEAR'
            else 'GROUP_STATED'
        end as age_basis,
        coalesce(abs({{ days_between('records.written_date', 'firsts.first_date') }}), 1000000) as days_away
    from {{ records }} as records
    inner join {{ firsts }} as firsts
        on records.fact_key = firsts.fact_key
    where
        records.age_years is not null
        or (records.birth_year is not null and firsts.first_date is not null)
        or {{ known('records.age_group_code') }}
{%- endmacro %}

{#- The age of each fact: the nearest record that settles whether it is a child's; where none does, the nearest. -#}
{% macro nearest_age(readings) -%}
    {%- set nearness -%}
        row(youngest_age < 18 and oldest_age >= 18, days_away, record_order)
    {%- endset -%}
    select
        fact_key,
        arg_min(youngest_age, {{ nearness }}) as youngest_age,
        arg_min(oldest_age, {{ nearness }}) as oldest_age,
        arg_min(age_basis, {{ nearness }}) as age_basis
    from {{ readings }}
    group by fact_key
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
