"""Nothing of an asking file is kept; answers let it in; the next file passes unasked; a word taken back asks anew."""

from __future__ import annotations

import datetime
import json
from pathlib import Path
from typing import Any

import pytest

from ingestion.cards.source_card import source_names
from ingestion.home import Home
from ingestion.privacy import confirmed_words
from ingestion.privacy.answer_file import path_beside
from ingestion.privacy.confirmed_words import ConfirmedWords, take_back
from ingestion.privacy.roles import TASK_FORCE_ROLES
from ingestion.submissions import asked_again, current_submissions, decisions, inbox, landing, receipts, review
from ingestion.submissions.receipts import Receipt
from ingestion.submissions.submission_history import sent_files
from ingestion.submissions.submission_withdrawal import withdraw
from languages.refusal import Refusal
from tests.ingestion.asking_files import LISTED, MARKER, OTHER, SOURCE, answer, asking, confirm_words, look
from tests.ingestion.workbooks import TODAY

ONE, TWO = TASK_FORCE_ROLES[:2]
LATER = datetime.timedelta(minutes=1)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home.at(tmp_path / "home").open()
    for source in source_names():
        (home.inbox / source).mkdir(parents=True)
    return home


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    folder = tmp_path / "desk"
    folder.mkdir()
    return folder


def place(folder: Path, data: bytes, name: str = "export.xlsx") -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def receive(home: Home, path: Path) -> Receipt:
    return landing.receive(home, SOURCE, path, today=TODAY)


def answered(home: Home, desk: Path, *words: str, name: str = "export.xlsx") -> Receipt:
    path = place(desk, asking(*words), name)
    answer(path, path.read_bytes())
    return receive(home, path)


def current(home: Home) -> list[str]:
    """The submissions that count, after a landing."""
    landing.land(home, SOURCE)
    return sorted(
        {entry.receipt.submission for entry in current_submissions.counted_periods_by_source(home).get(SOURCE, [])}
    )


def holding(folder: Path, text: str = MARKER) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file() and text.encode() in path.read_bytes()]


def take(home: Home) -> dict[str, str]:
    seen = inbox.stamps_by_key(inbox.list_waiting(home))
    now = datetime.datetime.now(tz=datetime.UTC) + LATER
    return {one.label: one.verdict for one in inbox.take_unchanged_files(home, seen, now=now).outcomes}


def told(path: Path) -> dict[str, Any]:
    return json.loads(path.with_name(path.name + ".receipt.json").read_text(encoding="utf-8"))


def test_of_an_asking_file_only_the_hash_and_the_kinds_of_findings_stay(home: Home, desk: Path):
    path = place(desk, asking(MARKER))
    assert holding(desk) == [path]
    receipt = receive(home, path)
    assert (receipt.verdict, receipt.submission, receipt.rows_in, receipt.periods) == ("asks", "", 0, {})
    assert receipts.read_receipts(home)[0].kinds["unexplained_text"] == 1
    assert MARKER not in repr(receipt)
    assert holding(home.root) == []
    assert list(home.received.iterdir()) == []
    assert path.exists()  # it lies on the sender's desk and not in the inbox


def test_a_file_comes_in_with_the_answers_beside_it_and_the_receipt_names_the_words_by_their_hashes(
    home: Home, desk: Path
):
    receipt = answered(home, desk, MARKER, OTHER)
    assert receipt.verdict == "accepted"
    held = ConfirmedWords(home, SOURCE)
    assert set(receipts.read_receipts(home)[0].words) == {held.name(MARKER), held.name(OTHER)}
    assert [(one.by, one.is_listed) for one in confirmed_words.read_confirmations(home)] == [
        ("statistics_officer", False)
    ] * 2
    assert current(home) == [receipt.submission]
    kept = home.received / receipt.sha256
    assert holding(home.root) == [kept]


@pytest.mark.parametrize("only", [[], [OTHER]])
def test_answers_that_leave_a_word_out_leave_the_file_asking_and_record_nothing(
    home: Home, desk: Path, only: list[str]
):
    path = place(desk, asking(MARKER, OTHER))
    if only:
        answer(path, path.read_bytes(), only=only)
    receipt = receive(home, path)
    assert receipt.verdict == "asks"
    assert sum(one.kind == "unexplained_text" for one in receipt.findings) == 2 - len(only)
    assert confirmed_words.read_confirmations(home) == []


def test_a_sender_cannot_let_in_a_word_on_a_list_of_names(home: Home, desk: Path):
    assert answered(home, desk, LISTED).verdict == "asks"
    assert confirmed_words.read_confirmations(home) == []


def test_two_roles_of_the_task_force_let_a_listed_word_in(home: Home, desk: Path):
    path = place(desk, asking(LISTED))
    confirm_words(home, path.read_bytes(), ONE)
    assert receive(home, path).verdict == "asks"
    confirm_words(home, path.read_bytes(), TWO)
    assert receive(home, path).verdict == "accepted"


def test_an_answer_file_that_does_not_fit_is_told_and_the_file_asks(home: Home, desk: Path):
    path, other = place(desk, asking(MARKER)), asking(MARKER, persons=[7])
    answer(path, other)
    receipt = receive(home, path)
    assert receipt.verdict == "asks"
    assert "answers_of_another_file" in receipt.kinds


def test_after_a_second_role_the_next_file_passes_unasked_and_after_the_first_it_does_not(home: Home, desk: Path):
    first = answered(home, desk, MARKER)
    following = place(desk, asking(MARKER, persons=[3]), "next.xlsx")
    assert receive(home, following).verdict == "asks"
    assert [one.submission for one in asked_again.receipts_let_in_once(home)] == [first.submission]
    confirm_words(home, asking(MARKER), ONE)
    assert asked_again.receipts_let_in_once(home) == []
    receipt = receive(home, following)
    assert receipt.verdict == "accepted"
    assert receipt.words == (ConfirmedWords(home, SOURCE).name(MARKER),)


