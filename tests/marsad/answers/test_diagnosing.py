"""The doctor reads all that a hash, a chain or a seal exists for: no harm to a stored file is silent."""

from __future__ import annotations

import errno
import json
import os
import shutil
import types
from collections.abc import Callable
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import pytest

from assets import stages
from expectations.candidates.erased_figures import ErasedFigures
from expectations.published import ledger
from ingestion import chain_heads, file_systems, intake_lock
from ingestion.home import Home, sha256_of_bytes
from ingestion.keeping import retention
from ingestion.people.roster import NAME, roster_path
from ingestion.persons import link_store
from ingestion.persons.link_store import StoredLink
from ingestion.seals import ENDING
from ingestion.submissions import decisions, receipts, submission_withdrawal
from ingestion.submissions.decisions import Decision
from languages.refusal import Refusal
from languages.words import Words, languages
from marsad.answers import acting
from marsad.commands import diagnosing
from marsad.diagnosis import encrypted_volumes, home_looks
from reports.editors import editing_log
from samples.invented_people import PREPARER
from tests import signing
from tests.expectations import toy_home
from tests.ingestion.keeping.small_homes import flip

_ABSENT = {
    *("unfinished", "locks", "editors", "published_reports", "reports", "inbox", "runs"),
    *("proposal", "desk"),
}
"""Classes of the retention card that this home lacks: their own tests harm them, or no hash is kept of them."""

_CACHES = ("build/dbt", "lock")  # read by nobody as figures; spoilt, they are made anew


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
        taken=sha256_of_bytes(toy_home.FILE),
    )
    with intake_lock.lock(home):
        receipts.append(home, line)
    decided = Decision("x", line.source, line.sha256, "", "", "code", "M", "statistics", "letter", "2025-01-02")
    decisions.append(home, decided)
    link_store.write(
        home, [StoredLink("one", "another", 0.5, has_codes=False, is_seen_as_both=False, model="of a test")]
    )
    stages.record_stages(home, stages.STAGE_NAMES, stages.hashes_before_run(home))
    editing_log.append(home, "saved", "hana", "answer-1.en.md", "en", sha256_of_bytes(b"A text."))
    with home.lock("test"):
        pass
    signing.found(home)
    roster = roster_path(home).read_bytes() + b"# read again\n"
    signing.sign_act(home, acting.prepare_file(home, "people", PREPARER, "read again", Path(NAME), roster, {}))
    return home


@pytest.fixture(autouse=True)
def _encrypted_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the disks of this machine be encrypted; `diagnosis/test_encrypted_volumes.py` has machines of its own."""
    monkeypatch.setattr(encrypted_volumes, "find_unprotected", lambda _home: iter(()))


def _ask(home: Home, capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    is_sound = diagnosing.tell_diagnosis(home, Words.load("en"), lambda _step: None, as_json=True)
    found = json.loads(capsys.readouterr().out)
    assert found["ok"] == is_sound
    return found


def _codes(home: Home, capsys: pytest.CaptureFixture[str]) -> dict[str, str]:
    return {one["code"]: one["cure"] for one in _ask(home, capsys)["problems"]}


def _flip(path: Path) -> None:
    flip(path)


def _flip_last(path: Path) -> None:
    flip(path, place=1.0)


def _empty(path: Path) -> None:
    path.write_bytes(b"")


def test_a_sound_home_is_sound(home: Home, capsys: pytest.CaptureFixture[str]):
    found = _ask(home, capsys)
    assert {"receipts.jsonl", "ledger/*", "releases/*", "acts.jsonl"} & set(found.pop("sound")) >= {
        "ledger/*",
        "releases/*",
    }
    assert found == {
        "unsound": [],
        "ok": True,
        "problems": [],
        "warnings": [],
        "erased_evidence": {"figures": 0, "releases": []},
        "not_looked_at": [
            *(
                "desk/*",
                "proposal/*",
                "prose/*",
                "publications/*",
                "geography/*",
                "standards.yml",
                "inbox/*",
                "warehouse.duckdb.*",
                "build/*",
            ),
            "dagster/*",
        ],
        "not_to_the_end": [],
    }


def _truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-7])


def _deepen(path: Path) -> None:
    path.write_bytes(b"[" * 100_000 + b"\n")


def _make_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


_HARMS = [_flip, _flip_last, _truncate, _empty, Path.unlink, _deepen, _make_folder]


def _kinds(home: Home) -> list[Path]:
    """One file of each kind that this home holds."""
    kinds: dict[tuple[str, ...], Path] = {}
    for path in sorted(path for path in home.root.rglob("*") if path.is_file() and path.stat().st_size):
        place = path.relative_to(home.root)
        if not place.as_posix().startswith(_CACHES):
            kinds.setdefault((*place.parts[:2][: len(place.parts) - 1], path.suffix, path.stem[:4]), path)
    return list(kinds.values())


def _is_said(home: Home, path: Path, found: dict[str, Any]) -> bool:
    """Whether a finding names the file, or its place stands among those that were not looked at to their end.

    A seal is said by the file that it seals.
    """
    path = path.with_name(path.name.removesuffix(ENDING))
    place = path.relative_to(home.root)
    named = any(path.name in problem["where"] or str(place) in problem["where"] for problem in found["problems"])
    return named or any(fnmatchcase(place.as_posix(), pattern) for pattern in found["not_to_the_end"])


@pytest.fixture
def _quiet_locks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two processes each time ask the place for its locks, which no file decides; every other test lets them ask."""
    monkeypatch.setattr(file_systems, "locks_hold", lambda _root: True)


