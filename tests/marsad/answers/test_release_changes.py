"""What changed since the last release: sizes as printed, facts, causes, files; as answer and as command."""

from __future__ import annotations

import datetime
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from expectations.published import ledger, release_withdrawal
from expectations.releases import proposal
from expectations.releases.release_difference import compare
from ingestion.home import Home, sha256_of_bytes
from ingestion.people.acts_log import read_acts
from ingestion.submissions import receipts, submission_withdrawal
from languages.refusal import Refusal
from languages.words import Words, languages
from marsad.answers import release_changes
from tests.expectations import toy_home

Marsad = Callable[..., tuple[int, str, str]]
NATIONAL = "four_ps_national"
LATER = b"a later invented workbook"
SECOND = f"000002-{sha256_of_bytes(LATER)[:12]}"


@pytest.fixture
def home(toy_released: Path, tmp_path: Path) -> Home:
    """A home with one release of each dataset, from one file."""
    home = Home(shutil.copytree(toy_released, tmp_path / "home"))
    receipts.append(home, toy_home.receipt())
    return home


def publish_again(home: Home, patch: pytest.MonkeyPatch, cases: int = 40) -> None:
    """Release both datasets anew, from a later file with more cases of 2023."""
    patch.setattr(toy_home, "FILE", LATER)
    patch.setattr(toy_home, "SUBMISSION", SECOND)
    receipts.append(home, toy_home.receipt(LATER))
    country = toy_home.Country()
    country.add(cases, year="2023", sex="M", age="Y_GE18", form="BEGGING")
    toy_home.build(home, country)
    toy_home.publish(home)


@pytest.fixture
def revised(home: Home, monkeypatch: pytest.MonkeyPatch) -> Home:
    """The same home after a later file replaced the first one and 40 cases of 2023 came late."""
    publish_again(home, monkeypatch)
    return home


def test_of_a_first_release_everything_is_new(home: Home):
    changes = release_changes.release_changes(home, NATIONAL)
    assert (changes.before, changes.is_proposed) == ("", False)
    assert {changed.cells.revised for changed in changes.indicators} == {0}
    years = release_changes.changed_years(home, "amina", NATIONAL, "PRT-01")
    assert [year.causes for year in years] == [("new_year", "file_came")] * 2


def test_cells_are_counted_as_the_two_releases_differ(revised: Home):
    changes = release_changes.release_changes(revised, NATIONAL)
    before, now = (ledger.cells_of(revised, entry) for entry in ledger.entries(revised, NATIONAL))
    counts = compare(before, now).counts()
    for kind in release_changes.KINDS:
        assert sum(getattr(changed.cells, kind) for changed in changes.indicators) == counts[kind]
    assert counts["revised"] > 0
    assert (changes.before, changes.now) == tuple(entry.version for entry in ledger.entries(revised, NATIONAL))


def test_a_revised_year_names_facts_files_and_printed_values(revised: Home):
    (year,) = release_changes.changed_years(revised, "amina", NATIONAL, "PRT-01")
    assert year.year == "2023"
    assert (year.facts_added, year.facts_gone) == (40, 0)
    assert {(file.submission, file.change) for file in year.files} == {
        (SECOND, "came"),
        (f"000001-{sha256_of_bytes(b'an invented workbook')[:12]}", "replaced"),
    }
    assert year.causes == ("file_came", "file_replaced")
    before, now = (ledger.cells_of(revised, entry) for entry in ledger.entries(revised, NATIONAL))
    for cell in year.revised:
        for frame, told in ((before, cell.before), (now, cell.now)):
            rows = frame
            for name, code in cell.coordinates.items():
                rows = rows[rows[name] == code]
            totals = rows[(rows[["sex", "age", "form"]] == "_T").sum(axis=1) == 3 - (len(cell.coordinates) - 4)]
            assert told.value in set(totals["obs_value"])
    assert len(year.revised) <= release_changes.MOST_REVISED


def test_what_rounds_to_zero_is_marked_and_no_zero(home: Home, monkeypatch: pytest.MonkeyPatch):
    publish_again(home, monkeypatch)
    monkeypatch.setattr(release_changes, "MOST_REVISED", 1000)
    cells = [
        side
        for changed in release_changes.release_changes(home, NATIONAL).indicators
        for year in release_changes.changed_years(home, "amina", NATIONAL, changed.indicator)
        for cell in year.revised
        for side in (cell.before, cell.now)
    ]
    rounded = [side for side in cells if side.value == 0 and side.method.startswith("ROUNDED")]
    assert all(side.method for side in cells)
    assert {side.mark for side in rounded} <= {"low"}


