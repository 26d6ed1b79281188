"""Backups are signed by the machine: anybody checks them without a key, and a forged one is refused before it opens."""

from __future__ import annotations

import datetime
import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from ingestion.home import Home, write_bytes
from ingestion.keeping.backup import back_up
from ingestion.keeping.backup_folder import BackupFolder
from ingestion.keeping.opened_backup import OpenedBackup
from ingestion.people import acts
from ingestion.people.roster import APPROVE, MACHINE, RECEIPT, SNAPSHOT
from languages.refusal import Refusal
from samples import invented_people
from tests.ingestion.keeping.forging import SETTINGS, forge
from tests.ingestion.keeping.small_homes import KeyFiles, kept_files, key_files, small_home
from tests.ingestion.people.signers import Pair, accepts, fresh_pair, signed_by
from tests.marsad.conftest import Marsad

TOMORROW = datetime.datetime.now(tz=datetime.UTC) + datetime.timedelta(days=1)


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> KeyFiles:
    return key_files(tmp_path_factory.mktemp("keys"))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, keys: KeyFiles) -> tuple[Home, Path]:
    """A small home with invented people and their machine, and the folder of its one backup."""
    folder = tmp_path_factory.mktemp("signed")
    home = small_home(folder / "home")
    with home.lock("test"):
        invented_people.found(home)
    assert back_up(home, folder / "disk", keys.public).signed
    return home, folder / "disk"


@pytest.fixture
def home(made: tuple[Home, Path], tmp_path: Path) -> Home:
    return Home(shutil.copytree(made[0].root, tmp_path / "home"))


@pytest.fixture
def place(made: tuple[Home, Path], tmp_path: Path) -> Path:
    return Path(shutil.copytree(made[1], tmp_path / "disk"))


@pytest.fixture
def signers(home: Home, tmp_path: Path) -> Path:
    """The allowed signers, as somebody elsewhere has them."""
    path = tmp_path / "allowed_signers"
    path.write_text(acts.read_people(home).allowed_signers(), encoding="utf-8")
    return path


def _machine(home: Home) -> Pair:
    (path,) = home.keys.glob("machine-*.key")
    return Pair(path, "")


def _refused(place: Path, keys: KeyFiles, signers: Path, name: str = "") -> str:
    with pytest.raises(Refusal) as refused:
        OpenedBackup(place, keys.task_force, name, signers.read_text(encoding="utf-8"))
    return refused.value.code


def test_the_stock_program_checks_a_backup_that_it_cannot_open(home: Home, place: Path, signers: Path, tmp_path: Path):
    (name,) = BackupFolder(place).snapshots()
    data, signature = (place / "snapshots" / name).read_bytes(), (place / "snapshots" / f"{name}.sig").read_bytes()
    text = signers.read_text(encoding="utf-8")
    assert [accepts(tmp_path, text, MACHINE, space, data, signature) for space in (SNAPSHOT, RECEIPT)] == [True, False]
    assert not accepts(tmp_path, text, MACHINE, SNAPSHOT, data + b" ", signature)
    assert signed_by(_machine(home), data, SNAPSHOT) == signature


def test_a_home_comes_back_from_a_signed_backup_and_goes_on_signing(
    typed: Marsad, home: Home, place: Path, keys: KeyFiles, signers: Path, tmp_path: Path
):
    given = ("restore", place, tmp_path / "new", "--key", keys.task_force, "--newest", "--people", signers)
    code, out, _ = typed(*given)
    assert (code, "signed this backup" in out) == (0, True)
    assert kept_files(Home(tmp_path / "new")) == kept_files(home)
    assert back_up(Home(tmp_path / "new"), place).signed


def test_without_signers_a_restoration_says_that_nobody_asked(
    typed: Marsad, place: Path, keys: KeyFiles, tmp_path: Path
):
    code, out, _ = typed("restore", place, tmp_path / "new", "--key", keys.task_force, "--newest")
    assert (code, "was not asked" in out) == (0, True)


@pytest.mark.parametrize("name", ["manifest.json", "published.json", "versions.json"])
def test_a_release_or_report_in_which_signed_backups_lie_is_not_signed_by_that(
    typed: Marsad, place: Path, signers: Path, name: str
):
    """The account has the machine's key: whoever reads only the exit code would take forged figures for signed."""
    write_bytes(place / name, b'{"files": {}}')
    write_bytes(place / "data.csv", b"forged")
    code, out, err = typed("verify", place, "--people", signers)
    assert (code, "signed by the machine" in out + err) == (1, False)


def test_what_the_machine_signed_is_said_to_be_nobodys_approval(typed: Marsad, place: Path, signers: Path):
    write_bytes(place / "data.csv", b"forged")
    out = typed("verify", place, "--people", signers)[1]
    assert "no person approved anything by this, and other files of a folder were not looked at" in out