def test_a_word_taken_back_asks_anew_of_every_file_that_it_let_in_and_they_count_no_longer(home: Home, desk: Path):
    harmless = receive(home, place(desk, asking(persons=[9]), "before.xlsx"))
    first = answered(home, desk, MARKER)
    confirm_words(home, asking(MARKER), ONE)
    second = receive(home, place(desk, asking(MARKER, persons=[3]), "next.xlsx"))
    assert current(home) == [second.submission]
    take_back(home, ConfirmedWords(home, SOURCE).name(MARKER), by=TWO)
    asking_now = [first.submission, second.submission]
    assert [one.submission for one in asked_again.receipts_that_ask(home)] == asking_now  # before anything lands
    assert current(home) == [harmless.submission]
    assert [one.submission for one in asked_again.receipts_that_ask(home)] == asking_now
    assert list(home.raw.glob("*/*/submission=*/rows.parquet")) == [
        *home.raw.glob(f"*/*/submission={harmless.submission}/rows.parquet")
    ]
    assert {one.state for one in sent_files(home, SOURCE) if one.number in (first.n, second.n)} == {"asks"}
    waiting = [item for item in review.items(home) if item.finding.kind == "submission_asks"]
    assert [item.receipt.submission for item in waiting] == asking_now
    assert all(item.is_open for item in waiting)


def test_what_asks_anew_counts_again_once_two_roles_confirmed_it_and_goes_when_it_is_withdrawn(home: Home, desk: Path):
    first = answered(home, desk, MARKER)
    take_back(home, ConfirmedWords(home, SOURCE).name(MARKER), by=TWO)
    assert current(home) == []
    confirm_words(home, asking(MARKER), ONE)
    assert current(home) == []
    confirm_words(home, asking(MARKER), TWO)
    assert current(home) == [first.submission]
    take_back(home, ConfirmedWords(home, SOURCE).name(MARKER), by=ONE)
    withdraw(home, first.submission, reason="كلمة تسمي شخصاً في العنوان", signed_by="قسم البيانات")
    assert asked_again.receipts_that_ask(home) == []
    assert holding(home.root) == []


def test_that_a_submission_asks_cannot_be_decided_away(home: Home, desk: Path):
    answered(home, desk, MARKER)
    take_back(home, ConfirmedWords(home, SOURCE).name(MARKER), by=TWO)
    item = next(one for one in review.items(home) if one.finding.kind == "submission_asks")
    for value in ("seen", *item.answers):
        with pytest.raises(Refusal) as refused:
            review.decide(home, item.id, value=value, signed_by="قسم البيانات", reason="كلمة عادية في العنوان")
        assert refused.value.code == "decision_unfit"
    assert decisions.read_decisions(home) == []


def test_a_file_of_an_older_home_that_asks_today_is_kept_and_counts_only_when_its_words_are_confirmed(
    home: Home, desk: Path, monkeypatch: pytest.MonkeyPatch
):
    def explained(*_texts: object, **_known: object) -> list[object]:
        return []

    with monkeypatch.context() as older:
        older.setattr("ingestion.entry.file_check.find_unexplained", explained)
        receipt = receive(home, place(desk, asking(MARKER)))
        assert current(home) == [receipt.submission]
    (home.quarantine / f"{receipt.submission}.jsonl").unlink()  # as with new code: nothing has landed by its rules
    assert current(home) == []
    assert [one.submission for one in asked_again.receipts_that_ask(home)] == [receipt.submission]
    assert (home.received / receipt.sha256).exists()
    confirm_words(home, asking(MARKER), ONE)
    assert current(home) == [receipt.submission]


# The inbox


def test_an_asking_file_is_removed_from_the_inbox_and_its_outcome_holds_places_and_counts(home: Home):
    path = place(home.inbox / SOURCE, asking(MARKER))
    assert take(home) == {"export.xlsx": "asks"}
    assert not path.exists()
    outcome = told(path)
    assert (outcome["verdict"], outcome["sha256"]) == ("asks", look(asking(MARKER)).sha256)
    asked = [one for one in outcome["findings"] if one["kind"] == "unexplained_text"]
    assert [(one["sheet"], one["cell"]) for one in asked] == [("الضحايا", "A1")]
    assert holding(home.root) == []
    page = path.with_name("export.xlsx.receipt.html").read_text(encoding="utf-8")
    assert "marsad check" in page
    assert take(home) == {}


def test_the_same_file_dropped_again_with_its_answers_is_taken(home: Home, desk: Path):
    data = asking(MARKER)
    path = place(home.inbox / SOURCE, data)
    take(home)
    answer(path, data)
    assert take(home) == {}  # answers alone are no file
    place(home.inbox / SOURCE, data)
    assert take(home) == {"export.xlsx": "accepted"}
    assert told(path)["verdict"] == "accepted"
    assert take(home) == {}


def test_answers_of_a_file_that_still_asks_go_with_it(home: Home):
    data = asking(MARKER, OTHER)
    path = place(home.inbox / SOURCE, data)
    answer(path, data, only=[OTHER])
    assert take(home) == {"export.xlsx": "asks"}
    assert not path.exists()
    assert not path_beside(path).exists()


def test_an_asking_file_stops_no_other(home: Home):
    place(home.inbox / SOURCE, asking(MARKER), "a.xlsx")
    place(home.inbox / SOURCE, asking(persons=[5]), "b.xlsx")
    assert take(home) == {"a.xlsx": "asks", "b.xlsx": "accepted"}
