"""The roll call: which submission counts, what was owed, who sent what."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest

from ingestion.cards.source_card import load_shape, shape_names, source_names
from ingestion.home import Home
from ingestion.submissions import current_submissions, landing
from ingestion.submissions.raw_rows import column_types
from tests.ingestion.workbooks import TODAY, Grid, case, cases, victim, victims, xlsx

SOURCE = "iraq_interior_ministry"


@pytest.fixture
def home(tmp_path: Path):
    return Home.at(tmp_path / "home").open()


def send(home: Home, sheets: Mapping[str, Grid], letter_date: datetime.date | None = None):
    path = home.root / "export.xlsx"
    path.write_bytes(xlsx(sheets))
    receipt = landing.receive(home, SOURCE, path, letter_date=letter_date, today=TODAY)
    landing.land(home, SOURCE)
    current_submissions.write(home)
    return receipt


def table(home: Home, name: str):
    return pq.read_table(home.raw / f"{name}.parquet").to_pylist()


def test_a_home_without_files_has_typed_empty_files_for_every_shape(home: Home):
    current_submissions.write(home)
    assert (table(home, "submissions"), table(home, "calendar")) == ([], [])
    for shape in shape_names():
        path = home.raw / shape / "source=_none" / "submission=_none" / "rows.parquet"
        with pq.ParquetFile(path) as file:
            assert (file.metadata.num_rows, file.schema_arrow.names) == (0, list(column_types(shape)))


def test_all_files_of_a_shape_are_read_at_once_with_their_source_and_submission(home: Home):
    send(home, {"الضحايا": victims(victim(1), victim(2))})
    pattern = (home.raw / "victims" / "*" / "*" / "rows.parquet").as_posix()
    with duckdb.connect() as connection:
        found = connection.execute(
            "SELECT source, submission, count(*) "
            "FROM read_parquet(?, hive_partitioning=true, union_by_name=true) GROUP BY ALL",
            [pattern],
        ).fetchall()
    assert [(source, count) for source, _, count in found] == [(SOURCE, 2)]


def current(home: Home):
    return {
        (row["shape"], row["period"], row["sequence"]): row["row_count"]
        for row in table(home, "submissions")
        if row["is_current"]
    }


def test_a_corrected_file_replaces_the_earlier_one_of_its_period_only(home: Home):
    send(home, {"القضايا": cases(case(1, date="1/2/2023"))})
    send(home, {"القضايا": cases(case(2, date="1/2/2024"))})
    send(home, {"القضايا": cases(case(2, date="1/2/2024"), case(3, date="1/3/2024"))})
    assert current(home) == {("cases", "2023", 1): 1, ("cases", "2024", 3): 2}


def test_a_stray_row_replaces_no_other_year_and_counts_once(home: Home):
    send(home, {"القضايا": cases(*[case(number, date="1/2/2023") for number in range(1, 6)])})
    send(home, {"القضايا": cases(case(6), case(7), case(5, date="1/2/2023"))})
    assert current(home) == {("cases", "2023", 1): 5, ("cases", "2024", 2): 2}


def test_a_table_without_rows_replaces_the_rows_that_were_there(home: Home):
    send(home, {"القضايا": cases(case(1)), "الضحايا": victims(victim(1))})
    send(home, {"القضايا": cases(case(1), case(2)), "الضحايا": victims()})
    assert current(home) == {("cases", "2024", 2): 2, ("victims", "2024", 2): 0}


@pytest.mark.parametrize("rows", [(), (case(1, accused="كثير"), case(2, accused="قليل"))])
def test_a_file_of_which_nothing_lands_replaces_nothing(home: Home, rows: tuple[list[object], ...]):
    send(home, {"القضايا": cases(case(1))})
    receipt = send(home, {"القضايا": cases(*rows)})
    assert (receipt.verdict, receipt.kinds["nothing_landed"]) == ("accepted", 1)
    assert current(home) == {("cases", "2024", 1): 1}


def test_a_file_that_comes_later_wins_whatever_its_letter_says(home: Home):
    send(home, {"القضايا": cases(case(1))}, datetime.date(2025, 3, 1))
    receipt = send(home, {"القضايا": cases(case(1), case(2))}, datetime.date(2025, 2, 1))
    assert current(home) == {("cases", "2024", 2): 2}
    told = {finding.kind: dict(finding.arguments) for finding in receipt.findings}
    assert told["replaces_period"] == {"period": "2024", "before": "1", "after": "2"}
    assert told["older_letter"] == {"period": "2024", "number": "1", "date": "2025-03-01"}


FIRST, SECOND, HALF = "من 1/1 ولغاية 31/3/2024", "من 1/4 ولغاية 30/6/2024", "من 1/1 ولغاية 30/6/2024"


def part(title: str, *numbers: int) -> dict[str, Grid]:
    grid = cases(*[case(number, date=f"{12 + number}/{2 if number <= 3 else 5}/2024") for number in numbers])
    return {"القضايا": [[title, *grid[0][1:]], *grid[1:]]}


def test_parts_that_do_not_overlap_stand_beside_each_other(home: Home):
    send(home, part(FIRST, 1, 2, 3))
    receipt = send(home, part(SECOND, 4, 5))
    assert current(home) == {("cases", "2024", 1): 3, ("cases", "2024", 2): 2}
    assert (receipt.row_changes, "replaces_period" in receipt.kinds) == ((), False)
    send(home, part(FIRST, 1, 2))
    assert current(home) == {("cases", "2024", 2): 2, ("cases", "2024", 3): 2}


def test_a_file_takes_the_place_of_every_part_that_it_overlaps(home: Home):
    send(home, part(FIRST, 1, 2, 3))
    send(home, part(SECOND, 4, 5))
    receipt = send(home, part(HALF, 1, 2, 3, 4))
    assert current(home) == {("cases", "2024", 3): 4}
    [change] = receipt.row_changes
    assert change.counts == {"added": 0, "gone": 1, "changed": 0, "unchanged": 4}


def test_a_part_counts_again_when_nothing_that_counts_overlaps_it(home: Home):
    send(home, part(FIRST, 1, 2, 3))
    send(home, part("من 1/3 ولغاية 30/6/2024", 4, 5))
    send(home, part(SECOND, 5))
    assert current(home) == {("cases", "2024", 1): 3, ("cases", "2024", 3): 1}


def test_two_files_of_one_day_count_by_the_order_of_receipt(home: Home):
    send(home, {"القضايا": cases(case(1))}, datetime.date(2025, 3, 1))
    send(home, {"القضايا": cases(case(1), case(2))}, datetime.date(2025, 3, 1))
    assert current(home) == {("cases", "2024", 2): 2}


def test_another_shape_of_the_same_file_is_replaced_by_itself(home: Home):
    send(home, {"القضايا": cases(case(1)), "الضحايا": victims(victim(1))})
    send(home, {"الضحايا": victims(victim(1), victim(2))})
    assert {(row["shape"], row["sequence"]) for row in table(home, "submissions") if row["is_current"]} == {
        ("cases", 1),
        ("victims", 2),
    }


def test_the_sent_date_is_the_letters_else_the_day_of_receipt(home: Home):
    send(home, {"القضايا": cases(case(1))}, datetime.date(2025, 2, 3))
    send(home, {"القضايا": cases(case(2))})
    assert [row["sent_date"] for row in table(home, "submissions")] == [datetime.date(2025, 2, 3), TODAY]


def test_the_calendar_owes_every_authority_every_year_until_the_last_period_received(home: Home):
    send(home, {"القضايا": cases(case(1, date="1/2/2018"))})
    owed = table(home, "calendar")
    assert {row["source"] for row in owed} == set(source_names()) - {"unodc_glotip"}
    own = [row for row in owed if row["source"] == SOURCE]
    assert [(row["period"], row["region_code"], row["due_date"], row["late_from_date"]) for row in own] == [
        ("2016", "IQ-FED", datetime.date(2017, 2, 28), datetime.date(2017, 3, 1)),
        ("2017", "IQ-FED", datetime.date(2018, 2, 28), datetime.date(2018, 3, 1)),
        ("2018", "IQ-FED", datetime.date(2019, 2, 28), datetime.date(2019, 3, 3)),  # a Thursday before the weekend
    ]


def test_the_same_home_gives_the_same_bytes(home: Home):
    send(home, {"القضايا": cases(case(1))})
    before = {path: path.read_bytes() for path in home.raw.rglob("*.parquet")}
    current_submissions.write(home)
    assert {path: path.read_bytes() for path in home.raw.rglob("*.parquet")} == before


def test_the_state_says_who_sent_what_and_how_many_working_days_late(home: Home):
    send(home, {"القضايا": cases(case(1, date="1/2/2024"), case(2, date="قريبا"))}, datetime.date(2025, 3, 10))
    state = {row["source"]: row for row in current_submissions.state(home, TODAY)}
    assert state[SOURCE] == {
        "source": SOURCE,
        "expected": 9,
        "received": 1,
        "late_days": 6,  # due on Friday 28 February, moved to Sunday; Friday and Saturday of the next week are closed
        "complete_share": 0.5,
        "due": "2025-03-02",
        "next_due": "2026-03-01",
        "is_late": True,
        "overdue": [str(year) for year in range(2016, 2024)],
    }
    assert state["iraq_judicial_council"]["received"] == 0
    published = state["unodc_glotip"]
    assert [published[key] for key in ("expected", "due", "next_due", "is_late", "overdue")] == [None] * 4 + [[]]


def test_what_is_late_shows_without_any_file_and_a_received_one_is_not_late_before_it_lands(home: Home):
    assert [one.period for one in current_submissions.find_overdue(home, datetime.date(2017, 3, 1))[SOURCE]] == ["2016"]
    assert current_submissions.find_overdue(home, datetime.date(2017, 2, 28))[SOURCE] == []
    path = home.root / "export.xlsx"
    path.write_bytes(xlsx({"القضايا": cases(case(1, date="1/2/2016"))}))
    landing.receive(home, SOURCE, path, today=TODAY)
    assert current_submissions.find_overdue(home, datetime.date(2017, 3, 1))[SOURCE] == []
    assert "unodc_glotip" not in current_submissions.find_overdue(home, TODAY)


@pytest.mark.parametrize("shape", shape_names())
def test_a_number_is_stored_as_one_and_what_marks_it_as_text_whatever_the_field_is_called(shape: str):
    types = column_types(shape)
    for name, card in load_shape(shape).fields.items():
        if card.type == "integer":
            assert (types[name], types[f"{name}_mark"]) == ("int64", "string")
