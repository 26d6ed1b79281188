"""Raw rows of any number of victim-events, made by DuckDB straight into Parquet as the landing lays them out.

Belongs here: what is invented, in which proportions, and how it is laid out under `raw/`. Does not belong here: timing
(`million_events.py`), and files that a person could have sent: this skips the door, so only benchmarks may read its
rows.

Everything is drawn from hashes of a row's number, so the same arguments give the same rows on every machine. Shares
follow the invented country of `samples` in round figures: 1.6 victims and 2.2 accused a case, a fifth in the Kurdistan
Region, half of the federal events known to two bodies, three in a hundred persons met in an earlier case.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import duckdb

from ingestion.cards.source_card import shape_names
from ingestion.home import Home
from ingestion.submissions.raw_rows import NO_ROWS, column_types, rows_path

YEARS = range(2016, 2026)
_YEAR_WEIGHTS = (214, 236, 268, 292, 228, 284, 326, 398, 426, 412)
_TYPES = {"string": "varchar", "int32": "integer", "int64": "bigint", "float64": "double", "date32": "date"}
_SEED = 28

_FEDERAL = "iraq_interior_ministry"
_COUNCIL = "iraq_judicial_council"
_LABOUR = "iraq_labour_ministry"
_RESIDENCE = "iraq_residence_directorate"
_KURDISTAN = "kurdistan_interior_ministry"
_CASELOAD = "iom_caseload"
_ACTIVITIES = "task_force_activities"
_OWING = {
    _FEDERAL: "IQ-FED", _COUNCIL: "IQ-FED", _LABOUR: "IQ-FED", _RESIDENCE: "IQ-FED", _ACTIVITIES: "IQ-FED",
    _KURDISTAN: "IQ-KR",
}  # fmt: skip

_FEDERAL_AREAS = {
    "IQG08": 0.47, "IQG02": 0.09, "IQG15": 0.07, "IQG17": 0.05, "IQG07": 0.05, "IQG04": 0.05, "IQG12": 0.04,
    "IQG10": 0.04, "IQG13": 0.03, "IQG01": 0.03, "IQG05": 0.03, "IQG18": 0.02, "IQG16": 0.02, "_U": 0.01,
}  # fmt: skip
_REGION_AREAS = {"IQG11": 0.42, "IQG06": 0.34, "IQG09": 0.21, "IQG06Q05": 0.03}
_FORMS = {
    "SEXUAL": 0.37, "FORCED_LABOUR": 0.27, "BEGGING": 0.20, "ORGAN": 0.08, "CHILD_SALE": 0.03, "SLAVERY": 0.02,
    "FORCED_MARRIAGE": 0.03,
}  # fmt: skip
_CITIZENSHIPS = {"IRQ": 0.72, "SYR": 0.10, "BGD": 0.06, "PAK": 0.04, "PHL": 0.03, "ETH": 0.02, "_U": 0.03}
_ACTS = {"ACT_RECRUIT": 0.45, "ACT_HARBOUR": 0.27, "ACT_RECEIPT;ACT_TRANSPORT": 0.2, "NONE": 0.01}
_MEANS = {
    "MEANS_DECEPTION": 0.25, "MEANS_FRAUD;MEANS_PAYMENT": 0.16, "MEANS_FORCE_THREAT": 0.18, "MEANS_COERCION": 0.14,
    "MEANS_APOV": 0.08, "NONE": 0.05,
}  # fmt: skip
_DRIVERS = {"POVERTY": 0.2, "STREET": 0.1, "DISPLACEMENT": 0.1, "POVERTY;SCHOOL_DROPOUT": 0.1, "_U": 0.1}
_DETECTIONS = {"POLICE": 0.52, "COMMUNITY_POLICE": 0.14, "COURT": 0.08, "SELF": 0.10, "HOTLINE": 0.08, "_U": 0.08}
_REFERRALS = {"INVESTIGATIVE_COURT": 0.5, "SHELTER": 0.26, "EMBASSY": 0.05, "NGO": 0.06, "SELF": 0.05}
_CHANNELS = {"STATION": 0.4, "HOTLINE": 0.2, "PATROL": 0.2, "NGO": 0.1, "ONLINE": 0.05}
_RECRUITMENTS = {"SOCIAL_MEDIA": 0.3, "FRIEND": 0.2, "JOB_OFFER": 0.2, "FAMILY": 0.2, "_U": 0.1}
_LAWS = {"L28_2012": 0.85, "L08_1988": 0.08, "PC_OTHER": 0.05}
_ARTICLES = {"A5_2": 0.3, "A5_1": 0.15, "A6_1": 0.12, "A6_1;A6_2": 0.15, "A6_2": 0.15, "A5_2;A6_7": 0.06, "A7": 0.04}
_VERDICTS = {"CONVICTED": 0.62, "ACQUITTED": 0.15, "DISCHARGED": 0.2, "CLOSED": 0.03}
_OUTCOMES = {"ADMITTED": 0.66, "REFUSED": 0.29, "WITHDRAWN": 0.05}
_REFUSALS = {"NO_JUDGE_ORDER": 0.5, "SEX": 0.2, "AGE": 0.2, "FULL": 0.05}
_MEASURES = {"DETENTION": 0.4, "EXPULSION": 0.25, "FINE": 0.2, "RELEASE": 0.15}
_REASONS = {"EXPIRED_RESIDENCE": 0.5, "ILLEGAL_ENTRY": 0.2, "LEFT_EMPLOYER": 0.2, "NO_WORK_PERMIT": 0.1}
# kinds of help -> the share of requests that got them
_ANSWERS = {
    "has_medical_exam": 0.85, "has_psychosocial_support": 0.6, "has_legal_advice": 0.4, "has_interpretation": 0.15,
    "has_education": 0.25, "has_grant": 0.1, "has_family_contact": 0.3, "has_work_placement": 0.1,
    "has_residence_measure": 0.2, "is_enrolled_in_school": 0.3, "has_best_interests_determination": 0.2,
}  # fmt: skip
_ACTIVITY_TYPES = {"MEETING": 0.3, "TRAINING": 0.3, "CAMPAIGN": 0.2, "INSPECTION": 0.2}


class _Landed(NamedTuple):
    """The rows of a shape that a source sent of a year."""

    source: str
    shape: str
    year: int
    rows: int


def make(home: Home, events: int) -> None:
    """Write `raw/` of a home with about that many victim-events, 2016 to 2025.

    Events without a person's token are told of once; a person met twice in one case is one event: both are rare, and
    the warehouse says how many there are.
    """
    shares = [sum(_YEAR_WEIGHTS[: place + 1]) / sum(_YEAR_WEIGHTS) for place in range(len(YEARS))]
    ends = [round(events * share) for share in shares]
    landed: list[_Landed] = []
    with duckdb.connect() as connection:
        connection.execute("set preserve_insertion_order = false")
        for name, text in _MACROS.items():
            connection.execute(f"create macro {name} as {text}")
        for year, start, end in zip(YEARS, [0, *ends], ends, strict=False):
            connection.execute(_TRUTH, {"first": start, "last": end, "persons": max(events, 2), "year": year})
            connection.execute(_ACCUSED)
            for (shape, source), query in _FILES.items():
                rows = _write_rows(connection, home, (shape, source, year), query)
                landed.append(_Landed(source, shape, year, rows))
        for shape in shape_names():
            _write_rows(connection, home, (shape, NO_ROWS, 0), "select 1 as row_number where false")
        _write_roll_call(connection, home, landed)


def pick(chance: str, weights: Mapping[str, float]) -> str:
    """Return SQL that picks a code by weight from a chance in [0, 1); null above the sum of the weights."""
    bounds: list[str] = []
    reached = 0.0
    for code, weight in weights.items():
        reached += weight
        bounds.append(f"when {chance} < {reached:.4f} then '{code}'")
    return f"case {' '.join(bounds)} end"


def yes(question: str, share: float, asked: float = 0.9) -> str:
    """Return SQL for a yes or no with that share of yes; null for the share that was not asked."""
    chance = f"chance(number, '{question}')"
    return f"case when {chance} < {share * asked:.4f} then 'Y' when {chance} < {asked:.4f} then 'N' end as {question}"


_MACROS = {
    # a chance in [0, 1) for a number and a question; a token as the holders write it
    "chance(number, question)": f"(hash(number, question, {_SEED}) % 1000003) / 1000003.0",
    "token(kind, number)": "'k1:' || md5(kind || number)",
}

_TRUTH = f"""
create or replace temp table events as
with numbers as (
    select
        number,
        number * 5 // 8 as case_number,
        case when chance(number, 'again') < 0.03 then hash(number, 'person', {_SEED}) % $persons else number end
            as person_number,
        cast(make_date($year, 1, 1) + cast(floor(chance(number, 'day') * 365) as integer) as date) as day
    from range($first, $last) as all_numbers(number)
),
drawn as (
    select
        *,
        token('person', person_number) as person_token,
        token('case', case_number) as case_token,
        chance(case_number, 'region') < 0.18 as is_kurdistan,
        chance(case_number, 'area') as area,
        {pick("chance(case_number, 'form')", _FORMS)} as form,
        chance(number, 'age') as age,
        chance(number, 'identified') < 0.68 as is_identified,
        {pick("chance(person_number, 'citizenship')", _CITIZENSHIPS)} as citizenship_code,
        chance(number, 'council') < 0.6 as is_with_council,
        chance(number, 'caseload') < 0.12 as is_in_caseload
    from numbers
)
select
    *,
    $year as year,
    case when is_kurdistan then {pick("area", _REGION_AREAS)} else {pick("area", _FEDERAL_AREAS)} end
        as governorate_code,
    case when chance(number, 'second') < 0.1 and form < 'SLAVERY' then form || ';SLAVERY' else form end
        as exploitation_codes,
    {pick("chance(person_number, 'sex')", {"F": 0.62, "M": 0.38})} as sex_code,
    cast(case when age < 0.3 then 4 + age * 46 else 18 + (age - 0.3) * 46 end as integer) as age_years,
    {pick("chance(number, 'acts')", _ACTS)} as act_codes,
    {pick("chance(number, 'means')", _MEANS)} as means_codes,
    {pick("chance(number, 'drivers')", _DRIVERS)} as driver_codes,
    {pick("chance(number, 'detection')", _DETECTIONS)} as detected_by_code,
    {pick("chance(number, 'referral')", _REFERRALS)} as referred_to_code,
    {pick("chance(number, 'charge')", {"L08_1988": 0.06, "PC_390_392": 0.03, "L76_2017": 0.04})} as charge_law_codes,
    case when is_identified and not is_kurdistan
        then day + cast(5 + floor(chance(number, 'wait') * 500) as integer) end as identified_day,
    not is_kurdistan and (not is_with_council or chance(number, 'interior') < 0.87) as is_with_interior
