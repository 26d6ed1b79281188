"""Questions of the catalogue in plain DuckDB SQL over raw Parquet, as an analyst without the house would ask them.

`python -m benchmarks.plain_questions HOME FOLDER` writes one Parquet file of answers for each question into FOLDER and
prints its wall seconds as JSON. Belongs here: SQL written by hand from the definitions on the cards, sharing no line
with `dbt_project`: that both come to the same numbers is the point (`scale.py` compares them). Does not belong here:
cells of zero, missing cells, members, coverage and lineage, which the warehouse tells and these answers leave out.

Bodies are ranked as the seed source_precedence ranks them. Two things hold for the rows of `invented_rows.py` only:
submissions are numbered in the order of years, and no row of a known person leaves the case blank (decision 40).
"""

from __future__ import annotations

import argparse
import json
import os
import time
from pathlib import Path

import duckdb

_REGION = "case when governorate_code in ('IQG06', 'IQG09', 'IQG11', 'IQG06Q05') then 'IQ-KR' else 'IQ-FED' end"
_AREA = "case when governorate_code = '_U' then 'IQ-FED-U' else governorate_code end"
_PRECEDENCE = """
    case source when 'iraq_judicial_council' then 1 when 'iraq_interior_ministry' then 2
        when 'kurdistan_interior_ministry' then 3 when 'iom_caseload' then 2000 else 1000 end::bigint * 1000000000000
    + period::bigint * 100000000 + row_number"""
_KEY = "coalesce(person_token || '|' || coalesce(case_token, '-'), source || period || '/' || row_number)"
_SEEKER = "person_token || year(request_date)"
_FORM = """
    list_sort(list_distinct([case when code in ('SEXUAL', 'FORCED_LABOUR', 'BEGGING', 'ORGAN', 'CHILD_SALE')
        then code else 'OTHER' end for code in string_split(exploitation_codes, ';')]))"""


def _raw(shape: str) -> str:
    return f"""
        (select *, {_PRECEDENCE} as precedence
        from read_parquet('{{raw}}/{shape}/*/*/rows.parquet', hive_partitioning = true))"""


def _first(column: str, ranked_by: str = "precedence", where: str = "") -> str:
    """Return SQL for the value that the best source knows."""
    return f"arg_min({column}, {ranked_by}) filter ({column} <> '_U'{where}) as {column}"


def _band(days: str) -> str:
    bands = {7: "D_0_7", 30: "D_8_30", 90: "D_31_90", 180: "D_91_180", 365: "D_181_365", 730: "D_366_730"}
    cases = " ".join(f"when {days} <= {last} then '{code}'" for last, code in bands.items())
    return f"case when {days} < 0 then null {cases} when {days} > 730 then 'D_GE_731' end"


def _age(shape: str, written: str, days: list[str], key: str = _KEY) -> str:
    """Return SQL of key -> age group on its first day, by the first and last day on which the person can be born.

    The nearest row that settles it is believed, written on the day `written`; the first day is the earliest of the
    first of `days` that anybody told.
    """
    first = ", ".join(f"min({day}) over (partition by {key})" for day in days)
    return f"""
        with told as (
            select {key} as key, age_years, birth_year, precedence, coalesce({first}) as first_day,
                coalesce({written}) as told_day, coalesce(told_day, first_day) as written_day
            from {_raw(shape)}
        ),
        born as (
            select key, precedence, first_day, coalesce(abs(told_day - first_day), 1000000) as days_away,
                coalesce(written_day - to_years(age_years + 1) + interval 1 day, make_date(birth_year, 1, 1)) as since,
                coalesce(written_day - to_years(age_years), make_date(birth_year, 12, 31)) as until
            from told where coalesce(age_years, birth_year) is not null
        ),
        read as (
            select *, case when greatest(since + interval 18 years, since - interval 1 day + interval 18 years
                    + interval 1 day) > first_day then 'Y0T17'  -- born on 29 February: of age on 1 March
                when until + interval 18 years <= first_day then 'Y_GE18' else 'AMBIGUOUS' end as age
            from born
        )
        select key, arg_min(age, (age = 'AMBIGUOUS', days_away, precedence)) as age from read group by key"""


