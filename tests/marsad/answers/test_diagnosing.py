"""The doctor reads all that a hash, a chain or a seal exists for: no harm to a stored file is silent."""

from __future__ import annotations

import contextlib
import datetime
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from assets import stages
from expectations.candidates.erased_figures import ErasedFigures
from expectations.published import ledger
from ingestion import file_systems, intake_lock
from ingestion.home import Home, sha256_of_bytes
from ingestion.keeping import retention
from ingestion.persons import link_store
from ingestion.persons.link_store import StoredLink
from ingestion.privacy import confirmed_words
from ingestion.privacy.unexplained_texts import AskedWord
from ingestion.submissions import receipts, submission_withdrawal
from languages.refusal import Refusal
from languages.words import Words, languages
from marsad.answers import diagnosing
from tests.expectations import toy_home
from tests.ingestion.keeping.small_homes import flip

_ABSENT = {
    *("unfinished", "locks", "research", "editors", "published_reports", "reports", "backups", "inbox", "runs"),
    "landed_otherwise",
}
"""Classes of the retention card that this home lacks: their own tests harm them, or no hash is kept of them."""

_CACHES = ("build/dbt", "build/fingerprints.json", "lock")  # read by nobody as figures; spoilt, they are made anew


@pytest.fixture(scope="module")
def home(own_released: Home) -> Home:
    """A home with a receipt, two releases and everything that a build remembers of what it wrote."""
    home = own_released
    line = receipts.Receipt(
        "iraq_interior_ministry",
        sha256_of_bytes(toy_home.FILE),
        ".xlsx",
        "accepted",
        1,
        1,
        0,
        {},
        "",
        "",
        "2025-01-01",
    )
    with intake_lock.lock(home):
        receipts.append(home, line)
        _confirm(home, "iraq_interior_ministry", "qashqat")
    link_store.write(
        home, [StoredLink("one", "another", 0.5, has_codes=False, is_seen_as_both=False, model="of a test")]
    )
    stages.record(home, stages.STAGE_NAMES, stages.given_to(home))
    with home.lock("test"):
        pass
    return home


def _confirm(home: Home, source: str, text: str) -> None:
    word, sha256 = AskedWord(text, is_on_name_list=False), sha256_of_bytes(toy_home.FILE)
    confirmed_words.confirm(home, source, sha256, [word], by="data_officer", day=datetime.date(2025, 1, 2))


def _ask(home: Home, capsys: pytest.CaptureFixture[str]) -> dict[str, object]:
    is_sound = diagnosing.doctor(home, Words.load("en"), lambda _step: None, as_json=True)
    found = json.loads(capsys.readouterr().out)
    assert found["ok"] == is_sound
    return found


def _codes(home: Home, capsys: pytest.CaptureFixture[str]) -> dict[str, str]:
    return {one["code"]: one["cure"] for one in _ask(home, capsys)["problems"]}  # type: ignore[index]


def _flip(path: Path) -> None:
    flip(path)


def _flip_last(path: Path) -> None:
    flip(path, place=1.0)


def _empty(path: Path) -> None:
    path.write_bytes(b"")


def test_a_sound_home_is_sound(home: Home, capsys: pytest.CaptureFixture[str]):
    assert _ask(home, capsys) == {"ok": True, "problems": [], "erased_evidence": {"figures": 0, "releases": []}}