@pytest.mark.parametrize("how", ["no signature", "another key", "a receipt", "an approval", "of another backup"])
def test_a_forged_backup_is_refused_and_verified_nowhere(
    typed: Marsad, home: Home, place: Path, keys: KeyFiles, signers: Path, tmp_path: Path, how: str
):
    (own,) = BackupFolder(place).snapshots()
    name = forge(place, {"home.json": SETTINGS})
    data = (place / "snapshots" / name).read_bytes()
    stranger = fresh_pair(tmp_path / "pairs", "stranger")
    signature = {
        "another key": lambda: signed_by(stranger, data, SNAPSHOT),
        "a receipt": lambda: signed_by(_machine(home), data, RECEIPT),
        "an approval": lambda: signed_by(_machine(home), data, APPROVE),
        "of another backup": (place / "snapshots" / f"{own}.sig").read_bytes,
    }.get(how)
    if signature:
        (place / "snapshots" / f"{name}.sig").write_bytes(signature())
    told_so = {"no signature": "machine_unsigned", "another key": "machine_key_other"}
    wanted = told_so.get(how, "machine_signature_other")
    assert _refused(place, keys, signers) == wanted
    given = ("restore", place, tmp_path / "new", "--key", keys.task_force, "--snapshot", name, "--people", signers)
    code, _, err = typed(*given)
    assert (code, wanted in err, (tmp_path / "new").exists()) == (1, True, False)
    code, out, _ = typed("verify", place, "--people", signers, "--json")
    told = json.loads(out)
    assert (code, told["ok"], told["signatures"], len(told["problems"])) == (1, False, 2, 1)
    OpenedBackup(place, keys.task_force, own, signers.read_text(encoding="utf-8"))


def test_verify_needs_the_signers_and_no_key_of_the_backups(typed: Marsad, place: Path, signers: Path, tmp_path: Path):
    assert typed("verify", place, "--people", signers)[0] == 0
    code, _, err = typed("verify", place)
    assert (code, "machine_needs_people" in err) == (1, True)
    shutil.rmtree(place / "snapshots")
    (place / "snapshots").mkdir()
    code, _, err = typed("verify", place, "--people", signers)
    assert (code, "backup_unknown" in err) == (1, True)


@pytest.mark.parametrize("spoil", ["lost", "changed"])
def test_the_next_backup_tells_of_a_signature_that_is_lost_or_changed(home: Home, place: Path, spoil: str):
    (name,) = BackupFolder(place).snapshots()
    seal = place / "snapshots" / f"{name}.sig"
    seal.unlink() if spoil == "lost" else seal.write_bytes(seal.read_bytes()[:-60])
    assert back_up(home, place).harmed == [name]


def test_a_backup_of_before_the_machine_had_its_key_needs_no_signature(home: Home, keys: KeyFiles, tmp_path: Path):
    day = datetime.datetime(2024, 12, 31, tzinfo=datetime.UTC)
    first = back_up(home, tmp_path / "other", keys.public, now=day)
    (tmp_path / "other" / "snapshots" / f"{first.snapshot}.sig").unlink()
    assert back_up(home, tmp_path / "other").harmed == []


def test_a_machine_without_its_private_half_backs_up_and_says_that_it_signed_nothing(
    typed: Marsad, home: Home, place: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("MARSAD_HOME", str(home.root))
    _machine(home).private.unlink()
    code, out, _ = typed("backup", place)
    assert "not signed" in out
    assert code == 0
    assert len(BackupFolder(place).snapshots()) == 2
    assert not back_up(home, place).signed


def test_a_backup_takes_its_signature_with_it_and_an_orphan_goes(home: Home, place: Path):
    (name,) = BackupFolder(place).snapshots()
    write_bytes(place / "snapshots" / "000007-0123456789abcdef0123.sig", b"left by a killed backup")
    report = back_up(home, place, forget=[name])
    assert sorted(path.name for path in (place / "snapshots").iterdir()) == [report.snapshot, f"{report.snapshot}.sig"]


def test_a_key_that_ended_proves_older_backups_and_a_revoked_one_none(
    home: Home, place: Path, keys: KeyFiles, signers: Path
):
    roster = acts.read_people(home)
    (old,) = roster.machine
    ended = replace(old, valid_before=old.valid_after + datetime.timedelta(days=1))
    signers.write_text(replace(roster, machine=(ended,)).allowed_signers(), encoding="utf-8")
    OpenedBackup(place, keys.recovery, "", signers.read_text(encoding="utf-8"))
    revoked = replace(old, revoked=TOMORROW.date())
    signers.write_text(replace(roster, machine=(revoked,)).allowed_signers(), encoding="utf-8")
    assert _refused(place, keys, signers) == "machine_key_other"
