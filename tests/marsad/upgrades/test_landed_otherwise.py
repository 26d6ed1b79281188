"""Rules that change what landed land it again: the upgrade lists what differs, and can be killed before any of it."""

from __future__ import annotations

import datetime
import json
import sys
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest

from ingestion.cards.headings import sheet_of
from ingestion.home import Home
from ingestion.privacy import confirmed_words
from ingestion.privacy.confirmed_words import ConfirmedWords
from ingestion.privacy.roles import TASK_FORCE_ROLES
from ingestion.privacy.unexplained_texts import AskedWord
from ingestion.submissions import asked_again, landing, receipts, review, submission_withdrawal
from ingestion.submissions.raw_rows import column_types, read_rows, rows_path, write_rows
from ingestion.submissions.receipts import Receipt
from ingestion.tables.cell_values import RawValue
from languages.words import Words, languages
from marsad import command
from marsad.upgrades import upgrade_steps
from marsad.upgrades.landed_otherwise import LandedOtherwise, landed_otherwise
from tests.marsad.upgrades.killed_upgrades import kill_before_each_change, quiet

ARCHIVE = Path(__file__).parents[1] / "golden" / "home_of_format_2.tar.xz"
"""A home as the program of format 2 left it: four files of one ministry, received and landed, one a year.

2021 is sound. 2022 has a column of notes of which two roles of the task force confirmed each word that was asked. The
days of 2023 were converted by a spreadsheet program that takes the month first: real dates where the day is at most 12,
texts with the day first for the rest. Those of 2024 are texts with the month first, of which two can only be that.
"""
SOURCE = "iraq_interior_ministry"
DAY = datetime.date(2026, 11, 1)


@pytest.fixture
def older(tmp_path: Path) -> Home:
    with tarfile.open(ARCHIVE) as archive:
        archive.extractall(tmp_path / "home", filter="data")
    return Home(tmp_path / "home")


def _by_year(home: Home) -> dict[str, Receipt]:
    return {next(iter(receipt.periods["victims"])): receipt for receipt in receipts.live_receipts(home)}


def _upgraded(home: Home) -> dict[str, LandedOtherwise]:
    """Upgrade a home and return year of the file -> what differs."""
    upgrade_steps.upgrade(home, quiet)
    year = {receipt.submission: year for year, receipt in _by_year(home).items()}
    return {year[landed.submission]: landed for landed in landed_otherwise(home)}


def _rows(home: Home, year: str) -> dict[str, list[RawValue]]:
    return read_rows(rows_path(home, "victims", SOURCE, _by_year(home)[year].submission))


def _as_older_rules_landed(
    home: Home, year: str, change: Callable[[dict[str, list[RawValue]]], object], reasons: str | None = None
) -> None:
    """Write a landing as rules of before would have: other rows, and other reasons for those kept out."""
    submission = _by_year(home)[year].submission
    path, quarantine = rows_path(home, "victims", SOURCE, submission), home.quarantine / f"{submission}.jsonl"
    rows = read_rows(path)
    change(rows)
    sha256 = write_rows(path, column_types("victims"), rows)
    first, _, others = quarantine.read_text(encoding="utf-8").partition("\n")
    content = json.loads(first) | {"rules": "of before", "files": {"victims": sha256}}
    quarantine.write_text(f"{json.dumps(content)}\n{others if reasons is None else reasons}", encoding="utf-8")


def _without_first(rows: dict[str, list[RawValue]]) -> None:
    for values in rows.values():
        del values[0]


def _with_other_sex(rows: dict[str, list[RawValue]]) -> None:
    rows["sex_code"][0] = "M"