FOUNDATIONS = {
    "events": f"""
        with merged as (
            select
                {_KEY} as event,
                any_value(person_token) as person_token,
                any_value(case_token) as case_token,
                {
        ", ".join(
            map(
                _first,
                [
                    "sex_code",
                    "citizenship_code",
                    "governorate_code",
                    "exploitation_codes",
                    "act_codes",
                    "means_codes",
                    "charge_law_codes",
                ],
            )
        )
    },
                min(contact_date) as contact_date,
                min(identified_date) as identified_date,
                year(coalesce(min(contact_date), min(identified_date))) as contact_year,
                year(min(identified_date)) as identified_year,
                count(distinct source) as sources
            from {_raw("victims")}
            group by all
        ),
        filled as (
            select * replace (
                coalesce(governorate_code, '_U') as governorate_code, coalesce(sex_code, '_U') as sex_code
            ), {_FORM} as forms from merged
        )
        select
            filled.*, {_REGION} as region, {_AREA} as area, coalesce(ages.age, '_U') as age,
            case when len(forms) > 1 then 'MULTIPLE' else coalesce(forms[1], '_U') end as form,
            act_codes <> 'NONE' as has_act,
            list_has_any(string_split(means_codes, ';'), ['MEANS_FORCE_THREAT', 'MEANS_COERCION', 'MEANS_ABDUCTION',
                'MEANS_FRAUD', 'MEANS_DECEPTION', 'MEANS_ABUSE_POWER', 'MEANS_PAYMENT']) as has_means,
            list_has_any(string_split(exploitation_codes, ';'), ['SEXUAL', 'FORCED_LABOUR', 'SLAVERY', 'BEGGING',
                'ORGAN', 'CHILD_SALE', 'MEDICAL_EXPERIMENT']) as has_listed_purpose,
            exploitation_codes <> 'OTHER' as has_purpose,
            citizenship_code <> 'IRQ' as is_foreign
        from filled left join ({
        _age(
            "victims",
            "identified_date, contact_date, registered_date",
            ["contact_date", "identified_date", "registered_date"],
        )
    }) as ages on filled.event = ages.key""",
    "proceedings": f"""
        with merged as (
            select
                {_KEY} as proceeding,
                any_value(case_token) as case_token,
                {", ".join(map(_first, ["sex_code", "governorate_code"]))},
                year(min(contact_date)) as contact_year,
                min(prosecuted_date) as prosecuted_date,
                min(verdict_date) as verdict_date,
                year(min(verdict_date)) as verdict_year,
                {_first("status_code", where=" and contact_date is not null")},
                {_first("verdict_code", where=" and verdict_date is not null")},
                {_first("law_codes", where=" and verdict_date is not null")},
                {_first("article_codes", where=" and verdict_date is not null")}
            from {_raw("accused")}
            group by all
        )
        select
            * replace (coalesce(governorate_code, '_U') as governorate_code, coalesce(sex_code, '_U') as sex_code),
            coalesce(ages.age, '_U') as age,
            verdict_code = 'CONVICTED' and list_contains(string_split(law_codes, ';'), 'L28_2012') as is_convicted
        from merged left join ({
        _age(
            "accused",
            "verdict_date, prosecuted_date, contact_date",
            ["contact_date", "prosecuted_date", "verdict_date"],
        )
    }) as ages on merged.proceeding = ages.key""",
    "cases": f"""
        select
            case_token, min(reported_date) as reported_date,
            {", ".join(map(_first, ["governorate_code", "exploitation_codes", "law_codes"]))}
        from {_raw("cases")} group by case_token""",
    "seekers": f"""
        select
            person_token, year(request_date) as request_year,
            coalesce(arg_min(governorate_code, (request_date, precedence)), '_U') as governorate_code,
            {_first("sex_code")},
            any_value(age) as age,
            bool_or(outcome_code = 'ADMITTED') as is_admitted,
            bool_or(outcome_code = 'REFUSED') as is_refused,
            coalesce(arg_min(coalesce(refusal_reason_code, '_U'), (request_date, precedence))
                filter (outcome_code = 'REFUSED'), '_U') as reason
        from {_raw("services")} left join ({
        _age("services", "request_date", ["request_date"], key=_SEEKER)
    }) as ages on {_SEEKER} = ages.key group by all""",
}


