"""An older home is read, not written; its upgrade can be killed anywhere and goes on; a newer one is refused."""

from __future__ import annotations

import json
import shutil
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest

from expectations.published import ledger
from ingestion import chain_heads, intake_lock
from ingestion.home import FORMAT_VERSION, Home
from ingestion.keeping import restoration
from ingestion.keeping.backup import back_up
from ingestion.submissions import receipts
from languages.refusal import Refusal
from languages.words import Words, languages
from marsad.commands import diagnosing
from marsad.upgrades import upgrade_steps
from marsad.upgrades.landed_otherwise import landed_otherwise
from tests.expectations import toy_home
from tests.ingestion.keeping.small_homes import key_files
from tests.marsad.upgrades.killed_upgrades import files_of, kill_before_each_change, quiet

ARCHIVE = Path(__file__).parents[2] / "expectations" / "golden" / "home_of_format_3.tar.xz"
"""A home of format 1 with releases of format 3."""

Marsad = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="session")
def _older(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home as it was before there were heads, with a receipt, and open to others."""
    root = tmp_path_factory.mktemp("older") / "home"
    with tarfile.open(ARCHIVE) as archive:
        archive.extractall(root, filter="data")
    home = Home(root)
    settings = (root / "home.json").read_bytes()
    (root / "home.json").write_text(json.dumps({"format_version": FORMAT_VERSION, "invented": True}))
    with intake_lock.lock(home):
        receipts.append(home, _receipt())
    (root / "home.json").write_bytes(settings)
    for head in root.rglob("*.head"):
        head.unlink()
    for name in ("receipts.lock", "receipts.lock.holder"):
        (root / name).unlink(missing_ok=True)
    home.releases.chmod(0o755)
    return home


def _receipt() -> receipts.Receipt:
    sha256 = toy_home.sha256_of_bytes(toy_home.FILE)
    return receipts.Receipt("iraq_interior_ministry", sha256, ".xlsx", "accepted", 1, 1, 0, {}, "", "", "2025-01-01")


@pytest.fixture
def older(_older: Home, tmp_path: Path) -> Home:
    return Home(shutil.copytree(_older.root, tmp_path / "home"))


@pytest.fixture
def marsad(older: Home, monkeypatch: pytest.MonkeyPatch, typed: Marsad) -> Marsad:
    monkeypatch.setenv("MARSAD_HOME", str(older.root))
    return typed


def _codes(home: Home, capsys: pytest.CaptureFixture[str]) -> dict[str, str]:
    diagnosing.tell_diagnosis(home, Words.load("en"), quiet, as_json=True)
    return {one["code"]: one["cure"] for one in json.loads(capsys.readouterr().out)["problems"]}


def test_an_older_home_is_read_and_nothing_is_written_in_it(older: Home, marsad: Marsad, tmp_path: Path) -> None:
    before, rooms = files_of(older), sorted(older.root.rglob("*"))
    assert len(ledger.entries(older)) == 6
    assert marsad("submissions", "status", "--json")[0] == 0
    (tmp_path / "a.xlsx").write_bytes(b"x")
    for words in (
        ["build"],
        ["receive", "iraq_interior_ministry", str(tmp_path / "a.xlsx")],
        ["inbox"],
        ["report"],
        ["demo"],
        ["submissions", "withdraw", "x", "--reason", "sent by mistake", "--by", "statistics"],
    ):
        code, _, err = marsad(*words)
        assert (code, "home_older" in err, "marsad upgrade" in err) == (1, True, True), (words, err)
    with pytest.raises(Refusal, match="home_older"), intake_lock.lock(older):
        pass
    assert (files_of(older), sorted(older.root.rglob("*"))) == (before, rooms)


def test_the_doctor_names_an_older_home_and_an_unfinished_upgrade(
    older: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _codes(older, capsys)["home_older"] == "keeper"
    (older.root / "upgrade.json").write_text("{}")
    found = _codes(older, capsys)
    assert found["upgrade_unfinished"] == "keeper"
    assert "home_older" not in found


@pytest.mark.parametrize("tag", languages())
def test_an_upgrade_asks_for_a_backup_first_and_tells_each_step(older: Home, marsad: Marsad, tag: str) -> None:
    before = files_of(older)
    code, out, err = marsad("--language", tag, "upgrade")
    assert (code, "backup_first" in err) == (1, True)
    assert "marsad backup" in out
    assert files_of(older) == before
    code, out, _ = marsad("--language", tag, "upgrade", "--backed-up")
    assert code == 0
    said = Words.load(tag)
    assert [said.text(f"upgrade.step.{step.name}") in out for step in upgrade_steps.steps_from(1)] == [True] * 5
    code, out, _ = marsad("--language", tag, "upgrade")
    assert (code, len(out.splitlines())) == (0, 3)  # its format, what is unsigned, who is missing


def test_an_upgraded_home_has_its_heads_and_rights_and_every_other_byte_as_it_was(older: Home) -> None:
    before = files_of(older)
    upgrade_steps.upgrade(older, quiet)
    after = files_of(older)
    assert older.settings.format_version == FORMAT_VERSION
    assert older.is_invented
    heads = {f"{place}{log}.head" for place in ("", "backups/") for log in ("receipts", "ledger")}
    assert set(after) - set(before) == {*heads, "landed_otherwise.json"}
    assert [landed.refused for landed in landed_otherwise(older)] == ["file_missing"]
    changed = {name for name in before if after[name] != before[name]}
    assert changed == {"home.json"}
    assert older.releases.stat().st_mode & 0o777 == 0o700
    entries = ledger.entries(older)
    assert chain_heads.read_head(ledger.head_path(older)) == (len(entries), ledger.hash_of(entries[-1]))
    older.receipts.write_bytes(b"")
    with pytest.raises(Refusal, match="receipts_broken"):
        receipts.read_receipts(older)


@pytest.mark.whole_home
def test_an_upgrade_killed_before_any_of_its_changes_goes_on_and_ends_with_the_same_bytes(
    _older: Home, tmp_path: Path
) -> None:
    few = shutil.copytree(_older.root, tmp_path / "few", ignore=shutil.ignore_patterns("0000*", "lineage"))
    killed: list[int] = []
    half_way: list[int] = []

    def look(home: Home, was_killed: bool, change: int) -> None:
        killed.append(change)
        assert len(ledger.entries(home)) == 6, change
        if was_killed and home.settings.format_version < FORMAT_VERSION:
            with pytest.raises(Refusal, match="home_older"), home.lock("marsad build"):
                pass
            half_way.extend([change] if upgrade_steps.unfinished_upgrade(home) else [])

    kill_before_each_change(few, tmp_path, look)
    assert len(half_way) > 5
    assert len(killed) > 20


def test_an_upgrade_waits_for_nobody_and_writes_over_no_broken_log(older: Home, _older: Home, tmp_path: Path) -> None:
    log = older.ledger / "log.jsonl"
    log.write_bytes(log.read_bytes().replace(b'"sequence": 1', b'"sequence": 9', 1))
    before = files_of(older)
    with pytest.raises(Refusal, match="ledger_broken"):
        upgrade_steps.upgrade(older, quiet)
    assert {name: one for name, one in files_of(older).items() if name in before and name != "receipts.head"} == before
    home = Home(shutil.copytree(_older.root, tmp_path / "held"))
    with (
        upgrade_steps.writer_lock.hold_lock(home.root / "lock", "marsad build", where=home.root),
        pytest.raises(Refusal, match="lock_held"),
    ):
        upgrade_steps.upgrade(home, quiet)


@pytest.mark.parametrize("words", [["build"], ["submissions", "status"], ["upgrade"], ["doctor"], ["inbox"]])
def test_a_newer_home_is_refused_with_a_sentence_and_left_alone(older: Home, marsad: Marsad, words: list[str]) -> None:
    content = {"format_version": FORMAT_VERSION + 1, "invented": True}
    (older.root / "home.json").write_text(json.dumps(content))
    before = files_of(older)
    code, _, err = marsad(*words)
    assert (code, "home_newer" in err, "Traceback" in err) == (1, True, False)
    assert files_of(older) == before


def test_an_older_home_can_be_backed_up_and_comes_back_as_it_was(older: Home, tmp_path: Path) -> None:
    keys = key_files(tmp_path / "keys")
    back_up(older, tmp_path / "backup", keys.public)
    back = Home(tmp_path / "back")
    restoration.restore(tmp_path / "backup", back.root, keys.recovery)
    assert back.settings.format_version == 1
    assert ledger.entries(back) == ledger.entries(older)
    upgrade_steps.upgrade(back, quiet)
    assert back.settings.format_version == FORMAT_VERSION


def test_every_format_before_this_one_has_steps_with_words() -> None:
    assert sorted(upgrade_steps.STEPS) == list(range(1, FORMAT_VERSION))
    said = Words.load("en")
    assert all(f"upgrade.step.{step.name}" in said for step in upgrade_steps.steps_from(1))