def test_one_file_of_each_class_of_the_card_is_harmed(home: Home) -> None:
    kinds = _kinds(home)
    assert len(kinds) > 25
    named = {file.path: file.name for file in retention.files_of(home.root)}
    classes = {named[path.relative_to(home.root).as_posix()] for path in kinds}
    assert set(retention.card().classes) - classes == _ABSENT, "a kind of file that nobody has harmed yet"
    assert "" not in classes, "decide in ingestion/keeping/retention.yml"


@pytest.mark.usefixtures("_quiet_locks")
@pytest.mark.parametrize("harm", _HARMS)
def test_no_harm_to_a_kind_of_stored_file_is_silent(
    home: Home, harm: Callable[[Path], None], capsys: pytest.CaptureFixture[str]
):
    silent: list[Path] = []
    ended: list[tuple[Path, str]] = []
    for path in _kinds(home):
        if harm is Path.unlink and path.suffix == ".head" and path.parent == home.backups:
            continue  # what it stands for is there twice
        before = path.read_bytes()
        harm(path)
        found = _ask(home, capsys)
        silent += [path] if found["ok"] or not (found["problems"] or found["not_to_the_end"]) else []
        ended += [(path, problem["where"]) for problem in found["problems"] if problem["code"] == "look_ended"]
        if harm is _make_folder and path.suffix in (".parquet", ".csv", ".html"):
            ended += [(path, place) for place in found["not_to_the_end"]]
        if path.is_dir():
            path.rmdir()
        path.write_bytes(before)
        path.chmod(0o600)
    assert (silent, ended) == ([], [])
    assert _ask(home, capsys)["ok"]


@pytest.mark.usefixtures("_quiet_locks")
@pytest.mark.parametrize("harm", _HARMS)
def test_whatever_is_harmed_together_each_is_said_and_nothing_ends_the_doctor(
    home: Home, harm: Callable[[Path], None], capsys: pytest.CaptureFixture[str], tmp_path: Path
):
    copy = Home(Path(shutil.copytree(home.root, tmp_path / "copy")))
    harmed = [path for path in _kinds(copy) if path.suffix != ".head"]
    if harm is Path.unlink:  # one of each class: what is gone with its only witness nobody misses
        named = {file.path: file.name for file in retention.files_of(copy.root)}
        harmed = list({named[path.relative_to(copy.root).as_posix()]: path for path in reversed(harmed)}.values())
    for path in harmed:
        harm(path)
    found = _ask(copy, capsys)
    assert not found["ok"]
    assert {problem["code"] for problem in found["problems"]}.isdisjoint({"look_ended"})
    if harm is Path.unlink:  # the settings are among them: where they are, nothing else says that there is a home
        assert "home_settings_unreadable" in {problem["code"] for problem in found["problems"]}
    assert [str(path) for path in harmed if not _is_said(copy, path, found)] == []


def test_the_places_of_the_looks_are_places_of_the_card(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    places = [place for file_class in retention.card().classes.values() for place in file_class.places]
    looked = [place for look in home_looks.LOOKS for place in look.places]
    assert set(looked) <= set(places)
    assert set(_ask(home, capsys)["not_looked_at"]) == set(places) - set(looked)


@pytest.mark.parametrize("error", [RuntimeError("a value of a cell"), KeyError("x"), OSError("no number")])
def test_a_look_that_ends_by_an_error_nobody_foresaw_is_named_and_the_others_go_on(
    home: Home, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def fail(_home: Home) -> None:
        raise error

    monkeypatch.setattr("ingestion.persons.link_store.read_links", fail)
    sealed = next((home.ledger / "sealed").rglob("*.parquet"))
    before = sealed.read_bytes()
    _flip(sealed)
    found = _ask(home, capsys)
    sealed.write_bytes(before)
    assert [problem["where"] for problem in found["problems"]] == ["links of records", str(sealed)]
    assert found["not_to_the_end"] == ["links/*"]
    assert "a value of a cell" not in json.dumps(found)


@pytest.mark.parametrize(("number", "code"), [(errno.EROFS, "disk_read_only"), (errno.ENOSPC, "disk_full")])
def test_a_disk_that_takes_no_byte_is_said(
    home: Home, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, number: int, code: str
) -> None:
    def refuse(_descriptor: int) -> None:
        raise OSError(number, "no")

    monkeypatch.setattr(os, "fsync", refuse)
    assert _codes(home, capsys) == {code: "keeper"}
    assert not list(home.root.glob(".doctor.*"))


@pytest.mark.parametrize(("free", "is_said"), [(64 * 2**20 - 1, True), (64 * 2**20, False), (64 * 2**20 + 1, False)])
def test_a_disk_that_is_nearly_full_is_said(
    home: Home, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, free: int, is_said: bool
) -> None:
    monkeypatch.setattr(home_looks.shutil, "disk_usage", lambda _root: types.SimpleNamespace(free=free))
    assert _codes(home, capsys) == ({"disk_nearly_full": "keeper"} if is_said else {})


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("fingerprints.json", "made"),
        ("fingerprints.json", "warehouse"),
        ("fingerprints.json", "stages"),
        ("outputs.json", "warehouse"),
        ("outputs.json", "files"),
    ],
)
def test_a_changed_letter_in_a_key_of_the_register_or_of_the_list_of_outputs_blinds_nobody(
    home: Home, capsys: pytest.CaptureFixture[str], name: str, key: str
) -> None:
    path = home.build / name
    before = path.read_bytes()
    assert f'"{key}"'.encode() in before
    path.write_bytes(before.replace(f'"{key}"'.encode(), f'"{key[:-1]}x"'.encode()))
    asked = _ask(home, capsys)
    path.write_bytes(before)
    assert [(problem["where"], problem["cure"]) for problem in asked["problems"]] == [(str(path), "build")]
    assert ("candidates/*" in asked["not_to_the_end"]) == (name == "outputs.json")


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


