"""What a body sent, file by file: each with what became of it, and of a refused one the kinds of findings alone."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from ingestion.home import Home
from ingestion.submissions import landing
from ingestion.submissions.receipts import Receipt
from ingestion.submissions.submission_history import sent_files
from ingestion.submissions.submission_withdrawal import withdraw
from tests.ingestion.workbooks import TODAY, Grid, victim, victims, xlsx

SOURCE = "iraq_interior_ministry"


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home.at(tmp_path / "home").open()


def send(home: Home, grid: Grid, month: int) -> Receipt:
    path = home.root / f"export{month}.xlsx"
    path.write_bytes(xlsx({"الضحايا": grid}))
    return landing.receive(home, SOURCE, path, letter_date=datetime.date(2025, month, 1), today=TODAY)


def test_a_body_that_sent_nothing_has_no_files(home: Home):
    assert sent_files(home, SOURCE) == []


def test_the_newest_file_comes_first_with_its_rows_and_what_became_of_it(home: Home):
    send(home, victims(victim(1), victim(2)), 1)
    taken_back = send(home, victims(victim(1), victim(2), victim(3), victim(4)), 2)
    send(home, victims(victim(1), victim(2), victim(3, sex="كلمة أخرى")), 3)
    withdraw(home, taken_back.submission, reason="a wrong table", signed_by="statistics section", today=TODAY)
    found = sent_files(home, SOURCE)
    assert [(one.number, one.state) for one in found] == [(3, "counts"), (2, "withdrawn"), (1, "replaced")]
    assert [(one.rows_in, one.rows_landed, one.held_back) for one in found] == [(3, 2, 1), (4, 4, 0), (2, 2, 0)]
    assert {one.periods for one in found} == {("2024",)}
    assert [one.sent_date for one in found] == ["2025-03-01", "2025-02-01", "2025-01-01"]


def test_a_file_that_came_again_unchanged_is_told_once(home: Home):
    for _ in range(2):
        send(home, victims(victim(1)), 1)
    assert len(sent_files(home, SOURCE)) == 1


def test_of_a_refused_file_the_kinds_of_findings_are_told_and_no_rows(home: Home):
    grid = victims(victim(1))
    grid[1][0] = "07701234567"
    send(home, grid, 1)
    [one] = sent_files(home, SOURCE)
    assert (one.state, one.rows_in, one.rows_landed, one.periods) == ("refused", 0, 0, ())
    assert one.kinds
    assert "07701234567" not in str(one)


def test_files_of_another_body_are_not_told(home: Home):
    send(home, victims(victim(1)), 1)
    assert sent_files(home, "iraq_judicial_council") == []