def test_a_withdrawn_file_is_told_with_day_and_reason(revised: Home):
    first = f"000001-{sha256_of_bytes(b'an invented workbook')[:12]}"
    day = datetime.date(2026, 3, 1)
    submission_withdrawal.withdraw(revised, first, reason="it was a draft", signed_by="statistics section", today=day)
    (year,) = release_changes.changed_years(revised, "amina", NATIONAL, "PRT-01")
    (gone,) = [file for file in year.files if file.change == "withdrawn"]
    assert (gone.submission, gone.day, gone.reason) == (first, "2026-03-01", "it was a draft")
    assert "file_withdrawn" in year.causes
    assert "it was a draft" in release_changes.file_in_words(gone, Words.load("en"))


def test_the_same_facts_of_the_same_files_changed_by_protection_alone(home: Home, monkeypatch: pytest.MonkeyPatch):
    publish_again(home, monkeypatch)
    monkeypatch.setattr(
        release_changes,
        "_lineages",
        lambda pair, _code: (
            [release_changes._cells(pair.home, pair.now).assign(member="a", submission="b", record="c/d")] * 2
        ),
    )
    (year,) = release_changes.changed_years(home, "amina", NATIONAL, "PRT-01")
    assert (year.causes, year.files) == (("protection",), ())


def test_what_waits_to_be_signed_is_compared_with_what_is_out(home: Home, monkeypatch: pytest.MonkeyPatch):
    proposing = proposal.lay_out(home)
    for name in ("candidates", "raw", "taken", "build", "verdicts"):
        assert getattr(proposing, name) == getattr(home, name)
    publish_again(proposing, monkeypatch)
    changes = release_changes.release_changes(home, NATIONAL)
    assert changes.is_proposed
    assert changes.before == ledger.entries(home, NATIONAL)[-1].version
    (year,) = release_changes.changed_years(home, "amina", NATIONAL, "PRT-01")
    assert year.facts_added == 40


def test_nothing_is_compared_with_a_withdrawn_release(revised: Home):
    first, second = (entry.version for entry in ledger.entries(revised, NATIONAL))
    release_withdrawal.withdraw(revised, NATIONAL, second, reason="an invented error", signed_by="statistics section")
    changes = release_changes.release_changes(revised, NATIONAL)
    assert (changes.before, changes.now) == ("", first)
    release_withdrawal.withdraw(revised, NATIONAL, first, reason="an invented error", signed_by="statistics section")
    with pytest.raises(Refusal) as refused:
        release_changes.release_changes(revised, NATIONAL)
    assert refused.value.code == "nothing_released"


def test_causes_and_files_are_a_look_of_the_person(revised: Home):
    release_changes.changed_years(revised, "amina", NATIONAL, "PRT-01")
    last = read_acts(revised)[-1]
    assert (last["kind"], last["person"], last["what"]) == ("looked", "amina", f"changes {NATIONAL} PRT-01")


def test_an_indicator_without_a_changed_cell_is_no_look(revised: Home):
    before = len(read_acts(revised))
    assert release_changes.changed_years(revised, "amina", NATIONAL, "PRT-99") == []
    assert len(read_acts(revised)) == before


def test_a_dataset_that_was_never_released_is_refused(home: Home):
    for dataset, code in (("law_28_monitor", "nothing_released"), ("four_ps", "dataset_unknown")):
        with pytest.raises(Refusal) as refused:
            release_changes.release_changes(home, dataset)
        assert refused.value.code == code


@pytest.mark.parametrize("tag", languages())
def test_the_command_tells_the_same_in_each_language(
    revised: Home, monkeypatch: pytest.MonkeyPatch, typed: Marsad, tag: str
):
    monkeypatch.setenv("MARSAD_HOME", str(revised.root))
    words = Words.load(tag)
    code, out, _ = typed("-l", tag, "releases", "changes", NATIONAL)
    assert (code, "PRT-01" in out, words.text("changes.column.revised") in out) == (0, True, True)
    code, out, _ = typed("-l", tag, "releases", "changes", NATIONAL, "--indicator", "PRT-01", "--as", "amina")
    assert code == 0
    for sentence in (words.text("changes.cause.file_came"), words.text("changes.facts", added=40, gone=0)):
        assert sentence in out
    code, out, _ = typed("releases", "changes", NATIONAL, "--indicator", "PRT-01", "--json")
    assert (code, json.loads(out)[0]["facts_added"]) == (0, 40)