from drawn
"""

_ACCUSED = """
create or replace temp table accused_persons as
with members as (
    select *, unnest(case when chance(number, 'crowd') < 0.4 then [1, 2] else [1] end) as place from events
),
numbered as (select *, number * 2 + place as accused_number from members)
select
    * exclude (person_token, sex_code, age_years, citizenship_code),
    token('accused', case when chance(accused_number, 'again') < 0.03 then accused_number // 3 else accused_number end)
        as person_token,
    case when chance(accused_number, 'sex') < 0.22 then 'F' else 'M' end as sex_code,
    cast(15 + floor(chance(accused_number, 'age') * 45) as integer) as age_years,
    case when chance(accused_number, 'citizenship') < 0.86 then 'IRQ' else 'SYR' end as citizenship_code,
    day + cast(90 + floor(chance(accused_number, 'verdict') * 640) as integer) as verdict_day,
    chance(accused_number, 'tried') < 0.7 as is_tried
from numbered
"""

_PERSON = "governorate_code, sex_code, age_years, 'years' as age_method, citizenship_code"
_EVENT = f"""
    case_token, day as contact_date, {_PERSON}, exploitation_codes, act_codes, means_codes, driver_codes,
    detected_by_code, 'POLICE' as presumed_by_code, charge_law_codes, referred_to_code"""

_LAST_DAY = f"date '{YEARS[-1]}-12-31'"
# (shape, source) -> the rows of one year
_FILES = {
    ("victims", _FEDERAL): f"""
        select
            case when is_with_council or is_in_caseload or chance(number, 'token') > 0.05 then person_token end
                as person_token,
            {_EVENT}
        from events where is_with_interior""",
    ("victims", _KURDISTAN): f"select person_token, {_EVENT} from events where is_kurdistan",
    ("victims", _COUNCIL): f"""
        select
            person_token, case_token,
            least(day + cast(chance(number, 'later') * 6 as integer), {_LAST_DAY}) as contact_date,
            governorate_code, case when chance(number, 'no sex') < 0.05 then '_U' else sex_code end as sex_code,
            year - age_years as birth_year, citizenship_code, form as exploitation_codes,
            act_codes, means_codes, 'COURT' as presumed_by_code,
            case when identified_day <= {_LAST_DAY} then identified_day end as identified_date,
            case when identified_day <= {_LAST_DAY} then 'INVESTIGATIVE_JUDGE' end as identified_by_code,
            {yes("has_charge_dropped", 0.3)},
            {yes("has_compensation_award", 0.1)},
            {yes("has_compensation_paid", 0.05)}
        from events where is_with_council and not is_kurdistan""",
    ("victims", _CASELOAD): f"""
        select
            person_token, case_token, day + 20 as registered_date, {_PERSON},
            case when chance(number, 'return') < 0.5 then day + 30 end as return_asked_date,
            case when chance(number, 'return') < 0.3 then day + 90 end as returned_date,
            case when chance(number, 'abroad') < 0.1 then day + 15 end as repatriated_date
        from events where is_in_caseload and (is_with_interior or is_kurdistan)""",
    ("cases", _FEDERAL): f"""
        select
            case_token, min(day) as reported_date, any_value(governorate_code) as governorate_code,
            any_value(form) as exploitation_codes,
            {pick("chance(case_number, 'channel')", _CHANNELS)} as channel_code,
            {pick("chance(case_number, 'recruitment')", _RECRUITMENTS)} as recruitment_code,
            {pick("chance(case_number, 'law')", _LAWS)} as law_codes,
            count(*) as victim_count, 'PROSECUTED' as status_code
        from events where not is_kurdistan group by case_number, case_token""",
    ("accused", _FEDERAL): f"""
        select
            person_token, case_token, {_PERSON}, case when chance(accused_number, 'large') > 0.09 then day end
                as contact_date,
            'ARRESTED' as status_code
        from accused_persons where not is_kurdistan""",
    ("accused", _COUNCIL): f"""
        select
            person_token, case_token, {_PERSON}, verdict_day as verdict_date, verdict_day - 60 as prosecuted_date,
            {pick("chance(accused_number, 'outcome')", _VERDICTS)} as verdict_code,
            {pick("chance(case_number, 'law')", _LAWS)} as law_codes,
            {pick("chance(accused_number, 'articles')", _ARTICLES)} as article_codes,
            cast(1 + floor(chance(accused_number, 'years') * 20) as double) as sentence_years
        from accused_persons where is_tried and not is_kurdistan and verdict_day <= {_LAST_DAY}""",
    ("services", _LABOUR): f"""
        select
            person_token, day + 5 as request_date, {_PERSON},
            {pick("chance(number, 'outcome')", _OUTCOMES)} as outcome_code,
            case when chance(number, 'outcome') between 0.66 and 0.95
                then {pick("chance(number, 'refusal')", _REFUSALS)} end as refusal_reason_code,
            case when chance(number, 'outcome') < 0.66 then day + 7 end as entry_date,
            case when chance(number, 'outcome') < 0.5
                then day + 10 + cast(chance(number, 'stay') * 300 as integer) end as exit_date,
            case when chance(number, 'outcome') < 0.66 then day + 4 end as judge_decision_date,
            {", ".join(yes(*answer) for answer in _ANSWERS.items())}
        from events
        where not is_kurdistan and chance(number, 'shelter') < 0.5 and day + 5 <= {_LAST_DAY}""",
    ("residence_measures", _RESIDENCE): f"""
        select
            person_token, day + 3 as measure_date, {_PERSON},
            {pick("chance(number, 'measure')", _MEASURES)} as action_code,
            {pick("chance(number, 'reason')", _REASONS)} as reason_code,
            day + 3 + cast(chance(number, 'detained') * 200 as integer) as released_date,
            {yes("is_screened", 0.4)}, {yes("is_found_victim", 0.2)}
        from events
        where citizenship_code not in ('IRQ', '_U') and not is_kurdistan and chance(number, 'foreigner') < 0.3""",
    ("facilities", _LABOUR): """
        select
            'D' || place as facility_code, 'IQG' || lpad(place::varchar, 2, '0') as governorate_code,
            ['SHELTER_WOMEN', 'SHELTER_MEN', 'SHELTER_MIXED'][1 + place % 3] as facility_type_code,
            any_value(year) as reference_year, 40 as capacity_count, 8000 as resident_night_count
        from events, range(1, 13) as shelters(place) group by place""",
    ("activities", _ACTIVITIES): f"""
        select
            'A' || year || '-' || number as activity_code,
            make_date(year, 1, 15) + cast(number as integer) as activity_date,
            {pick("chance(number, 'type')", _ACTIVITY_TYPES)} as activity_type_code,
            'CENTRAL_COMMITTEE' as organising_body_code, 'IQG08' as governorate_code, 'POLICE' as audience_codes,
            20 as men_count, 15 as women_count, 'Y' as is_planned, 'Y' as is_held
        from (select year from events limit 1), range(1, 201) as activities(number)""",
}


def _write_rows(connection: duckdb.DuckDBPyConnection, home: Home, place: tuple[str, str, int], query: str) -> int:
    """Write the file of a shape, source and year as the landing would, and return how many rows it has."""
    shape, source, year = place
    types = {name: _TYPES[kind] for name, kind in column_types(shape).items()}
    path = rows_path(home, shape, source, _submission(source, year) if year else NO_ROWS)
    path.parent.mkdir(parents=True, exist_ok=True)
    empty = ", ".join(f"cast(null as {kind}) as {name}" for name, kind in types.items())
    columns = ", ".join(f"cast({name} as {kind}) as {name}" for name, kind in types.items())
    filled = (
        f"""
        select '{shape}' as table_name, 'sheet 1' as sheet, row_number() over () + 3 as row_number,
            '{year}' as period, answers.*
        from ({query}) as answers"""
        if year
        else query
    )
    connection.execute(f"""
        copy (select {columns} from (select {empty} where false union all by name ({filled})))
        to '{path}' (format parquet, compression zstd)""")
    (count,) = connection.execute(f"select count(*) from read_parquet('{path}')").fetchall()
    return int(count[0])


def _submission(source: str, year: int) -> str:
    """Return the name of the folder of a source's file of a year; each source sends one file a year."""
    return f"{sorted([*_OWING, _CASELOAD]).index(source) * len(YEARS) + year - YEARS[0] + 1:06d}-{'0' * 12}"


def _write_roll_call(connection: duckdb.DuckDBPyConnection, home: Home, landed: list[_Landed]) -> None:
    """Write which submissions count and what is owed: every file is whole, in time and the only one of its year."""
    connection.execute("create table calls (source text, shape text, year integer, submission text, row_count bigint)")
    calls = [[one.source, one.shape, one.year, _submission(one.source, one.year), one.rows] for one in landed]
    connection.executemany("insert into calls values ($1, $2, $3, $4, $5)", calls)
    connection.execute(f"""
        copy (
            select
                source, shape, cast(year as varchar) as period, submission, repeat('0', 64) as sha256,
                cast(submission[:6] as integer) as sequence, make_date(year + 1, 2, 1) as sent_date, row_count,
                true as is_current, make_date(year, 1, 1) as covers_from, make_date(year, 12, 31) as covers_until,
                cast(1 as double) as completeness
            from calls
        ) to '{home.raw / "submissions.parquet"}' (format parquet)""")
    connection.execute("create table owing (source text, region_code text)")
    connection.executemany("insert into owing values ($1, $2)", [list(pair) for pair in _OWING.items()])
    connection.execute(f"""
        copy (
            select
                source, region_code, cast(year as varchar) as period, make_date(cast(year as integer) + 1, 3, 31)
                    as due_date,
                make_date(cast(year as integer) + 1, 4, 1) as late_from_date,
                make_date({YEARS[-1] + 1}, 12, 31) as as_of_date,
                true as is_over,
                'whole' as delivery,
                'in_time' as punctuality
            from owing, range({YEARS[0]}, {YEARS[-1] + 1}) as years(year)
        ) to '{home.raw / "calendar.parquet"}' (format parquet)""")
    connection.execute(f"""
        copy (select null::text as member, null::text as person_token where false)
        to '{home.raw / "links.parquet"}' (format parquet)""")
