"""The machine's key: made at the founding, checked by the stock program, good for receipts and snapshots alone."""

from __future__ import annotations

import datetime
import stat
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ingestion.home import Home
from ingestion.people import acts, founding, machine_key, openssh
from ingestion.people.roster import (
    APPROVE,
    DEMO_MACHINE,
    MACHINE,
    PREPARE,
    RECEIPT,
    SNAPSHOT,
    Roster,
    SigningKey,
    parse_roster,
    read_roster,
    roster_path,
)
from languages.refusal import Refusal
from languages.words import Words, languages
from marsad.answers.answer_forms import refusal_texts
from samples import invented_people
from tests.expectations.proposed_homes import Killed, killed_after
from tests.ingestion.keeping.small_homes import flip
from tests.ingestion.people.signers import Pair, accepts, fresh_pair, key, person, roster_bytes, signed_by

PATH = Path("people.yml")
DATA = b"<p>a receipt</p>\n"
TODAY = datetime.datetime.now(tz=datetime.UTC).date()


@pytest.fixture(scope="module")
def pairs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Pair]:
    folder = tmp_path_factory.mktemp("pairs")
    return {name: fresh_pair(folder, name) for name in ("amina", "dara", "stranger")}


@pytest.fixture
def people(pairs: dict[str, Pair]) -> dict[str, Any]:
    return {
        "amina": person("amina", ["prepare"], key(pairs["amina"])),
        "dara": person("dara", ["approve"], key(pairs["dara"])),
    }


@pytest.fixture
def home(tmp_path: Path, people: dict[str, Any]) -> Home:
    home = Home(tmp_path / "home").open()
    _found(home, roster_bytes(people))
    return home


def _found(home: Home, data: bytes) -> Roster:
    with home.lock("test"):
        return founding.found(home, data, PATH)


def _machine(home: Home) -> Pair:
    (path,) = home.keys.glob("machine-*.key")
    return Pair(path, read_roster(home).machine[-1].text)


def _receipt(home: Home, folder: Path) -> Path:
    path = folder / "receipt.html"
    machine_key.write_signed(home, path, DATA, RECEIPT)
    return path


def _code(path: Path, namespace: str, allowed_signers: str) -> str:
    try:
        machine_key.refuse_unsigned(path, namespace, allowed_signers)
    except Refusal as refusal:
        return refusal.code
    return ""


# Made


def test_the_founding_makes_a_pair_that_nobody_else_reads_and_enters_its_public_half(home: Home):
    pair, roster = _machine(home), acts.read_people(home)
    assert stat.S_IMODE(pair.private.stat().st_mode) == 0o600
    assert openssh.public_of(pair.private) == pair.public == roster.machine[0].text
    (line,) = [line for line in roster.allowed_signers().splitlines() if line.startswith(MACHINE)]
    assert line == f'machine namespaces="receipt@marsad,snapshot@marsad",valid-after="{TODAY:%Y%m%d}Z" {pair.public}'
    assert pair.private.read_bytes() not in roster_path(home).read_bytes()
    assert not list(home.keys.glob(".*"))


def test_each_house_has_its_own_pair_and_all_invented_ones_the_same(home: Home, tmp_path: Path, people: dict[str, Any]):
    other = Home(tmp_path / "other").open()
    assert _found(other, roster_bytes(people)).machine[0].text != _machine(home).public
    invented = Home(tmp_path / "invented").open(invented=True)
    with invented.lock("test"):
        assert [one.text for one in invented_people.found(invented).machine] == [DEMO_MACHINE]
    assert openssh.public_of(_machine(invented).private) == DEMO_MACHINE


def test_a_real_house_refuses_the_machine_of_the_demo_and_one_that_is_not_here(
    tmp_path: Path, pairs: dict[str, Pair], people: dict[str, Any]
):
    real = Home(tmp_path / "real").open()
    for public, code in ((DEMO_MACHINE, "key_is_invented"), (pairs["stranger"].public, "machine_key_missing")):
        data = machine_key.with_keys(roster_bytes(people), (SigningKey(public, TODAY),))
        with pytest.raises(Refusal, match=code):
            _found(real, data)
    assert not roster_path(real).exists()


def test_no_person_has_the_name_or_the_key_of_the_machine(pairs: dict[str, Pair], people: dict[str, Any]):
    with pytest.raises(Refusal, match="people_unreadable"):
        parse_roster(roster_bytes({**people, MACHINE: person("x", ["approve"], key(pairs["stranger"]))}), PATH)
    shared = machine_key.with_keys(roster_bytes(people), (SigningKey(pairs["dara"].public, TODAY),))
    with pytest.raises(Refusal, match="people_unreadable"):
        parse_roster(shared, PATH)