@pytest.mark.parametrize("harm", [_flip, _flip_last, _empty, Path.unlink])
def test_no_harm_to_a_kind_of_stored_file_is_silent(
    home: Home, harm: Callable[[Path], None], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    # Two processes each time ask the place for its locks, which no file decides; every other test lets them ask.
    monkeypatch.setattr(file_systems, "locks_hold", lambda _root: True)
    kinds: dict[tuple[str, ...], Path] = {}
    for path in sorted(path for path in home.root.rglob("*") if path.is_file() and path.stat().st_size):
        place = path.relative_to(home.root)
        if not place.as_posix().startswith(_CACHES):
            kinds.setdefault((*place.parts[:2][: len(place.parts) - 1], path.suffix, path.stem[:4]), path)
    assert len(kinds) > 25
    named = {file.path: file.name for file in retention.files_of(home.root)}
    classes = {named[path.relative_to(home.root).as_posix()] for path in kinds.values()}
    assert set(retention.card().classes) - classes == _ABSENT, "a kind of file that nobody has harmed yet"
    assert "" not in classes, "decide in ingestion/keeping/retention.yml"
    silent: list[Path] = []
    for path in kinds.values():
        if harm is Path.unlink and path.suffix == ".head":
            continue  # then it is a home of an older house: what the head stood for is there
        before = path.read_bytes()
        harm(path)
        with contextlib.suppress(Refusal):  # told before the first look: nothing of this home can be read
            silent += [path] if _ask(home, capsys)["ok"] else []
        path.write_bytes(before)
        path.chmod(0o600)
    assert silent == []
    assert _ask(home, capsys)["ok"]


def test_it_says_what_can_be_made_again_and_what_cannot(home: Home, capsys: pytest.CaptureFixture[str]):
    sealed = next((home.ledger / "sealed").rglob("*.parquet"))
    final = next(home.candidates.glob("*/final/data.csv"))
    for path, cure in ((sealed, "restore"), (final, "build")):
        before = path.read_bytes()
        _flip(path)
        assert _codes(home, capsys) == {"bytes_changed": cure}
        path.write_bytes(before)


def test_a_cut_ledger_is_told_although_every_line_of_it_holds(home: Home, capsys: pytest.CaptureFixture[str]):
    log = home.ledger / "log.jsonl"
    before = log.read_bytes()
    log.write_bytes(before.split(b"\n")[0] + b"\n")
    assert _codes(home, capsys)["ledger_broken"] == "restore"
    log.write_bytes(before)


def test_another_key_than_the_one_of_the_confirmed_words_is_told(home: Home, capsys: pytest.CaptureFixture[str]):
    key = home.keys / "words.key"
    before = key.read_bytes()
    key.write_text("0" * len(before))
    assert _codes(home, capsys) == {"words_key_gone": "restore"}
    key.write_bytes(before)


def test_bytes_that_no_receipt_names_and_what_was_left_are_told(home: Home, capsys: pytest.CaptureFixture[str]):
    added = [home.received / ("a" * 64), home.received / ".b.999999999.tmp"]
    for path in added:
        path.write_bytes(b"x")
        path.chmod(0o600)
    assert _codes(home, capsys) == {"received_unlisted": "restore", "leftover": "write"}
    for path in added:
        path.unlink()


def test_what_a_killed_withdrawal_left_is_told(
    home: Home, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    before = {path: path.read_bytes() for path in (home.receipts, home.receipts.with_suffix(".head"))}
    monkeypatch.setattr(submission_withdrawal, "sweep", lambda _home: None)
    line = receipts.live(home)[0]
    submission_withdrawal.withdraw(home, line.submission, reason="sent by mistake", signed_by="statistics")
    found = _ask(home, capsys)["problems"]
    assert {"code": "withdrawn_left", "where": str(home.received / line.sha256), "cure": "write"} in found  # type: ignore[operator]
    for path, content in before.items():
        path.write_bytes(content)
        path.chmod(0o600)


def test_rights_that_are_too_wide_are_told_before_opening_mends_them(home: Home, capsys: pytest.CaptureFixture[str]):
    home.raw.chmod(0o755)
    assert _codes(home, capsys) == {"rights_wrong": "write"}
    assert _codes(home, capsys) == {}


def test_rights_that_opening_mends_in_part_are_told_once(home: Home, capsys: pytest.CaptureFixture[str]):
    within = next(home.raw.rglob("*.parquet"))
    home.raw.chmod(0o755)
    within.chmod(0o644)
    assert [one["code"] for one in _ask(home, capsys)["problems"]] == ["rights_wrong"]  # type: ignore[index]
    within.chmod(0o600)


@pytest.mark.parametrize("tag", languages())
def test_it_speaks_every_language(home: Home, tag: str, capsys: pytest.CaptureFixture[str]):
    head = ledger.head_path(home)
    before = head.read_bytes()
    head.write_bytes(b"{")
    words = Words.load(tag)
    assert not diagnosing.doctor(home, words, lambda _step: None, as_json=False)
    assert words.text("desk.cure.restore") in capsys.readouterr().out
    head.write_bytes(before)


@pytest.mark.parametrize("tag", languages())
def test_figures_of_erased_files_are_counted_and_are_no_problem(
    home: Home, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tag: str
) -> None:
    """Which figures these are is tested beside the count; here is told how many, and that nothing is to be mended."""
    assert _ask(home, capsys)["erased_evidence"] == {"figures": 0, "releases": []}
    erased = [ErasedFigures("four_ps_national", "000002-ab", 4), ErasedFigures("law_28_monitor", "000002-cd", 3)]
    monkeypatch.setattr("expectations.candidates.erased_figures.erased_figures", lambda _home: erased)
    found = _ask(home, capsys)
    assert (found["ok"], found["erased_evidence"]["figures"]) == (True, 7)  # type: ignore[index]
    words = Words.load(tag)
    assert diagnosing.doctor(home, words, lambda _step: None, as_json=False)
    releases = "four_ps_national 000002-ab: 4, law_28_monitor 000002-cd: 3"
    assert words.text("trace.alone", figures=7, datasets=releases) in capsys.readouterr().out
