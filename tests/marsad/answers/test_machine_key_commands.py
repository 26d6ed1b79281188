"""The machine's key as people type it: receipts that a stranger verifies, another key by two."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from ingestion.home import Home
from ingestion.people import acts, founding, machine_key
from ingestion.people.roster import APPROVE, MACHINE, PREPARE, RECEIPT, roster_path
from marsad.answers import acting
from samples import invented_people
from tests.expectations.proposed_homes import sign
from tests.ingestion.people.signers import Pair, accepts, fresh_pair, key, person, roster_bytes, signed_by
from tests.ingestion.submissions.test_inbox import GOOD
from tests.marsad.conftest import Marsad

REASON = ("--reason", "the disk was replaced")


@pytest.fixture
def pairs(tmp_path: Path) -> dict[str, Pair]:
    return {name: fresh_pair(tmp_path / "pairs", name) for name in ("amina", "dara")}


@pytest.fixture
def roster(pairs: dict[str, Pair], tmp_path: Path) -> Path:
    people = {
        name: person(name, [role], key(pairs[name])) for name, role in (("amina", "prepare"), ("dara", "approve"))
    }
    path = tmp_path / "first.yml"
    path.write_bytes(roster_bytes(people))
    return path


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    monkeypatch.setenv("MARSAD_HOME", str(tmp_path / "home"))
    return Home(tmp_path / "home").open()


@pytest.fixture
def invented(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    monkeypatch.setenv("MARSAD_HOME", str(tmp_path / "invented"))
    home = Home(tmp_path / "invented").open(invented=True)
    with home.lock("test"):
        invented_people.found(home)
    return home


def _signers(home: Home, folder: Path) -> Path:
    path = folder / "allowed_signers"
    path.write_text(acts.read_people(home).allowed_signers(), encoding="utf-8")
    return path


def _by_two(home: Home) -> None:
    (folder,) = acts.pending(home)
    for name, namespace in (("amina", PREPARE), ("dara", APPROVE)):
        acting.take_signature(home, folder, sign(folder, name, namespace))


def test_a_printed_receipt_goes_back_signed_and_a_stranger_verifies_it(
    typed: Marsad, home: Home, roster: Path, tmp_path: Path
):
    assert typed("people", "found", roster)[0] == 0
    file, page = tmp_path / "export.xlsx", tmp_path / "receipt.html"
    file.write_bytes(GOOD)
    assert typed("receive", "iraq_interior_ministry", file, "--page", page)[0] == 0
    signers = _signers(home, tmp_path)
    line = "ssh-keygen -Y verify -f allowed_signers -I machine -n receipt@marsad -s receipt.html.sig < receipt.html"
    subprocess.run(["/bin/sh", "-c", line], cwd=tmp_path, check=True)
    assert typed("verify", page, "--people", signers)[0] == 0
    code, _, err = typed("verify", page)
    assert (code, "machine_needs_people" in err) == (1, True)
    page.write_bytes(page.read_bytes() + b" ")
    code, out, _ = typed("verify", page, "--people", signers, "--json")
    assert (code, json.loads(out)["ok"], "machine_signature_other" in out) == (1, False, True)


def test_a_receipt_that_cannot_be_signed_stops_before_the_file_is_received(
    typed: Marsad, home: Home, roster: Path, tmp_path: Path
):
    assert typed("people", "found", roster)[0] == 0
    for path in home.keys.glob("machine-*.key"):
        path.unlink()
    file = tmp_path / "export.xlsx"
    file.write_bytes(GOOD)
    code, _, err = typed("receive", "iraq_interior_ministry", file, "--page", tmp_path / "receipt.html")
    assert (code, "machine_key_missing" in err, home.receipts.exists()) == (1, True, False)
    code, out, _ = typed("doctor", "--json")
    assert (code, "machine_key_missing" in out) == (1, True)


def test_another_key_is_an_act_of_two(typed: Marsad, invented: Home, tmp_path: Path):
    old, before = machine_key.key_in_use(invented), roster_path(invented).read_bytes()
    assert typed("people", "machine-key", "--as", "dara", *REASON)[0] != 0
    assert len(list(invented.keys.glob("machine-*.key"))) == 1
    assert typed("people", "machine-key", "--as", "amina", *REASON)[0] == 0
    (folder,) = acts.pending(invented)
    acting.take_signature(invented, folder, sign(folder, "amina", PREPARE))
    assert (roster_path(invented).read_bytes(), machine_key.key_in_use(invented)) == (before, old)
    acting.take_signature(invented, folder, sign(folder, "dara", APPROVE))
    fresh = machine_key.key_in_use(invented)
    assert fresh is not None
    assert fresh != old
    data, text = b"a receipt", _signers(invented, tmp_path).read_text(encoding="utf-8")
    assert accepts(tmp_path, text, MACHINE, RECEIPT, data, signed_by(Pair(fresh, ""), data, RECEIPT))
    code, out, _ = typed("people", "list", "--json")
    machines = [row for row in json.loads(out) if row["person"] == MACHINE]
    assert (code, len(machines), bool(machines[0]["before"]), machines[1]["before"]) == (0, 2, True, "")


def test_a_revoked_key_proves_no_receipt(typed: Marsad, invented: Home, tmp_path: Path):
    page = tmp_path / "receipt.html"
    machine_key.write_signed(invented, page, b"a receipt", RECEIPT)
    assert typed("verify", page, "--people", _signers(invented, tmp_path))[0] == 0
    assert typed("people", "machine-key", "--as", "amina", "--revoke", *REASON)[0] == 0
    _by_two(invented)
    code, out, _ = typed("verify", page, "--people", _signers(invented, tmp_path), "--json")
    assert (code, "machine_key_other" in out) == (1, True)


def test_a_change_of_people_keeps_the_machine_and_brings_in_no_foreign_one(
    typed: Marsad, home: Home, roster: Path, tmp_path: Path
):
    assert typed("people", "found", roster)[0] == 0
    machine = acts.read_people(home).machine
    changed = tmp_path / "changed.yml"
    changed.write_bytes(roster.read_bytes() + b"# nothing else\n")
    assert typed("people", "change", changed, "--as", "amina", *REASON)[0] == 0
    (folder,) = acts.pending(home)
    assert acts.parse_roster((folder / "people.yml").read_bytes(), folder).machine == machine
    foreign = machine_key.SigningKey(fresh_pair(tmp_path / "pairs", "foreign").public, acting.today())
    changed.write_bytes(machine_key.with_keys(roster.read_bytes(), (*machine, foreign)))
    code, _, err = typed("people", "change", changed, "--as", "amina", *REASON)
    assert (code, "machine_key_missing" in err) == (1, True)


def test_two_who_sign_cannot_bring_in_a_machine_that_is_not_here(home: Home, roster: Path, pairs: dict[str, Pair]):
    with home.lock("test"):
        founding.found(home, roster.read_bytes(), roster)
    foreign = machine_key.SigningKey(fresh_pair(roster.parent, "foreign").public, acting.today())
    data = machine_key.with_keys(roster.read_bytes(), (foreign,))
    folder = acting.prepare_file(home, "people", "amina", "another machine", Path("people.yml"), data, {})
    content = acts.read_act(folder).content
    acting.take_signature(home, folder, signed_by(pairs["amina"], content, PREPARE))
    with pytest.raises(acting.Refusal, match="machine_key_missing"):
        acting.take_signature(home, folder, signed_by(pairs["dara"], content, APPROVE))
    assert acts.read_people(home).machine[0].text != foreign.text


def test_everything_runs_without_a_terminal(invented: Home, tmp_path: Path):
    script = (
        "from pathlib import Path\nfrom ingestion.home import Home\nfrom ingestion.people import machine_key\n"
        f"home = Home(Path({str(invented.root)!r}))\n"
        f"machine_key.write_signed(home, Path({str(tmp_path)!r}) / 'x.html', b'x', 'receipt@marsad')\n"
        "machine_key.make(home)\n"
    )
    subprocess.run([sys.executable, "-c", script], stdin=subprocess.DEVNULL, start_new_session=True, check=True)
    assert (tmp_path / "x.html.sig").exists()