@pytest.mark.parametrize("steps", range(8))
def test_a_founding_that_is_killed_is_begun_again_with_one_pair(tmp_path: Path, people: dict[str, Any], steps: int):
    home = Home(tmp_path / "home").open()
    with killed_after(steps) as count, pytest.raises(Killed) if steps < 7 else nullcontext():
        _found(home, roster_bytes(people))
    assert count.steps <= steps
    if not acts.acts_log.founding_of(acts.acts_log.read_acts(home)):
        _found(home, roster_bytes(people))
    assert acts.read_people(home).machine[0].text == openssh.public_of(_machine(home).private)


# Signing


def test_the_stock_program_accepts_a_receipt_for_its_purpose_alone(home: Home, tmp_path: Path):
    path, signers = _receipt(home, tmp_path), acts.read_people(home).allowed_signers()
    signature = path.with_name("receipt.html.sig").read_bytes()
    for namespace in (RECEIPT, SNAPSHOT, PREPARE, APPROVE, "git"):
        is_good = accepts(tmp_path, signers, MACHINE, namespace, path.read_bytes(), signature)
        assert is_good == (namespace == RECEIPT)
    assert not accepts(tmp_path, signers, "amina", RECEIPT, path.read_bytes(), signature)
    assert _code(path, RECEIPT, signers) == ""


def test_the_stock_program_refuses_the_machine_for_every_purpose_of_a_person(home: Home, tmp_path: Path):
    signers = acts.read_people(home).allowed_signers()
    for namespace in (PREPARE, APPROVE):
        assert not accepts(tmp_path, signers, MACHINE, namespace, DATA, signed_by(_machine(home), DATA, namespace))


def test_the_same_bytes_get_the_same_signature(home: Home, tmp_path: Path):
    first = _receipt(home, tmp_path).with_name("receipt.html.sig").read_bytes()
    assert _receipt(home, tmp_path).with_name("receipt.html.sig").read_bytes() == first
    assert signed_by(_machine(home), DATA, RECEIPT) == first


@pytest.mark.parametrize("steps", [0, 1, 2])
def test_no_page_lies_without_its_signature_however_its_writer_was_killed(home: Home, tmp_path: Path, steps: int):
    with killed_after(steps), pytest.raises(Killed) if steps < 2 else nullcontext():
        _receipt(home, tmp_path)
    path, signers = tmp_path / "receipt.html", acts.read_people(home).allowed_signers()
    assert path.exists() == (steps == 2)
    assert not path.exists() or _code(path, RECEIPT, signers) == ""
    assert _code(_receipt(home, tmp_path), RECEIPT, signers) == ""


def test_a_house_without_people_signs_nothing(tmp_path: Path):
    path = _receipt(Home(tmp_path / "home").open(), tmp_path)
    assert (path.read_bytes(), path.with_name("receipt.html.sig").exists()) == (DATA, False)


def test_a_private_half_that_is_gone_is_told_before_anything_is_written(home: Home, tmp_path: Path):
    _machine(home).private.unlink()
    with pytest.raises(Refusal, match="machine_key_missing"):
        _receipt(home, tmp_path)
    assert not (tmp_path / "receipt.html").exists()


@pytest.mark.parametrize("place", [0.1, 0.5, 0.8, 0.95])
def test_a_private_half_that_was_harmed_is_found(home: Home, place: float):
    machine_key.check(home)
    flip(_machine(home).private, place=place)
    with pytest.raises(Refusal, match="machine_key_missing"):
        machine_key.check(home)


# Approving


def test_the_machine_approves_and_prepares_nothing(home: Home):
    roster = acts.read_people(home)
    act = acts.draft(home, roster, "people", "amina", "x", TODAY, {"people.yml": "0" * 64})
    folder = acts.prepare(home, act)
    for namespace in (PREPARE, APPROVE, RECEIPT, SNAPSHOT):
        signature = signed_by(_machine(home), act.content, namespace)
        with pytest.raises(Refusal, match="signature_of_machine"):
            acts.add_signature(folder, roster, signature, TODAY)
        (folder / acts.PREPARED).write_bytes(signature)
        (folder / acts.APPROVED).write_bytes(signature)
        signed = acts.check_signatures(folder, roster, TODAY)
        assert (signed.prepared_by, signed.approved_by) == ("", "")


