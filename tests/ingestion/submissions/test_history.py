"""What comes after the first file: row changes, the same bytes again, withdrawal."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingestion.cards import source_card
from ingestion.entry import row_changes
from ingestion.entry.file_check import examine
from ingestion.entry.row_checks import conform
from ingestion.files.uploads import read_upload
from ingestion.home import Home
from ingestion.submissions import current_submissions, files_in_force, landing, receipts, submission_withdrawal
from ingestion.submissions.preview import examine_arrival
from ingestion.submissions.receipts import Receipt
from ingestion.submissions.submission_withdrawal import find_left_of_withdrawn, find_remains, withdraw
from languages.refusal import Refusal
from tests.ingestion.workbooks import TODAY, case, cases, read, victim, victims, xlsx

SOURCE = "iraq_interior_ministry"
JANUARY, MARCH, MAY = (datetime.date(2025, month, 1) for month in (1, 3, 5))
A = xlsx({"القضايا": cases(case(1), case(2, accused=5), case(3))})
B = xlsx({"القضايا": cases(case(1), case(2, accused=6), case(4), case(5))})
Send = Callable[..., Receipt]


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home.at(tmp_path / "home").open()


@pytest.fixture
def send(tmp_path: Path, home: Home) -> Send:
    def receive(data: bytes, letter_date: datetime.date, *, again: bool = False, to: Home = home) -> Receipt:
        path = tmp_path / "export.xlsx"
        path.write_bytes(data)
        return landing.receive(to, SOURCE, path, letter_date=letter_date, today=TODAY, again=again)

    return receive


def called(home: Home) -> dict[str, bytes]:
    """What dbt reads, after landing and the roll call."""
    landing.land(home, SOURCE)
    current_submissions.write(home)
    return {path.relative_to(home.raw).as_posix(): path.read_bytes() for path in home.raw.rglob("*.parquet")}


def tables(data: bytes):
    return examine(data, "x.xlsx", SOURCE, today=TODAY).tables


def conformed(rows: list[list[object]]):
    found, _ = conform(read({"القضايا": cases(*rows)}), source_card.load_source(SOURCE), TODAY)
    return found


# Row changes


def test_a_resubmission_shows_which_rows_it_adds_changes_and_leaves_out():
    change = row_changes.compare(tables(A), tables(B), "cases", "2024")
    assert change.counts == {"added": 2, "gone": 1, "changed": 1, "unchanged": 1}
    assert change.fields == {"accused_count": 1}
    [changed] = [row for row in change.rows if row.kind == "changed"]
    assert (changed.sheet, changed.row_number, changed.fields) == ("القضايا", 5, ("accused_count",))


def test_rows_of_one_key_are_paired_by_all_they_say_before_they_are_called_changed():
    before = xlsx({"الضحايا": victims(victim(1, sex="أنثى"), victim(1, sex="ذكر"))})
    after = xlsx({"الضحايا": victims(victim(1, sex="ذكر"), victim(1, sex="أنثى", age="16"))})
    change = row_changes.compare(tables(before), tables(after), "victims", "2024")
    assert change.counts == {"added": 0, "gone": 0, "changed": 1, "unchanged": 1}
    assert change.fields == {"age": 1}


def test_rows_that_only_moved_are_no_changes():
    moved = xlsx({"القضايا": cases(case(3), case(1), case(2, accused=5))})
    assert row_changes.compare(tables(A), tables(moved), "cases", "2024").rows == ()


_LISTS = st.lists(st.tuples(st.integers(1, 4), st.integers(0, 3)), max_size=12)


@settings(deadline=None)
@given(_LISTS, _LISTS)
def test_each_row_of_both_files_is_accounted_for_once(before: list[tuple[int, int]], after: list[tuple[int, int]]):
    old, new = (conformed([case(n, accused=accused) for n, accused in rows]) for rows in (before, after))
    counts = row_changes.compare(old, new, "cases", "2024").counts
    kept = counts["unchanged"] + counts["changed"]
    assert (kept + counts["gone"], kept + counts["added"]) == (len(before), len(after))
    assert counts["unchanged"] == sum((Counter(before) & Counter(after)).values())


def test_the_changes_stand_in_the_receipt_as_numbers_and_are_shown_before_the_file_is_taken(
    home: Home, send: Send, tmp_path: Path
):
    send(A, JANUARY)
    (tmp_path / "second.xlsx").write_bytes(B)
    arrival = examine_arrival(home, SOURCE, read_upload(tmp_path / "second.xlsx"), today=TODAY)
    assert [change.counts["changed"] for change in arrival.receipt.row_changes] == [1]
    assert len(receipts.read_receipts(home)) == 1
    assert send(B, MARCH).row_changes == arrival.receipt.row_changes
    numbers = {"added": 2, "gone": 1, "changed": 1, "unchanged": 1, "fields": {"accused_count": 1}}
    assert receipts.read_receipts(home)[1].changes == {"cases": {"2024": numbers}}


def test_a_file_with_an_older_letter_changes_rows_like_any_other_and_says_that_it_is_older(send: Send):
    send(A, MARCH)
    receipt = send(B, JANUARY)
    assert [change.counts["changed"] for change in receipt.row_changes] == [1]
    assert receipt.kinds["older_letter"] == 1


# The same bytes again


def test_bytes_that_a_later_file_replaced_count_again_only_when_they_are_said_to(home: Home, send: Send):
    first, second = send(A, JANUARY), send(B, MARCH)
    known = send(A, MAY)
    assert (known.verdict, known.submission) == ("known", first.submission)
    assert [(one.kind, dict(one.arguments)) for one in known.findings] == [("known_replaced", {"period": "2024"})]
    third = send(A, MAY, again=True)
    assert (third.verdict, third.sha256) == ("accepted", first.sha256)
    assert third.submission not in (first.submission, second.submission)
    assert [one.submission for one in files_in_force.counting_receipts(home)] == [third.submission]
    assert send(A, MAY, again=True).submission == third.submission
    assert len(receipts.read_receipts(home)) == 3


def test_the_same_bytes_get_the_same_receipt_when_nothing_came_in_between(send: Send):
    first, again = send(A, JANUARY), send(A, MARCH, again=True)
    assert (again.verdict, again.submission, again.findings) == ("known", first.submission, ())


# Withdrawal


def test_after_a_withdrawal_the_house_is_as_if_the_file_had_not_come(home: Home, send: Send, tmp_path: Path):
    alone = Home.at(tmp_path / "alone").open()
    send(A, JANUARY, to=alone)
    send(A, JANUARY)
    second = send(B, MARCH)
    with_both = called(home)
    line = withdraw(home, second.submission, reason="sent by mistake", signed_by="statistics section", today=TODAY)
    assert (line.verdict, line.withdraws, line.signed_by) == ("withdrawn", second.submission, "statistics section")
    assert called(home) == called(alone) != with_both
    assert not (home.taken / second.submission).exists()
    assert not (home.quarantine / f"{second.submission}.jsonl").exists()
    assert current_submissions.state(home, TODAY) == current_submissions.state(alone, TODAY)


def test_a_withdrawn_file_may_be_sent_anew(home: Home, send: Send):
    first = send(A, JANUARY)
    withdraw(home, first.submission, reason="sent by mistake", signed_by="statistics section")
    second = send(A, JANUARY)
    assert (second.verdict, second.submission == first.submission) == ("accepted", False)
    assert [one.submission for one in receipts.live_receipts(home)] == [second.submission]


def test_what_was_taken_for_another_submission_of_the_same_bytes_stays(home: Home, send: Send):
    first = send(A, JANUARY)
    send(B, MARCH)
    third = send(A, MAY, again=True)
    withdraw(home, third.submission, reason="sent by mistake", signed_by="statistics section")
    assert [path.name for path in home.taken.iterdir() if path.name.endswith(first.sha256[:12])] == [first.submission]
    assert receipts.verify_files(home) == []


@pytest.mark.parametrize("submission", ["000009-aaaaaaaaaaaa", "twice"])
def test_only_a_live_submission_is_withdrawn(home: Home, send: Send, submission: str):
    first = send(A, JANUARY)
    send(B, MARCH)
    if submission == "twice":
        submission = first.submission
        withdraw(home, submission, reason="sent by mistake", signed_by="statistics section")
    with pytest.raises(Refusal) as refused:
        withdraw(home, submission, reason="sent by mistake", signed_by="statistics section")
    assert refused.value.code == "submission_unknown"


@pytest.mark.parametrize(
    ("reason", "signed_by", "code"),
    [
        ("", "statistics section", "reason_missing"),
        ("sent by mistake", " ", "reason_missing"),
    ],
)
def test_a_withdrawal_has_a_reason_and_who_decided_it(home: Home, send: Send, reason: str, signed_by: str, code: str):
    first = send(A, JANUARY)
    with pytest.raises(Refusal) as refused:
        withdraw(home, first.submission, reason=reason, signed_by=signed_by)
    assert (refused.value.code, len(receipts.read_receipts(home))) == (code, 1)


def test_what_a_killed_withdrawal_left_is_told_and_swept_by_the_next_landing(home: Home, send: Send):
    first = send(A, JANUARY)
    withdraw(home, first.submission, reason="sent by mistake", signed_by="statistics section")
    (home.taken / first.submission).write_bytes(b"left")
    assert [one.code for one in receipts.verify_files(home)] == ["withdrawn_left"]
    landing.land(home, SOURCE)
    assert receipts.verify_files(home) == []


def _killed_withdrawal(home: Home, send: Send, monkeypatch: pytest.MonkeyPatch) -> Receipt:
    """Take a file, land it, and be killed right after the line that withdraws it; return its receipt."""
    first = send(A, JANUARY)
    landing.land(home, SOURCE)
    folder = home.inbox / SOURCE
    folder.mkdir()
    (folder / f"2025-06-01-{first.submission}.receipt.json").write_bytes(b"{}")
    (folder / "2025-06-01-000009-aaaaaaaaaaaa.receipt.json").write_bytes(b"{")

    def die(*_arguments: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(submission_withdrawal, "_remove_dropped", die)
        withdraw(home, first.submission, reason="sent by mistake", signed_by="statistics section")
    return first


def test_a_killed_withdrawal_is_told_whole_and_ended_by_the_same_command(
    home: Home, send: Send, monkeypatch: pytest.MonkeyPatch
):
    first = _killed_withdrawal(home, send, monkeypatch)
    rooms = {path.relative_to(home.root).parts[0] for path in find_left_of_withdrawn(home)}
    assert rooms == {"inbox", "quarantine", "raw", "taken"}
    line = withdraw(home, first.submission, reason="sent by mistake", signed_by="statistics section")
    assert line.withdraws == first.submission
    assert [one.verdict for one in receipts.read_receipts(home)] == ["accepted", "withdrawn"]
    assert find_left_of_withdrawn(home) == []
    assert sorted(path.name for path in (home.inbox / SOURCE).iterdir()) == [
        "2025-06-01-000009-aaaaaaaaaaaa.receipt.json"
    ]
    with pytest.raises(Refusal) as refused:
        withdraw(home, first.submission, reason="sent by mistake", signed_by="statistics section")
    assert refused.value.code == "submission_unknown"


def test_a_killed_withdrawal_is_ended_by_the_next_landing_too(home: Home, send: Send, monkeypatch: pytest.MonkeyPatch):
    _killed_withdrawal(home, send, monkeypatch)
    landing.land(home, SOURCE)
    assert find_left_of_withdrawn(home) == []


def test_a_missing_file_is_excused_by_a_withdrawal_and_by_nothing_else(home: Home, send: Send):
    first, second = send(A, JANUARY), send(B, MARCH)
    withdraw(home, second.submission, reason="sent by mistake", signed_by="statistics section")
    assert receipts.verify_files(home) == []
    (home.taken / first.submission).unlink()
    assert [one.code for one in receipts.verify_files(home)] == ["file_missing"]


def test_no_byte_of_a_withdrawn_file_stays_and_what_holds_its_rows_until_the_next_build_is_named(
    home: Home, send: Send
):
    first = send(A, JANUARY)
    landing.land(home, SOURCE)
    folder = home.inbox / SOURCE
    folder.mkdir()
    outcome = f"2025-06-01-{first.submission}.receipt.json"
    for name in ("export.xlsx", outcome, "other.xlsx"):
        (folder / name).write_bytes(A if name == "export.xlsx" else b"another")
    home.warehouse.write_bytes(b"rows")
    spare = home.root / "copied by somebody"
    spare.write_bytes(A)
    line = withdraw(home, first.submission, reason="sent by mistake", signed_by="statistics section")
    assert sorted(path.name for path in folder.iterdir()) == ["other.xlsx"]
    assert find_remains(home, line) == sorted([home.warehouse, spare])
    for path in (home.warehouse, spare):
        path.unlink()
    assert [path for path in home.root.rglob("*") if path.is_file() and A in path.read_bytes()] == []


def test_what_was_dropped_stays_while_the_same_bytes_count_otherwise(home: Home, send: Send):
    first, _, again = send(A, JANUARY), send(B, MARCH), send(A, MAY, again=True)
    folder = home.inbox / SOURCE
    folder.mkdir()
    (folder / "export.xlsx").write_bytes(A)
    line = withdraw(home, first.submission, reason="sent by mistake", signed_by="statistics section")
    assert again.sha256 == first.sha256
    assert (folder / "export.xlsx").exists()
    assert find_remains(home, line) == []