def test_months_that_were_exchanged_in_a_home_of_format_2_wait_and_land_right_after_one_answer(older: Home) -> None:
    _confirm_as_spelled(older, "2022", "على")  # else it asks
    differing = _upgraded(older)
    assert sorted(differing) == ["2023", "2024"]
    counts = {year: differing[year].changes["victims"][year] for year in differing}
    assert {year: (one["gone"], one["added"], one["changed"], one["unchanged"]) for year, one in counts.items()} == {
        "2023": (7, 0, 0, 5),
        "2024": (9, 0, 0, 1),
    }
    assert differing["2023"].kinds == {"dates_exchanged": 7}
    assert differing["2024"].kinds == {"date_order_contradicted": 11}
    for item in review.items(older):
        if item.finding.kind in differing["2023"].kinds | differing["2024"].kinds:
            review.decide(older, item.id, value=item.answers[0], signed_by="statistics", reason="their letter of May")
    landing.land(older, SOURCE)
    meant_2023 = [
        (15, 3),
        (5, 3),
        (1, 12),
        (22, 7),
        (4, 7),
        (30, 11),
        (8, 2),
        (6, 9),
        (17, 10),
        (3, 4),
        (28, 5),
        (9, 1),
    ]
    meant_2024 = [(15, 3), (5, 3), (1, 12), (4, 7), (30, 11), (8, 2), (6, 9), (10, 10), (3, 4), (11, 5), (9, 1), (2, 6)]
    for year, meant in (("2023", meant_2023), ("2024", meant_2024)):
        landed = [day for day in _rows(older, year)["contact_date"] if isinstance(day, datetime.date)]
        assert [(day.day, day.month) for day in landed] == meant


def _confirm_as_spelled(home: Home, year: str, *words: str) -> None:
    """Let two roles say of words, as they are spelled, that they name nobody: the upgrade takes none of them back."""
    settings = (home.root / "home.json").read_bytes()
    (home.root / "home.json").write_text(
        json.dumps({"format_version": upgrade_steps.FORMAT_VERSION, "invented": False})
    )
    asked = [AskedWord(word, is_on_name_list=True) for word in words]
    for role in TASK_FORCE_ROLES[:2]:
        confirmed_words.confirm(home, SOURCE, _by_year(home)[year].sha256, asked, by=role, day=DAY)
    (home.root / "home.json").write_bytes(settings)


def test_a_home_of_format_2_whose_files_land_as_before_differs_in_nothing(older: Home) -> None:
    _as_older_rules_landed(older, "2021", len)
    before = _rows(older, "2021")
    assert "2021" not in _upgraded(older)
    assert _rows(older, "2021") == before


def test_rows_that_change_come_and_go_are_counted_with_their_fields_and_reasons(older: Home) -> None:
    _as_older_rules_landed(older, "2021", _with_other_sex)
    _as_older_rules_landed(older, "2022", _without_first)
    _confirm_as_spelled(older, "2022", "على")
    submission = _by_year(older)["2021"].submission
    differing = _upgraded(older)
    changed = {"added": 0, "gone": 0, "changed": 1, "unchanged": 2, "fields": {"sex_code": 1}}
    assert differing["2021"] == LandedOtherwise(submission, SOURCE, {"victims": {"2021": changed}})
    assert differing["2022"].changes["victims"]["2022"] == changed | {"added": 1, "changed": 0, "fields": {}}
    assert len(_rows(older, "2022")["row_number"]) == 3
    assert set(_rows(older, "2021")["sex_code"]) == {"F"}


def test_the_list_holds_no_value_of_a_cell(older: Home) -> None:
    values = {str(value) for column in ("person_token", "case_token") for value in _rows(older, "2021")[column]}
    _as_older_rules_landed(older, "2021", _with_other_sex)
    assert _upgraded(older)
    text = (older.root / "landed_otherwise.json").read_text(encoding="utf-8")
    assert not [value for value in values if value in text]


def test_a_file_that_cannot_be_landed_again_is_listed_and_holds_nothing_else_up(older: Home) -> None:
    _as_older_rules_landed(older, "2022", _without_first)
    _as_older_rules_landed(older, "2021", _without_first)
    _confirm_as_spelled(older, "2022", "على")
    receipt, before = _by_year(older)["2021"], _rows(older, "2021")
    (older.received / receipt.sha256).unlink()
    differing = _upgraded(older)
    assert differing["2021"] == LandedOtherwise(receipt.submission, SOURCE, refused="file_missing")
    assert _rows(older, "2021") == before
    assert differing["2022"].changes["victims"]["2022"]["added"] == 1