def _nearest(shape: str, day: str, kept: str) -> str:
    """Return SQL that gives every row of a shape to the person's last event begun before it, else to the first."""
    start = "coalesce(contact_date, identified_date)"
    return f"""
        select kept, event from (
            select {kept} as kept, event, row_number() over (
                partition by source, period, records.row_number
                order by start_date > {day}, abs(start_date - {day}), event
            ) as place
            from {_raw(shape)} as records
            inner join (select event, person_token, {start} as start_date from events) as own using (person_token)
            where start_date is not null
        ) where place = 1"""


_COUNT = "count(*) as obs_value"
_SEX_AGE = "sex_code as sex, age"
QUESTIONS = {
    "ind_protection__presumed_victims": f"""
        select 'COUNT' as measure, area as ref_area, contact_year as time_period, {_SEX_AGE}, form, {_COUNT}
        from events where contact_year is not null group by all""",
    "ind_protection__formally_identified_victims": f"""
        select 'COUNT' as measure, area as ref_area, identified_year as time_period, {_SEX_AGE}, form, {_COUNT}
        from events where identified_date is not null and region = 'IQ-FED' group by all""",
    "ind_protection__victims_charged": f"""
        select 'NUMERATOR' as measure, area as ref_area, contact_year as time_period, {_SEX_AGE}, form, {_COUNT}
        from events
        where charge_law_codes is not null and region = 'IQ-FED' and contact_year is not null group by all""",
    "ind_partnership__overlap_of_holders": f"""
        select 'NUMERATOR' as measure, region as ref_area, contact_year as time_period, {_COUNT}
        from events where sources >= 2 and contact_year is not null group by all""",
    "ind_prosecution__definition_gap": f"""
        select 'NUMERATOR' as measure, region as ref_area, contact_year as time_period,
            'GAP_' || case when means_codes is not null and not has_means then 'NO_MEANS'
                when exploitation_codes is not null and not has_listed_purpose then 'PURPOSE_NOT_LISTED'
                else 'NOT_RECORDED' end as cust_breakdown,
            {_COUNT}
        from events
        where age = 'Y0T17' and has_act and has_purpose
            and not (coalesce(has_means, false) and has_listed_purpose) group by all""",
    "ind_protection__days_to_identification": f"""
        select 'COUNT' as measure, region as ref_area, identified_year as time_period,
            {_band("identified_date - contact_date")} as cust_breakdown, {_COUNT}
        from events where region = 'IQ-FED' and cust_breakdown is not null group by all""",
    "ind_protection__victims_met_again": f"""
        with contacts as (select distinct person_token, contact_date from events
            where person_token is not null and contact_date is not null),
        followed as (select *, lead(contact_date) over (partition by person_token order by contact_date) - contact_date
            as days from contacts)
        select 'NUMERATOR' as measure, region as ref_area, contact_year as time_period, {_SEX_AGE}, {_COUNT}
        from events inner join followed using (person_token, contact_date)
        where days <= 730 and region = 'IQ-FED' group by all""",
    "ind_prosecution__persons_convicted": f"""
        select 'COUNT' as measure, {_AREA} as ref_area, verdict_year as time_period, {_SEX_AGE}, {_COUNT}
        from proceedings where is_convicted group by all""",
    "ind_prosecution__article_mix": f"""
        select 'NUMERATOR' as measure, {_AREA} as ref_area, verdict_year as time_period,
            case when article_codes like '%A8%' then 'A8' when article_codes like '%A6%' then 'A6'
                when article_codes like '%A5_2%' then 'A5_2' when article_codes like '%A5_1%' then 'A5_1'
                when article_codes like '%A7%' then 'A7' when article_codes like '%A9%' then 'A9'
                else 'A_OTHER' end as article,
            {_COUNT}
        from proceedings where is_convicted group by all""",
    "ind_prosecution__attrition": f"""
        select 'NUMERATOR' as measure, {_REGION} as ref_area, contact_year as time_period,
            case when verdict_date is null then 'TRIAL_PENDING' when is_convicted then 'TRIAL_CONVICTED_L28'
                when verdict_code = 'CONVICTED' then 'TRIAL_CONVICTED_OTHER' when verdict_code is null then 'TRIAL_U'
                else 'TRIAL_NOT_CONVICTED' end as cust_breakdown,
            {_COUNT}
        from proceedings where contact_year is not null and (prosecuted_date is not null or verdict_date is not null
            or status_code in ('PROSECUTED', 'CONVICTED')) group by all""",
    "ind_prosecution__investigations_opened": f"""
        select 'COUNT' as measure, {_REGION} as ref_area, year(reported_date) as time_period,
            case when len({_FORM}) > 1 then 'MULTIPLE' else coalesce({_FORM}[1], '_U') end as form, {_COUNT}
        from cases where list_contains(string_split(law_codes, ';'), 'L28_2012') group by all""",
    "ind_prosecution__days_to_verdict": f"""
        with verdicts as (select case_token, min(verdict_date) as day from proceedings
            where verdict_date is not null group by case_token)
        select 'COUNT' as measure, {_REGION} as ref_area, year(day) as time_period,
            {_band("day - reported_date")} as cust_breakdown, {_COUNT}
        from cases inner join verdicts using (case_token)
        where exploitation_codes <> 'OTHER' and cust_breakdown is not null group by all""",
    "ind_protection__shelter_coverage": f"""
        select measure, {_AREA} as ref_area, request_year as time_period, coalesce(sex_code, '_U') as sex,
            coalesce(age, '_U') as age, {_COUNT}
        from seekers inner join (values ('DENOMINATOR', true), ('NUMERATOR', false)) as measures(measure, takes_all)
            on takes_all or is_admitted group by all""",
    "ind_protection__shelter_refusals": f"""
        select 'NUMERATOR' as measure, {_REGION} as ref_area, request_year as time_period,
            'REFUSAL_' || replace(reason, '_U', 'U') as cust_breakdown, {_COUNT}
        from seekers where is_refused group by all""",
    "ind_protection__medical_examination": f"""
        with helped as (
            select event from ({_nearest("services", "request_date", "has_medical_exam")})
            group by event having bool_or(kept = 'Y')
        )
        select 'NUMERATOR' as measure, region as ref_area, identified_year as time_period, {_SEX_AGE}, {_COUNT}
        from events inner join helped using (event)
        where identified_date is not null and region = 'IQ-FED' group by all""",
    "ind_protection__residence_law_penalties": f"""
        with penalised as (
            select distinct event from ({_nearest("residence_measures", "measure_date", "action_code")})
            where kept in ('FINE', 'DETENTION', 'EXPULSION', 'REMOVAL', 'REFORMATORY')
        )
        select measure, region as ref_area, contact_year as time_period, sex_code as sex, {_COUNT}
        from events left join penalised using (event)
        inner join (values ('DENOMINATOR', true), ('NUMERATOR', false)) as measures(measure, takes_all)
            on takes_all or penalised.event is not null
        where is_foreign and contact_year is not null and region = 'IQ-FED' group by all""",
}


def limits() -> dict[str, str | bool | int | float | list[str]]:
    """Return DuckDB's settings: no more memory than `MARSAD_MEMORY_LIMIT` lets the house have."""
    return {"memory_limit": os.environ.get("MARSAD_MEMORY_LIMIT", "80%")}


def main() -> None:
    """Answer every question and print the wall seconds of each step, of what all questions share too, as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("home", type=Path, help="its raw files are asked")
    parser.add_argument("folder", type=Path, help="for the answers")
    chosen = parser.parse_args()
    raw, folder = chosen.home / "raw", chosen.folder
    folder.mkdir(parents=True, exist_ok=True)
    seconds: dict[str, float] = {}
    with duckdb.connect(config=limits()) as connection:
        for name, query in FOUNDATIONS.items():
            start = time.monotonic()
            connection.execute(f"create temp table {name} as {query.replace('{raw}', str(raw))}")
            seconds[name] = time.monotonic() - start
        for name, query in QUESTIONS.items():
            start = time.monotonic()
            connection.execute(f"copy ({query.replace('{raw}', str(raw))}) to '{folder}/{name}.parquet'")
            seconds[name] = time.monotonic() - start
    print(json.dumps(seconds))


if __name__ == "__main__":
    main()