# Checking


def test_what_the_machine_did_not_sign_is_told_apart(home: Home, tmp_path: Path, pairs: dict[str, Pair]):
    path, signers = _receipt(home, tmp_path), acts.read_people(home).allowed_signers()
    seal = path.with_name("receipt.html.sig")
    good = seal.read_bytes()
    codes = {
        signed_by(pairs["stranger"], DATA, RECEIPT): "machine_key_other",
        signed_by(pairs["amina"], DATA, RECEIPT): "machine_key_other",
        signed_by(_machine(home), DATA, SNAPSHOT): "machine_signature_other",
        signed_by(_machine(home), DATA, APPROVE): "machine_signature_other",
        signed_by(_machine(home), DATA + b" ", RECEIPT): "machine_signature_other",
        good[: len(good) // 2]: "machine_key_other",
        b"": "machine_key_other",
        good * 400: "machine_key_other",
        good: "",
    }
    for signature, code in codes.items():
        seal.write_bytes(signature)
        assert _code(path, RECEIPT, signers) == code
    path.write_bytes(DATA.replace(b"a receipt", b"A receipt"))
    assert _code(path, RECEIPT, signers) == "machine_signature_other"
    seal.unlink()
    assert _code(path, RECEIPT, signers) == "machine_unsigned"
    assert _code(path, RECEIPT, "") == "machine_unsigned"


def test_an_ended_key_has_signed_well_and_a_revoked_one_has_not(home: Home, tmp_path: Path):
    path, roster = _receipt(home, tmp_path), acts.read_people(home)
    old, day = roster.machine[0], TODAY - datetime.timedelta(days=9)
    ended = replace(old, valid_after=day, valid_before=day + datetime.timedelta(days=1))
    assert _code(path, RECEIPT, replace(roster, machine=(ended,)).allowed_signers()) == ""
    revoked = replace(roster, machine=(replace(ended, revoked=TODAY),)).allowed_signers()
    assert f"# revoked {TODAY}: machine {old.text}\n" in revoked
    assert _code(path, RECEIPT, revoked) == "machine_key_other"


@pytest.mark.parametrize("tag", languages())
def test_every_refusal_says_why_and_what_to_do(tag: str):
    for code in ("unsigned", "key_other", "signature_other", "key_missing", "needs_people"):
        refusal = Refusal(f"machine_{code}", where="receipt.html", **({"namespace": RECEIPT} if "_o" in code else {}))
        told, remedy = refusal_texts(refusal, Words.load(tag))
        assert "receipt.html" in told
        assert remedy
    assert all(refusal_texts(Refusal("signature_of_machine", where="x"), Words.load(tag)))


# Another key


def test_a_roster_gets_other_keys_and_keeps_its_other_bytes(people: dict[str, Any]):
    first, second = SigningKey("ssh-ed25519 " + "A" * 68, TODAY), SigningKey("ssh-ed25519 " + "B" * 68, TODAY)
    data = b"# who we are\n" + roster_bytes(people) + b"# the end"
    once = machine_key.with_keys(data, (first,))
    assert once.startswith(data + b"\n")
    assert machine_key.with_keys(once, (first, second)).startswith(data + b"\n")
    assert machine_key.with_keys(machine_key.with_keys(once, (first, second)), ()) == data + b"\n"
    flow = data + b"\nmachine: [{key: x, valid_after: 2026-01-01}]\nsignatures_of: 2\n"
    assert b"machine" not in machine_key.with_keys(flow, ())


@pytest.mark.parametrize("revoke", [False, True])
def test_a_new_key_ends_or_revokes_the_one_before(home: Home, revoke: bool):
    old = _machine(home).public
    data = machine_key.rotated(home, TODAY, revoke=revoke)
    before, fresh = parse_roster(data, PATH).machine
    assert (before.text, before.revoked, before.valid_before) == (
        (old, TODAY, None) if revoke else (old, None, TODAY + datetime.timedelta(days=1))
    )
    assert (fresh.text != old, fresh.valid_after, fresh.revoked) == (True, TODAY, None)
    in_use = machine_key.key_in_use(home)
    assert in_use is not None
    assert openssh.public_of(in_use) == old, "the new one waits for its act"
    again = parse_roster(machine_key.rotated(home, TODAY, revoke=False), PATH).machine[-1]
    assert again.text == fresh.text, "a pair that waits is not made twice"