def test_bytes_that_no_receipt_names_and_what_was_left_are_told(home: Home, capsys: pytest.CaptureFixture[str]):
    added = [home.taken / "000009-abcdefabcdef", home.taken / ".b.999999999.tmp"]
    for path in added:
        path.write_bytes(b"x")
        path.chmod(0o600)
    assert _codes(home, capsys) == {"received_unlisted": "restore", "leftover": "write"}
    for path in added:
        path.unlink()


def test_what_a_killed_withdrawal_left_is_told(
    home: Home, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    head = home.receipts.with_suffix(".head")
    before = {path: path.read_bytes() for path in (home.receipts, head, chain_heads.copy_of(head))}
    monkeypatch.setattr(submission_withdrawal, "sweep", lambda _home: None)
    line = receipts.live_receipts(home)[0]
    submission_withdrawal.withdraw(home, line.submission, reason="sent by mistake", signed_by="statistics")
    found = _ask(home, capsys)["problems"]
    assert {"code": "withdrawn_left", "where": str(home.taken / line.submission), "cure": "write"} in found
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
    assert [one["code"] for one in _ask(home, capsys)["problems"]] == ["rights_wrong"]
    within.chmod(0o600)


@pytest.mark.parametrize("tag", languages())
def test_it_speaks_every_language(home: Home, tag: str, capsys: pytest.CaptureFixture[str]):
    head = ledger.head_path(home)
    before = head.read_bytes()
    head.write_bytes(b"{")
    words = Words.load(tag)
    assert not diagnosing.tell_diagnosis(home, words, lambda _step: None, as_json=False)
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
    assert (found["ok"], found["erased_evidence"]["figures"]) == (True, 7)
    words = Words.load(tag)
    assert diagnosing.tell_diagnosis(home, words, lambda _step: None, as_json=False)
    releases = "four_ps_national 000002-ab: 4, law_28_monitor 000002-cd: 3"
    assert words.text("trace.alone", figures=7, datasets=releases) in capsys.readouterr().out


@pytest.mark.parametrize("tag", languages())
def test_a_disk_without_encryption_is_a_warning_that_leaves_a_home_sound(
    home: Home, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tag: str
) -> None:
    plain = Refusal("volume_plain", where=str(home.root), device="/dev/sda2")
    monkeypatch.setattr(encrypted_volumes, "find_unprotected", lambda _home: iter([plain]))
    warning = {"code": "volume_plain", "where": str(home.root), "cure": "keeper"}
    answer = _ask(home, capsys)
    assert (answer["ok"], answer["problems"], answer["warnings"]) == (True, [], [warning])
    words = Words.load(tag)
    assert diagnosing.tell_diagnosis(home, words, lambda _step: None, as_json=False)
    assert words.text("refusal.volume_plain", where=str(home.root), device="/dev/sda2") in capsys.readouterr().out


def test_a_broken_ledger_hides_no_changed_file_behind_it_and_what_holds_is_named(
    home: Home, capsys: pytest.CaptureFixture[str], tmp_path: Path
):
    copy = Home(Path(shutil.copytree(home.root, tmp_path / "copy")))
    log = copy.ledger / "log.jsonl"
    lines = log.read_bytes().splitlines(keepends=True)
    log.write_bytes(b"".join([*lines[:-1], lines[-1][:-9] + b"\n"]))
    behind = [next(copy.ledger.glob("published/*/*.parquet")), next(copy.lineage.rglob("*.parquet"), None)]
    for path in filter(None, behind):
        _flip(path)
    found = _ask(copy, capsys)
    named = {problem["where"] for problem in found["problems"]}
    assert any("log.jsonl" in where for where in named)
    assert {str(path) for path in behind if path} <= named
    assert "ledger/*" in found["unsound"]
    assert "taken/*" in found["sound"] or "verdicts/*" in found["sound"]
    assert set(found["sound"]).isdisjoint({*found["unsound"], *found["not_to_the_end"]})
