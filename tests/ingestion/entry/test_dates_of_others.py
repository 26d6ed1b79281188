"""Dates as other programs and other hands leave them, beside the day that was meant: none lands with another month.

The truth of each row is known here before it is typed, so nothing of the reader's own rules is asked.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingestion.entry.decided_cells import Decided
from ingestion.entry.file_check import Examination, examine, examine_taken
from ingestion.home import Home
from ingestion.submissions import landing, review
from tests.ingestion.workbooks import case, cases, csv, victim, victims, xlsx

MINISTRY = "iraq_interior_ministry"
SHEET = "الضحايا"
HEADING = (SHEET, "C2")
FIRST_ROW = 4
"""Where the first victim stands under the title and the two header rows."""

Day = datetime.date
TODAY = Day(2025, 6, 1)
Typing = Callable[[Day], "str | Day"]

_DAYS = st.dates(Day(2024, 1, 1), Day(2024, 12, 31))
_MONTHS = st.integers(1, 12)
_EARLY = st.builds(Day, st.just(2024), _MONTHS, st.integers(1, 12))
_LATE = st.builds(Day, st.just(2024), _MONTHS, st.integers(13, 29))
_ARABIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")


def day_first(day: Day) -> str:
    return f"{day.day}/{day.month}/{day.year}"


def month_first(day: Day) -> str:
    return f"{day.month}/{day.day}/{day.year}"


def _taken_by_a_program(day: Day, typed: Callable[[Day], str]) -> str | Day:
    """What a spreadsheet program of the other order makes of a typed date: an exchanged date, or the text as it was."""
    return Day(day.year, day.day, day.month) if day.day <= 12 else typed(day)


def day_first_in_an_american_program(day: Day) -> str | Day:
    return _taken_by_a_program(day, day_first)


def month_first_in_an_iraqi_program(day: Day) -> str | Day:
    return _taken_by_a_program(day, month_first)


MONTH_FIRST: Mapping[str, Typing] = {
    "slashes": month_first,
    "dashes": lambda day: month_first(day).replace("/", "-"),
    "dots": lambda day: month_first(day).replace("/", "."),
    "zeros before": lambda day: f"{day:%m/%d/%Y}",
    "Arabic digits": lambda day: month_first(day).translate(_ARABIC),
    "an hour behind": lambda day: f"{month_first(day)} 10:30",
}
HONEST: Mapping[str, Typing] = {
    "slashes": day_first,
    "dashes": lambda day: day_first(day).replace("/", "-"),
    "zeros before": lambda day: f"{day:%d/%m/%Y}",
    "Arabic digits": lambda day: day_first(day).translate(_ARABIC),
    "real dates": lambda day: day,
    "ISO": Day.isoformat,
}


def _examined(typed: list[str | Day], decided: str = "") -> Examination:
    data = xlsx({SHEET: victims(*[victim(number, date=date) for number, date in enumerate(typed, start=1)])})
    columns = {HEADING: decided} if decided else {}
    examination = examine(data, "x.xlsx", MINISTRY, today=TODAY)
    decided_columns = Decided(columns=columns)
    return examine_taken(examination.taken, MINISTRY, examination.sha256, today=TODAY, decided=decided_columns)


def _landed(examination: Examination, field: str = "contact_date") -> dict[int, Day]:
    """The row in the order in which they were typed -> the date with which it landed."""
    return {
        row - FIRST_ROW: date
        for table in examination.tables
        if field in table.columns
        for row, date in zip(table.columns["row_number"], table.columns[field], strict=True)
    }


def _wrong(landed: Mapping[int, Day], meant: list[Day]) -> dict[int, Day]:
    return {row: date for row, date in landed.items() if date != meant[row]}


def _waits_for_the_column(examination: Examination) -> bool:
    kinds = {finding.kind for finding in examination.findings if (finding.sheet, finding.cell) == HEADING}
    return bool(kinds & {"date_order_contradicted", "dates_exchanged"})


def _year() -> list[Day]:
    """100 days over a year, each month and each day of a month among them."""
    return [Day(2024, 1, 1) + datetime.timedelta(days=number * 97 % 366) for number in range(100)]


@pytest.mark.parametrize("month", range(1, 13))
@pytest.mark.parametrize("late", [13, 28])
def test_one_date_of_any_month_with_the_month_first_holds_every_doubtful_date_of_its_column(month: int, late: int):
    meant = [Day(2024, month, late), *(Day(2024, other, 6) for other in range(1, 13))]
    landed = _landed(_examined([month_first(day) for day in meant]))
    assert landed == {6: Day(2024, 6, 6)}  # figures alike are one day in both orders


@pytest.mark.parametrize("month", range(1, 13))
@pytest.mark.parametrize("late", [13, 28])
def test_a_date_of_any_month_with_the_day_first_lets_its_column_land(month: int, late: int):
    meant = [Day(2024, month, late), *(Day(2024, other, 6) for other in range(1, 13))]
    assert _landed(_examined([day_first(day) for day in meant])) == dict(enumerate(meant))


@settings(max_examples=40)
@given(st.lists(_DAYS, min_size=1, max_size=30), _LATE, st.sampled_from([*MONTH_FIRST]))
def test_a_column_with_the_month_first_lands_no_wrong_month(days: list[Day], proof: Day, form: str):
    meant = [*days, proof]
    examination = _examined([MONTH_FIRST[form](day) for day in meant])
    assert _wrong(_landed(examination), meant) == {}
    assert _waits_for_the_column(examination)


@settings(max_examples=40)
@given(st.lists(_DAYS, min_size=1, max_size=30), st.sampled_from([*HONEST]))
def test_a_column_with_the_day_first_lands_whole(days: list[Day], form: str):
    assert _landed(_examined([HONEST[form](day) for day in days])) == dict(enumerate(days))


@settings(max_examples=30)
@given(
    st.lists(_EARLY, min_size=1, max_size=20),
    st.lists(_LATE, min_size=3, max_size=20),
    st.sampled_from([day_first_in_an_american_program, month_first_in_an_iraqi_program]),
)
def test_dates_that_a_program_exchanged_wait_where_it_left_the_others_as_text(
    early: list[Day], late: list[Day], program: Typing
):
    meant = [*early, *late]
    assert _wrong(_landed(_examined([program(day) for day in meant])), meant) == {}


@pytest.mark.parametrize(
    ("program", "answer"),
    [
        (month_first, "month_first"),
        (day_first_in_an_american_program, "exchanged"),
        (month_first_in_an_iraqi_program, "month_first"),
    ],
)
def test_one_answer_about_the_column_lands_a_hundred_rows_with_the_day_that_was_meant(program: Typing, answer: str):
    meant = _year()
    typed = [program(day) for day in meant]
    waiting = _examined(typed)
    assert (_waits_for_the_column(waiting), _wrong(_landed(waiting), meant)) == (True, {})
    assert len(_landed(waiting)) < 70
    assert _landed(_examined(typed, answer)) == dict(enumerate(meant))


@pytest.mark.parametrize("contradicting", [1, 2, 3])
def test_few_dates_with_the_month_first_among_a_hundred_hold_what_may_be_read_both_ways(contradicting: int):
    meant = _year()
    late = [row for row, day in enumerate(meant) if day.day > 12][:contradicting]
    examination = _examined([month_first(day) if row in late else day_first(day) for row, day in enumerate(meant)])
    landed = _landed(examination)
    assert set(landed) == {
        row for row, day in enumerate(meant) if row not in late and (day.day > 12 or day.day == day.month)
    }
    assert _wrong(landed, meant) == {}
    [finding] = [finding for finding in examination.findings if finding.kind == "date_order_contradicted"]
    assert finding.arguments["month_first"] == str(contradicting)


def test_dates_of_iso_among_texts_with_the_month_first_land_and_prove_nothing_for_them():
    meant = _year()
    examination = _examined([day.isoformat() if row % 3 == 0 else month_first(day) for row, day in enumerate(meant)])
    landed = _landed(examination)
    assert _wrong(landed, meant) == {}
    assert not [row for row in landed if row % 3 and meant[row].day != meant[row].month]


def test_a_sheet_with_the_month_first_holds_nothing_of_the_sheet_beside_it():
    meant = _year()
    both = {
        SHEET: victims(*[victim(number, date=month_first(day)) for number, day in enumerate(meant, start=1)]),
        "القضايا": cases(*[case(number, date=day_first(day)) for number, day in enumerate(meant, start=1)]),
    }
    examination = examine(xlsx(both), "x.xlsx", MINISTRY, today=TODAY)
    assert _landed(examination, "reported_date") == dict(enumerate(meant))
    assert _wrong(_landed(examination), meant) == {}
    assert len(_landed(examination)) < 10


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "windows-1256"])
@pytest.mark.parametrize("program", [month_first, day_first, day_first_in_an_american_program])
def test_a_csv_file_lands_no_wrong_month(encoding: str, program: Typing):
    meant = _year()
    grid = victims(*[victim(number, date=program(day)) for number, day in enumerate(meant, start=1)])
    examination = examine(csv(grid, encoding=encoding), f"{SHEET}.csv", MINISTRY, today=TODAY)
    landed = _landed(examination)
    assert _wrong(landed, meant) == {}
    assert (len(landed) == len(meant)) == (program is day_first)


@pytest.mark.parametrize(
    "words",
    [
        "منتصف آذار",
        "منتصف شهر آذار",
        "منتصف آذار 2024",
        "أواخر نيسان 2024",
        "بداية أيار",
        "أوائل كانون الثاني",
        "ناوەڕاستی ئازار",
        "mid-March 2024",
        "early May",
    ],
)
def test_a_part_of_a_month_in_words_is_a_date_to_mend_and_no_word_to_ask_about(words: str):
    examination = _examined(["30/7/2024", words])
    [finding] = [finding for finding in examination.findings if finding.cell == "C5"]
    assert (examination.verdict, finding.severity, finding.kind) == ("accepted", "quarantine", "date_vague")
    assert _landed(examination) == {0: Day(2024, 7, 30)}


def test_a_column_is_one_item_of_the_review_and_its_answer_lands_every_row(tmp_path: Path):
    meant = _year()
    grid = victims(*[victim(number, date=month_first(day)) for number, day in enumerate(meant, start=1)])
    file, home = tmp_path / "export.xlsx", Home.at(tmp_path / "home").open()
    file.write_bytes(xlsx({SHEET: grid}))
    landing.receive(home, MINISTRY, file, today=TODAY)
    landing.land(home, MINISTRY)
    [item] = review.items(home)
    review.decide(home, item.id, value="month_first", signed_by="a section", reason="asked them")
    [landed] = landing.land(home, MINISTRY)
    assert (landed.quarantined, sum(landed.shape_rows.values())) == (0, len(meant))