def test_a_file_that_asks_now_counts_for_nothing_and_is_listed(older: Home) -> None:
    (older.root / "home.json").write_text(
        json.dumps({"format_version": upgrade_steps.FORMAT_VERSION, "invented": False})
    )
    for word in _by_year(older)["2022"].words:
        confirmed_words.take_back(older, word, by=TASK_FORCE_ROLES[0])
    (older.root / "home.json").write_text(json.dumps({"format_version": 2, "invented": False}))
    landed = _upgraded(older)["2022"]
    assert landed.asked == 2
    assert landed.changes["victims"]["2022"]["gone"] == 3
    assert not rows_path(older, "victims", SOURCE, landed.submission).exists()


def test_a_word_that_was_confirmed_folded_is_taken_back_and_its_file_asks_until_it_is_confirmed_as_spelled(
    older: Home,
) -> None:
    landed = _upgraded(older)["2022"]
    assert landed.asked == 2  # cells
    taken_back = [line.word for line in confirmed_words.read_confirmations(older) if line.action == "take_back_folded"]
    assert taken_back == [ConfirmedWords(older, SOURCE).name("علي")]  # the file says `على`
    assert [receipt.submission for receipt in asked_again.receipts_that_ask(older)] == [landed.submission]
    _confirm_as_spelled(older, "2022", "علي")
    landing.land(older, SOURCE)
    assert [receipt.submission for receipt in asked_again.receipts_that_ask(older)] == [landed.submission]
    _confirm_as_spelled(older, "2022", "على")
    landing.land(older, SOURCE)
    assert asked_again.receipts_that_ask(older) == []
    assert len(_rows(older, "2022")["row_number"]) == 3


def test_what_was_withdrawn_since_is_no_longer_listed(older: Home) -> None:
    _as_older_rules_landed(older, "2021", _without_first)
    submission = _upgraded(older)["2021"].submission
    submission_withdrawal.withdraw(older, submission, reason="sent by mistake", signed_by="statistics")
    assert submission not in {landed.submission for landed in landed_otherwise(older)}


def test_a_build_after_the_upgrade_lands_nothing_more(older: Home) -> None:
    upgrade_steps.upgrade(older, quiet)
    assert landing.land(older, SOURCE) == []


@pytest.mark.parametrize("tag", languages())
def test_the_command_tells_each_difference_and_what_comes_next(
    older: Home, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tag: str
) -> None:
    _as_older_rules_landed(older, "2021", _with_other_sex)
    submission = _by_year(older)["2021"].submission
    monkeypatch.setenv("MARSAD_HOME", str(older.root))
    monkeypatch.setattr(sys, "argv", ["marsad", "--language", tag, "upgrade", "--backed-up"])
    with pytest.raises(SystemExit) as left:
        command.main()
    out = capsys.readouterr().out
    assert (left.value.code or 0, submission in out, "marsad build" in out) == (0, True, True)
    table = sheet_of("victims", tag)
    counts = {"waiting": 0, "landing": 0, "changed": 1}
    place = {"submission": submission, "source": SOURCE, "table": table, "period": "2021"}
    assert Words.load(tag).text("upgrade.differs", **place, **counts) in out


@pytest.mark.whole_home
def test_an_upgrade_killed_before_any_change_lists_the_same_and_lands_the_same_rows(
    older: Home, tmp_path: Path
) -> None:
    _as_older_rules_landed(older, "2021", _with_other_sex)
    killed: list[int] = []

    def look(_home: Home, was_killed: bool, change: int) -> None:
        killed.extend([change] if was_killed else [])

    kill_before_each_change(older.root, tmp_path, look)
    assert len(killed) > 30
