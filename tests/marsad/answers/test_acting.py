"""Acts of two as people type them: each is tried by one person alone and refused, then done by two."""

from __future__ import annotations

import dataclasses
import datetime
import errno
import json
import shutil
import subprocess
from collections.abc import Callable
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import yaml

from expectations.cards.note_languages import voices
from expectations.published import ledger, tombstone
from expectations.published.release_log import ReleaseLog
from expectations.releases import proposal
from expectations.releases.verification import verify
from ingestion.home import Home, sha256_of_bytes, write_bytes
from ingestion.people import acts, acts_log, founding
from ingestion.people.roster import APPROVE, PREPARE, parse_roster, roster_path
from ingestion.people.statements import Trust
from languages.refusal import Refusal
from marsad.answers import act_effects, acting
from tests.conftest import HOUSE
from tests.expectations import proposed_homes, toy_home
from tests.expectations.proposed_homes import DATASETS, Killed, MadeOnce, killed_after, published, sign
from tests.ingestion.people.signers import Pair, fresh_pair, key, person, roster_bytes, signed_by
from tests.marsad.conftest import Marsad

NATIONAL = "four_ps_national"
REASON = ("--reason", "one file was counted twice")
BY = ("--by", "Secretariat, statistics section")


@pytest.fixture
def waiting(made_once: MadeOnce, toy_protected: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    home = proposed_homes.waiting_home(made_once, toy_protected, tmp_path / "home")
    monkeypatch.setenv("MARSAD_HOME", str(home.root))
    return home


@pytest.fixture
def signed(made_once: MadeOnce, toy_protected: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    home = proposed_homes.signed_home(made_once, toy_protected, tmp_path / "home")
    monkeypatch.setenv("MARSAD_HOME", str(home.root))
    return home


def _key(tmp_path: Path, name: str) -> Path:
    """The private key of an invented person, as OpenSSH wants it."""
    path = tmp_path / f"{name}.private"
    path.write_bytes((HOUSE / "samples/people" / f"{name}.key").read_bytes())
    path.chmod(0o600)
    return path


def _signed_elsewhere(folder: Path, tmp_path: Path, name: str, namespace: str) -> Path:
    path = tmp_path / f"{name}.sig"
    path.write_bytes(sign(folder, name, namespace))
    return path


def _only_waiting(home: Home) -> Path:
    (folder,) = acts.pending(home)
    return folder


def _refused(code: str, call: Callable[[], object]) -> None:
    with pytest.raises(Refusal) as refusal:
        call()
    assert refusal.value.code == code


def _alone(home: Home, folder: Path) -> None:
    """Try everything that amina, who prepares, can do alone: the act must still wait, and nothing be changed."""
    before, lines = published(home), len(acts_log.read_acts(home))
    act = acts.read_act(folder)
    acting.take_signature(home, folder, sign(folder, "amina", PREPARE))
    for namespace in (APPROVE, PREPARE, "receipt@marsad"):
        try:
            assert not acting.take_signature(home, folder, sign(folder, "amina", namespace)).is_complete
        except Refusal as refusal:
            assert refusal.code in ("signature_of_nobody", "signature_of_preparer")
    shutil.copy(folder / acts.PREPARED, folder / acts.APPROVED)
    signed = acts.check_signatures(folder, acts.read_people(home), acting.today())
    with home.lock("test"):
        _refused("act_unsigned", lambda: acting.carry_out(home, signed, folder))
        acting.finish(home)
    (folder / acts.APPROVED).unlink()
    assert (published(home), len(acts_log.read_acts(home))) == (before, lines)
    assert acts.read_act(folder) == act


# Publishing, by the commands


def test_two_persons_publish_by_the_commands(marsad_at: Marsad, waiting: Home, tmp_path: Path):
    code, out, _ = marsad_at("approve", "--json")
    told = json.loads(out)
    assert (code, told["act"]) == (0, "")
    assert [about.split("/")[0] for about in told["about"]] == list(DATASETS)
    assert "amina" in told["may_sign"]
    assert "dara" not in told["may_sign"]
    assert marsad_at("approve", "--as", "amina", "--reason", "the year", "--yes")[0] == 0
    folder = _only_waiting(waiting)
    code, out, _ = marsad_at("sign", "--signature", _signed_elsewhere(folder, tmp_path, "amina", PREPARE), "--json")
    assert (code, json.loads(out)["done"]) == (0, False)
    assert published(waiting) == {}
    code, out, _ = marsad_at("approve", "--json")
    assert set(json.loads(out)["may_sign"]) == {"dara", "karwan", "layla"}
    code, out, _ = marsad_at("sign", folder.name[:8], "--key", _key(tmp_path, "dara"), "--json")
    told = json.loads(out)
    assert (code, told["done"], told["prepared_by"], told["approved_by"]) == (0, True, "amina", "dara")
    assert len(ledger.entries(waiting)) == len(DATASETS)
    assert marsad_at("approve")[0] != 0


@pytest.fixture
def marsad_at(typed: Marsad) -> Marsad:
    """The command in the home that the other fixture has named."""
    return typed


def test_one_person_alone_publishes_nothing(waiting: Home):
    _alone(waiting, proposed_homes.prepare(waiting))
    assert published(waiting) == {}


@pytest.mark.parametrize(
    ("name", "code"),
    [("dara", "person_may_not"), ("nobody", "person_may_not"), ("", "person_may_not"), ("*", "person_may_not")],
)
def test_who_may_not_prepare_is_refused_with_those_who_may(waiting: Home, name: str, code: str):
    with pytest.raises(Refusal) as refusal:
        acting.prepare_publication(waiting, name, "the year", {})
    assert (refusal.value.code, refusal.value.arguments["people"]) == (code, "amina, hana")
    assert acts.pending(waiting) == []


def test_the_preparer_is_not_shown_a_line_to_approve_her_own_act(marsad_at: Marsad, waiting: Home, tmp_path: Path):
    folder = proposed_homes.prepare(waiting)
    acting.take_signature(waiting, folder, sign(folder, "amina", PREPARE))
    code, out, err = marsad_at("approve", "--as", "amina", "--yes")
    assert code != 0
    assert "ssh-keygen" not in out + err
    assert "dara" in out + err
    assert marsad_at("sign", "--key", _key(tmp_path, "amina"))[0] != 0
    assert published(waiting) == {}


def test_the_printed_line_signs_when_it_is_run_elsewhere(marsad_at: Marsad, waiting: Home, tmp_path: Path):
    folder = proposed_homes.prepare(waiting)
    _, out, _ = marsad_at("sign")
    line = next(text.strip() for text in out.splitlines() if text.strip().startswith("ssh-keygen"))
    desk = tmp_path / "desk"
    desk.mkdir()
    shutil.copy(folder / acts.ACT, desk)
    own = line.replace("~/.ssh/id_ed25519", str(_key(tmp_path, "amina")))
    subprocess.run(["sh", "-c", own], cwd=desk, check=True, capture_output=True)
    assert marsad_at("sign", "--signature", desk / f"{acts.ACT}.sig")[0] == 0
    assert acts.check_signatures(folder, acts.read_people(waiting), acting.today()).prepared_by == "amina"


def test_a_signature_that_is_not_there_is_refused(marsad_at: Marsad, waiting: Home, tmp_path: Path):
    proposed_homes.prepare(waiting)
    for words in (("--signature", tmp_path / "none.sig"), ("--key", tmp_path / "none")):
        code, _, err = marsad_at("sign", *words)
        assert code != 0
        assert "Traceback" not in err
    assert marsad_at("sign", "no-act", "--key", _key(tmp_path, "amina"))[0] != 0


def test_warnings_are_asked_one_by_one_and_no_is_no(marsad_at: Marsad, waiting: Home, monkeypatch: pytest.MonkeyPatch):
    effects = act_effects.effects_of_proposal(waiting)
    warned = act_effects.ActEffects(effects.rows, ["first warning", "second warning"])
    monkeypatch.setattr(act_effects, "effects_of_proposal", lambda _home: warned)
    asked: list[str] = []
    monkeypatch.setattr("typer.confirm", lambda text: asked.append(text) or len(asked) == 1)
    assert marsad_at("approve", "--as", "amina", "--reason", "the year")[0] == 1
    assert ["first" in asked[0], "second" in asked[1]] == [True, True]
    assert acts.pending(waiting) == []
    assert marsad_at("approve", "--as", "amina", "--reason", "the year", "--yes")[0] == 0
    assert acts.read_act(_only_waiting(waiting)).facts["warnings"] == ["first warning", "second warning"]


def test_the_effects_of_a_first_proposal_are_new_cells(waiting: Home):
    first = act_effects.effects_of_proposal(waiting).rows
    assert [row["dataset"] for row in first] == list(DATASETS)
    assert all(row["replaces"] == "" and row["new"] > 0 and row["revised"] == 0 for row in first)


def test_the_effects_of_a_later_proposal_are_revised_cells(signed: Home):
    proposed_homes.propose_more(signed)
    second = {row["dataset"]: row for row in act_effects.effects_of_proposal(signed).rows}
    assert second[NATIONAL]["replaces"] == ledger.entries(signed, NATIONAL)[-1].version
    assert second[NATIONAL]["revised"] > 0
    assert "2024" in str(second[NATIONAL]["years"])


# Copied, replayed, another day


def test_an_act_that_two_signed_in_another_home_publishes_nothing_here(waiting: Home, tmp_path: Path):
    """Invented homes are one home; a real one has an identity of its own."""
    pairs = {name: fresh_pair(tmp_path / "pairs", name) for name in ("amina", "dara")}
    people = {
        "amina": person("amina", ["prepare"], key(pairs["amina"])),
        "dara": person("dara", ["approve"], key(pairs["dara"])),
    }
    homes = [_real_copy(waiting, tmp_path / name, roster_bytes(people)) for name in ("here", "there")]
    folder = acting.prepare_publication(homes[0], "amina", "the year", {})
    act = acts.read_act(folder)
    signatures = [signed_by(pairs["amina"], act.content, PREPARE), signed_by(pairs["dara"], act.content, APPROVE)]
    copied = homes[1].acts / folder.name
    shutil.copytree(folder, copied)
    for signature in signatures:
        _refused("act_of_another_home", lambda signature=signature: acting.take_signature(homes[1], copied, signature))
    with homes[1].lock("test"):
        whole = acts.SignedAct(act, "amina", "dara")
        _refused("act_of_another_home", lambda: acting.carry_out(homes[1], whole, copied))
    assert published(homes[1]) == {}
    for signature in signatures:
        acting.take_signature(homes[0], folder, signature)
    assert len(ledger.entries(homes[0])) == len(DATASETS)


def _real_copy(waiting: Home, root: Path, roster: bytes) -> Home:
    """The toy's proposal in a home that is real, with people of its own."""
    home = Home(root).open()
    shutil.copytree(waiting.proposal, home.proposal, dirs_exist_ok=True)
    with home.lock("test"):
        founding.found(home, roster, Path("people.yml"))
    return home


def test_an_act_done_is_not_done_again(signed: Home):
    done = acts.last_done(signed)
    assert done is not None
    before, lines = published(signed), acts_log.read_acts(signed)
    proposed_homes.propose_more(signed)
    whole = acts.check_signatures(done, acts.read_people(signed), acting.today())
    assert whole.is_complete
    with signed.lock("test"):
        _refused("act_of_before", lambda: acting.carry_out(signed, whole, done))
    assert (published(signed), acts_log.read_acts(signed)) == (before, lines)


def test_an_act_whose_ledger_has_grown_since_is_refused(signed: Home):
    proposed_homes.propose_more(signed)
    folder = proposed_homes.prepare(signed)
    acting.take_signature(signed, folder, sign(folder, "amina", PREPARE))
    aside = shutil.copytree(signed.proposal, signed.root.parent / "aside", symlinks=True)
    approval = sign(folder, "dara", APPROVE)
    withdrawal = acting.prepare_withdrawal(
        signed, "amina", NATIONAL, ledger.entries(signed, NATIONAL)[-1].version, reason="counted twice", signed_by="x y"
    )
    acting.take_signature(signed, withdrawal, sign(withdrawal, "amina", PREPARE))
    acting.take_signature(signed, withdrawal, sign(withdrawal, "dara", APPROVE))
    if not signed.proposal.exists():
        shutil.copytree(aside, signed.proposal)
    before = published(signed)
    with pytest.raises(Refusal):
        acting.take_signature(signed, folder, approval)
    assert published(signed) == before


def test_a_deputy_of_the_approver_cannot_be_the_preparer(waiting: Home, tmp_path: Path):
    pairs = {name: fresh_pair(tmp_path / "pairs", name) for name in ("amina", "dara", "spare")}
    days = {"after": acting.today(), "before": acting.today() + datetime.timedelta(days=1)}
    people = {
        "amina": person("amina", ["prepare"], key(pairs["amina"]), key(pairs["spare"])),
        "dara": person("dara", ["approve"], key(pairs["dara"]), deputies=[{"person": "amina", **days}]),
    }
    home = _real_copy(waiting, tmp_path / "real", roster_bytes(people))
    folder = acting.prepare_publication(home, "amina", "the year", {})
    content = acts.read_act(folder).content
    acting.take_signature(home, folder, signed_by(pairs["amina"], content, PREPARE))
    for name in ("amina", "spare"):
        signature = signed_by(pairs[name], content, APPROVE)
        _refused("signature_of_preparer", lambda signature=signature: acting.take_signature(home, folder, signature))
    waits = acting.find_waiting(home)
    assert waits is not None
    assert waits.may_sign == ["dara"]
    assert published(home) == {}


def test_one_signature_publishes_where_the_roster_says_one(waiting: Home, tmp_path: Path):
    pair = fresh_pair(tmp_path / "pairs", "amina")
    roster = roster_bytes({"amina": person("amina", ["prepare"], key(pair))}, 1)
    home = _real_copy(waiting, tmp_path / "real", roster)
    folder = acting.prepare_publication(home, "amina", "the year", {})
    assert published(home) == {}
    done = acting.take_signature(home, folder, signed_by(pair, acts.read_act(folder).content, PREPARE))
    assert (done.is_complete, done.approved_by) == (True, "")
    assert len(ledger.entries(home)) == len(DATASETS)
    line = acts_log.read_acts(home)[-1]
    assert (line["kind"], line["person"]) == ("done", "amina")


@pytest.mark.parametrize("days", [400, -400, 2])
def test_a_clock_that_is_off_publishes_nothing(waiting: Home, monkeypatch: pytest.MonkeyPatch, days: int):
    folder = proposed_homes.prepare(waiting)
    signature, off = sign(folder, "amina", PREPARE), acting.today() - datetime.timedelta(days=days)
    monkeypatch.setattr(acting, "today", lambda: off)
    _refused("clock_is_off", lambda: acting.take_signature(waiting, folder, signature))
    assert published(waiting) == {}


def test_an_act_by_a_clock_that_is_years_ahead_is_refused_because_it_would_stop_every_later_one(
    typed: Marsad, waiting: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    ahead, now = acting.today() + datetime.timedelta(days=401), acting.today()
    monkeypatch.setattr(acting, "today", lambda: ahead)
    folder = proposed_homes.prepare(waiting)
    for name, namespace in (("amina", PREPARE), ("dara", APPROVE)):
        signature = _signed_elsewhere(folder, tmp_path, name, namespace)
        code, _, err = typed("sign", "--signature", signature)
        assert (code, "clock_far_ahead" in err, published(waiting)) == (1, True, {})
        assert typed("sign", "--signature", signature, "--clock-is-right")[0] == 0
    assert published(waiting)
    monkeypatch.setattr(acting, "today", lambda: now)
    version = ledger.entries(waiting, NATIONAL)[-1].version
    later = acting.prepare_withdrawal(waiting, "amina", NATIONAL, version, reason="a mistake", signed_by="a section")
    _refused("clock_is_off", lambda: acting.take_signature(waiting, later, sign(later, "amina", PREPARE)))


def test_a_key_that_begins_after_the_act_was_prepared_signs_the_next_one(waiting: Home, tmp_path: Path):
    """A statement is checked for ever by its own day: who could not sign then would be nobody to every reader."""
    pairs = {name: fresh_pair(tmp_path / "pairs", name) for name in ("amina", "dara")}
    today = acting.today()
    people = {
        "amina": person("amina", ["prepare"], key(pairs["amina"])),
        "dara": person("dara", ["approve"], key(pairs["dara"], str(today))),
    }
    home = _real_copy(waiting, tmp_path / "real", roster_bytes(people))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(acting, "today", lambda: today - datetime.timedelta(days=1))
        folder = acting.prepare_publication(home, "amina", "the year", {})
        content = acts.read_act(folder).content
        acting.take_signature(home, folder, signed_by(pairs["amina"], content, PREPARE))
    approval = signed_by(pairs["dara"], content, APPROVE)
    _refused("signature_of_nobody", lambda: acting.take_signature(home, folder, approval))
    assert published(home) == {}


def test_an_act_of_yesterday_is_approved_today(waiting: Home):
    with pytest.MonkeyPatch.context() as patch:
        yesterday = acting.today() - datetime.timedelta(days=1)
        patch.setattr(acting, "today", lambda: yesterday)
        folder = proposed_homes.prepare(waiting)
        acting.take_signature(waiting, folder, sign(folder, "amina", PREPARE))
    assert acting.take_signature(waiting, folder, sign(folder, "dara", APPROVE)).is_complete


def test_a_kind_that_nothing_carries_out_is_refused_before_its_line_is_written(signed: Home):
    roster = acts.read_people(signed)
    for kind in acts.KINDS:
        folder = acts.prepare(signed, acts.draft(signed, roster, kind, "amina", "a reason", acting.today(), {}))
        lines = acts_log.read_acts(signed)
        try:
            acting.take_signature(signed, folder, sign(folder, "amina", PREPARE))
            acting.take_signature(signed, folder, sign(folder, "dara", APPROVE))
        except Refusal:
            assert acts_log.read_acts(signed) == lines
        with signed.lock("test"):
            acting.finish(signed)


# Full disk


def test_a_disk_that_is_full_publishes_nothing_and_says_so(waiting: Home, monkeypatch: pytest.MonkeyPatch):
    folder = proposed_homes.prepare(waiting)
    acting.take_signature(waiting, folder, sign(folder, "amina", PREPARE))
    approval = sign(folder, "dara", APPROVE)

    def refuse(*_arguments: object, **_named: object) -> None:
        raise OSError(errno.ENOSPC, "full")

    monkeypatch.setattr(acts_log, "append", refuse)
    with pytest.raises(OSError, match="full"):
        acting.take_signature(waiting, folder, approval)
    assert published(waiting) == {}


# Withdrawing


def test_a_release_is_withdrawn_by_two_and_by_nobody_alone(marsad_at: Marsad, signed: Home, tmp_path: Path):
    version = ledger.entries(signed, NATIONAL)[-1].version
    code, out, _ = marsad_at("releases", "withdraw", NATIONAL, version, "--as", "amina", *REASON, *BY, "--json")
    assert code == 0, out
    folder = _only_waiting(signed)
    assert json.loads(out)["act"] == folder.name
    assert ReleaseLog.read_log(signed).withdrawals == ()
    _alone(signed, folder)
    assert ReleaseLog.read_log(signed).withdrawals == ()
    assert verify(signed.releases / NATIONAL / version).withdrawn == ""
    assert marsad_at("sign", "--signature", _signed_elsewhere(folder, tmp_path, "dara", APPROVE))[0] == 0
    trust = Trust(acts.read_people(signed).allowed_signers())
    report = verify(signed.releases / NATIONAL / version, trust)
    assert (report.ok, report.signed, bool(report.withdrawn)) == (True, True, True)
    assert report.statement is not None
    assert report.statement.act is not None
    assert report.statement.act.kind == "withdraw"


@pytest.mark.parametrize(
    ("name", "version", "reason"),
    [("dara", "", "counted twice"), ("nobody", "", "counted twice"), ("amina", "000009-abcdefabcdef", "counted twice"),
     ("amina", "", ""), ("amina", "", "  ")],
)  # fmt: skip
def test_a_withdrawal_that_may_not_be_is_not_prepared(signed: Home, name: str, version: str, reason: str):
    version = version or ledger.entries(signed, NATIONAL)[-1].version
    with pytest.raises(Refusal) as refusal:
        acting.prepare_withdrawal(signed, name, NATIONAL, version, reason=reason, signed_by="Secretariat, statistics")
    assert refusal.value.code in ("person_may_not", "version_unknown", "reason_missing")
    assert acts.pending(signed) == []


def test_a_killed_withdrawal_is_finished_by_the_next_command(signed: Home, tmp_path: Path):
    version = ledger.entries(signed, NATIONAL)[-1].version
    folder = acting.prepare_withdrawal(signed, "amina", NATIONAL, version, reason="counted twice", signed_by="x y")
    acting.take_signature(signed, folder, sign(folder, "amina", PREPARE))
    approval = sign(folder, "dara", APPROVE)
    whole = Home(shutil.copytree(signed.root, tmp_path / "whole", symlinks=True))
    with killed_after(1000) as count:
        acting.take_signature(whole, whole.acts / folder.name, approval)
    for steps in range(count.steps):
        home = Home(shutil.copytree(signed.root, tmp_path / f"killed{steps}", symlinks=True))
        with pytest.raises(Killed), killed_after(steps):
            acting.take_signature(home, home.acts / folder.name, approval)
        if acts.pending(home):
            acting.take_signature(home, home.acts / folder.name, approval)
        with home.lock("test"):
            acting.finish(home)
        assert published(home) == published(whole), steps
        shutil.rmtree(home.root)


@pytest.fixture
def withdrawn(signed: Home, tmp_path: Path) -> Path:
    """The folder of a withdrawn release; what lay there before is in `published`."""
    version = ledger.entries(signed, NATIONAL)[-1].version
    place = signed.releases / NATIONAL / version
    shutil.copytree(place, tmp_path / "published")
    folder = acting.prepare_withdrawal(signed, "amina", NATIONAL, version, reason="counted twice", signed_by="x y")
    acting.take_signature(signed, folder, sign(folder, "amina", PREPARE))
    acting.take_signature(signed, folder, sign(folder, "dara", APPROVE))
    return place


def test_nobody_withdraws_by_hand_beside_the_statement_of_the_release(signed: Home):
    folder = toy_home.latest_folder(signed, NATIONAL)
    statement = {path: path.read_bytes() for path in folder.glob("statement*")}
    facts = {"dataset": NATIONAL, "version": folder.name, "withdrawn": "2026-12-01", "reason": "invented"}
    tombstone.replace_by_tombstone(folder, {**facts, "signed_by": "an agency"}, voices())
    for path, data in statement.items():
        path.write_bytes(data)
    report = verify(folder, Trust(acts.read_people(signed).allowed_signers()))
    assert (report.signed, toy_home.refusal_codes(report)) == (
        False, ["statement_of_another_kind", "statement_of_other_bytes"]
    )  # fmt: skip


@pytest.mark.parametrize("change", [{"reason": "the figures were invented"}, {"withdrawn": "2031-01-01"}])
def test_reason_and_day_of_a_withdrawal_are_signed(signed: Home, withdrawn: Path, change: dict[str, str]):
    trust = Trust(acts.read_people(signed).allowed_signers())
    assert verify(withdrawn, trust).signed
    path = withdrawn / tombstone.NAME
    path.write_text(json.dumps(json.loads(path.read_bytes()) | change), encoding="utf-8")
    assert toy_home.refusal_codes(verify(withdrawn, trust)) == ["statement_of_other_bytes"]


def test_a_withdrawal_is_not_undone_beside_its_own_statement(signed: Home, withdrawn: Path, tmp_path: Path):
    signers = acts.read_people(signed).allowed_signers()
    path = withdrawn / "statement.json"
    withdrawal = acts.parse_act(path.read_bytes(), path)
    for back in (withdrawn / tombstone.NAME, *withdrawn.glob("TOMBSTONE*")):
        back.unlink(missing_ok=True)
    for file in (tmp_path / "published").iterdir():
        if not file.name.startswith("statement"):
            shutil.copy(file, withdrawn / file.name)
    for held in (None, withdrawal):
        assert "statement_of_another_kind" in toy_home.refusal_codes(verify(withdrawn, Trust(signers, held)))
    assert verify(withdrawn).ok  # every hash holds: only the statement tells
    for file in (tmp_path / "published").glob("statement*"):
        shutil.copy(file, withdrawn / file.name)
    assert toy_home.refusal_codes(verify(withdrawn, Trust(signers, withdrawal))) == ["statement_contradicts"]


@pytest.mark.parametrize("other", [{"version": ""}, {"dataset": "four_ps_governorate"}, {"signed_by": "somebody"}, {}])
def test_a_withdrawal_of_something_else_than_was_signed_is_refused(signed: Home, other: dict[str, str]):
    """Two may sign a hash of one release and the name of another, or a tombstone that says something else."""
    version = ledger.entries(signed, NATIONAL)[-1].version
    prepared = acts.read_act(
        acting.prepare_withdrawal(signed, "amina", NATIONAL, version, reason="counted twice", signed_by="x y")
    )
    if "dataset" in other:
        other = {**other, "version": ledger.entries(signed, other["dataset"])[-1].version}
    about = dict(prepared.about) if other else {next(iter(prepared.about)): next(iter(prepared.about.values()))}
    act = dataclasses.replace(prepared, about=about, facts={**prepared.facts, **other})
    folder = acts.prepare(signed, act)
    acting.take_signature(signed, folder, sign(folder, "amina", PREPARE))
    before = published(signed)
    with pytest.raises(Refusal) as refusal:
        acting.take_signature(signed, folder, sign(folder, "dara", APPROVE))
    assert refusal.value.code in ("act_of_other_bytes", "version_unknown")
    assert published(signed) == before


def test_who_holds_any_later_statement_is_not_shown_a_withdrawn_release_as_good(
    signed: Home, withdrawn: Path, tmp_path: Path
):
    proposed_homes.propose_more(signed)
    later = acts.read_act(proposed_homes.prepare(signed))
    trust = Trust(acts.read_people(signed).allowed_signers(), later)
    assert toy_home.refusal_codes(verify(tmp_path / "published", trust)) == ["statement_contradicts"]
    assert verify(withdrawn, trust).signed


def test_a_withdrawn_folder_says_who_signed(marsad_at: Marsad, signed: Home, withdrawn: Path, tmp_path: Path):
    people = tmp_path / "allowed_signers"
    people.write_text(acts.read_people(signed).allowed_signers(), encoding="utf-8")
    code, out, _ = marsad_at("verify", withdrawn, "--people", people)
    assert (code, "Prepared by amina, approved by dara" in out) == (0, True)
    assert "was not asked" in marsad_at("verify", withdrawn)[1]
    (withdrawn / "data.csv").write_bytes(b"x")
    code, out, err = marsad_at("verify", withdrawn, "--people", people)
    assert (code, "was not asked" in out + err) == (1, False)
    assert marsad_at("verify", withdrawn, "--held", people)[0] != 0  # nothing is held against nobody


# People


def _changed(home: Home, tmp_path: Path) -> Path:
    content = yaml.safe_load(roster_path(home).read_bytes())
    pair = fresh_pair(tmp_path / "pairs", "new")
    content["people"]["zeina"] = person("zeina", ["approve"], key(pair))
    path = tmp_path / "people.yml"
    path.write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False), encoding="utf-8")
    return path


def test_people_are_changed_by_two_and_by_nobody_alone(marsad_at: Marsad, signed: Home, tmp_path: Path):
    path, before = _changed(signed, tmp_path), roster_path(signed).read_bytes()
    assert marsad_at("people", "change", path, "--as", "dara", *REASON)[0] != 0
    assert acts.pending(signed) == []
    assert marsad_at("people", "change", path, "--as", "amina", *REASON)[0] == 0
    folder = _only_waiting(signed)
    _alone(signed, folder)
    assert roster_path(signed).read_bytes() == before
    acting.take_signature(signed, folder, sign(folder, "dara", APPROVE))
    assert roster_path(signed).read_bytes() == path.read_bytes()
    assert "zeina" in acts.read_people(signed).people
    roster_path(signed).write_bytes(before)
    _refused("people_edited", lambda: acts.read_people(signed))


def test_who_signs_a_change_of_people_reads_what_changes_and_nothing_of_its_layout(signed: Home):
    content = yaml.safe_load(roster_path(signed).read_bytes())
    before = ", ".join(content["people"]["dara"]["roles"])
    content["people"]["dara"]["roles"] = ["edit", "approve"]
    data = ("# another layout\n" + yaml.safe_dump(content, sort_keys=False)).encode("utf-8")
    folder = acting.prepare_file(signed, "people", "amina", "she edits, too", Path("people.yml"), data, {})
    lines = [line for line in act_effects.describe_act(signed, folder) if line[0] in "-+"]
    assert lines == [f"- people.dara.roles: {before}", "+ people.dara.roles: edit, approve"]


def test_who_comes_in_by_a_change_does_not_approve_it(signed: Home, tmp_path: Path):
    data = _changed(signed, tmp_path).read_bytes()
    folder = acting.prepare_file(signed, "people", "amina", "a new approver", Path("people.yml"), data, {})
    acting.take_signature(signed, folder, sign(folder, "amina", PREPARE))
    content = acts.read_act(folder).content
    own = signed_by(Pair(tmp_path / "pairs" / "new", ""), content, APPROVE)
    _refused("signature_of_nobody", lambda: acting.take_signature(signed, folder, own))


@pytest.mark.parametrize(
    "change",
    [
        {"roles": ["approve", "prepare"]},
        {"roles": ["approve", "administer"]},
        {"sources": ["iraq_interior_ministry"], "roles": ["receive", "approve"]},
    ],
)
def test_who_gains_by_a_change_of_roles_does_not_approve_it(signed: Home, change: dict[str, Any]):
    content = yaml.safe_load(roster_path(signed).read_bytes())
    content["people"]["dara"].update(change)
    folder = _people_act(signed, content)
    waits = acting.find_waiting(signed)
    assert waits is not None
    assert waits.may_sign == ["karwan", "layla"]
    approval = sign(folder, "dara", APPROVE)
    _refused("approver_gains", lambda: acting.take_signature(signed, folder, approval))
    (folder / acts.APPROVED).write_bytes(approval)  # by hand, past the command
    assert not acts.check_signatures(folder, acts.read_people(signed), acting.today()).is_complete
    acting.take_signature(signed, folder, sign(folder, "layla", APPROVE))
    assert acts.last_done(signed) == folder


def _people_act(home: Home, content: dict[str, Any]) -> Path:
    data = yaml.safe_dump(content, sort_keys=False).encode("utf-8")
    folder = acting.prepare_people(home, "amina", "a change", data, roster_path(home))
    acting.take_signature(home, folder, sign(folder, "amina", PREPARE))
    return folder


def test_who_becomes_a_deputy_gains_and_who_loses_or_gets_a_new_key_does_not(signed: Home, tmp_path: Path):
    content = yaml.safe_load(roster_path(signed).read_bytes())
    days = {"after": acting.today(), "before": acting.today() + datetime.timedelta(days=7)}
    content["people"]["amina"]["deputies"] = [{"person": "dara", **days}]
    folder = _people_act(signed, content)
    assert acts.check_signatures(folder, acts.read_people(signed), acting.today()).gainers == {"dara"}
    content = yaml.safe_load(roster_path(signed).read_bytes())
    content["people"]["layla"]["roles"] = ["approve"]
    content["people"]["dara"]["keys"].append(key(fresh_pair(tmp_path / "pairs", "new")))
    folder = _people_act(signed, content)
    assert acts.check_signatures(folder, acts.read_people(signed), acting.today()).gainers == set()


def test_a_change_by_which_all_who_may_approve_gain_is_not_prepared(signed: Home):
    content = yaml.safe_load(roster_path(signed).read_bytes())
    for name in ("dara", "karwan", "layla"):
        content["people"][name]["roles"] = [*content["people"][name]["roles"], "edit"]
    _refused("approver_gains", lambda: _people_act(signed, content))
    assert acts.pending(signed) == []


def test_who_prepares_gains_where_one_signature_becomes_enough(signed: Home):
    content = yaml.safe_load(roster_path(signed).read_bytes())
    content["signatures"] = 1
    folder = _people_act(signed, content)
    assert acts.check_signatures(folder, acts.read_people(signed), acting.today()).gainers == {"amina", "hana"}


def test_a_roster_changed_after_signing_is_not_put_in_place(signed: Home, tmp_path: Path):
    data, before = _changed(signed, tmp_path).read_bytes(), roster_path(signed).read_bytes()
    folder = acting.prepare_file(signed, "people", "amina", "a new approver", Path("people.yml"), data, {})
    acting.take_signature(signed, folder, sign(folder, "amina", PREPARE))
    (folder / "people.yml").write_bytes(data.replace(b"signatures: 2", b"signatures: 1"))
    _refused("act_of_other_bytes", lambda: acting.take_signature(signed, folder, sign(folder, "dara", APPROVE)))
    assert roster_path(signed).read_bytes() == before


def test_a_change_to_a_roster_that_is_none_is_not_prepared(marsad_at: Marsad, signed: Home, tmp_path: Path):
    path = tmp_path / "people.yml"
    for data in (b"", b"signatures: 2\npeople: {}\n", b"\xff"):
        path.write_bytes(data)
        assert marsad_at("people", "change", path, "--as", "amina", *REASON)[0] != 0
    assert marsad_at("people", "change", tmp_path / "none.yml", "--as", "amina", *REASON)[0] != 0
    assert acts.pending(signed) == []


def test_a_real_house_is_not_changed_to_the_keys_of_the_demo(
    marsad_at: Marsad, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    home = Home(tmp_path / "real").open()
    monkeypatch.setenv("MARSAD_HOME", str(home.root))
    pairs = [fresh_pair(tmp_path / "pairs", name) for name in ("amina", "dara")]
    path = tmp_path / "people.yml"
    path.write_bytes(roster_bytes({
        "amina": person("amina", ["prepare"], key(pairs[0])), "dara": person("dara", ["approve"], key(pairs[1])),
    }))  # fmt: skip
    assert marsad_at("people", "found", HOUSE / "samples/people/people.yml")[0] != 0
    assert marsad_at("people", "found", path)[0] == 0
    assert marsad_at("people", "found", path)[0] != 0
    code, _, err = marsad_at("people", "change", HOUSE / "samples/people/people.yml", "--as", "amina", *REASON)
    assert code != 0
    assert "Traceback" not in err
    assert acts.pending(home) == []


def test_people_are_listed_and_their_signers_printed(marsad_at: Marsad, signed: Home):
    code, out, _ = marsad_at("people", "list", "--json")
    rows = json.loads(out)
    assert (code, {row["person"] for row in rows}) == (0, {"amina", "dara", "hana", "karwan", "layla", "machine"})
    assert all(row["fingerprint"].startswith("SHA256:") for row in rows)
    code, out, _ = marsad_at("people", "allowed-signers")
    assert (code, out) == (0, acts.read_people(signed).allowed_signers())
    roster_path(signed).write_bytes(roster_path(signed).read_bytes().replace(b"signatures: 2", b"signatures: 1"))
    assert marsad_at("people", "list")[0] != 0
    assert marsad_at("people", "allowed-signers")[0] != 0  # nobody hands out signers of a roster edited by hand


# A report


def test_a_report_is_published_by_two_and_by_nobody_alone(signed: Home):
    """The record of a publication, put in place by an act; the pages lie there already."""
    page = signed.reports / "short" / "en" / "index.html"
    page.parent.mkdir(parents=True)
    page.write_text("<p>invented</p>", encoding="utf-8")
    record = Path("reports/short/published.json")
    content = json.dumps({"files": {"en/index.html": sha256_of_bytes(page.read_bytes())}}).encode()
    folder = acting.prepare_file(signed, "publish_report", "amina", "the report", record, content, {"report": "short"})
    _alone(signed, folder)
    assert not (signed.root / record).exists()
    approval, before = sign(folder, "dara", APPROVE), page.read_bytes()
    page.write_text("<p>other</p>", encoding="utf-8")
    _refused("published_changed", lambda: acting.take_signature(signed, folder, approval))
    assert not (signed.root / record).exists()
    page.write_bytes(before)
    acting.take_signature(signed, folder, approval)
    assert (signed.root / record).read_bytes() == content
    assert (signed.root / record).with_name("statement.json").read_bytes() == acts.read_act(folder).content


def test_a_report_is_not_published_without_a_name(marsad_at: Marsad, signed: Home):
    assert marsad_at("report", "--publish")[0] == 2
    assert "reason_missing" in marsad_at("report", "--publish", "--as", "amina")[2]  # before minutes of writing
    assert acts.pending(signed) == []


# Verifying elsewhere


def test_a_folder_is_verified_elsewhere_with_the_allowed_signers_alone(
    marsad_at: Marsad, signed: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    people = tmp_path / "allowed_signers"
    people.write_text(acts.read_people(signed).allowed_signers(), encoding="utf-8")
    version = ledger.entries(signed, NATIONAL)[-1].version
    folder = shutil.copytree(signed.releases / NATIONAL / version, tmp_path / "elsewhere" / NATIONAL / version)
    monkeypatch.delenv("MARSAD_HOME")

    def ask(*words: object) -> tuple[int, dict[str, Any]]:
        code, out, _ = marsad_at("verify", folder, *words, "--json")
        return code, json.loads(out)

    code, told = ask()
    assert (code, told["signed"]) == (0, False)
    code, told = ask("--people", people)
    assert (code, told["ok"], told["signed"]) == (0, True, True)
    assert (told["prepared_by"], told["approved_by"]) == ("amina", "dara")
    assert marsad_at("verify", folder, "--people", tmp_path / "none")[0] != 0
    text = people.read_text(encoding="utf-8")
    people.write_text(
        "".join(f"{line}\n" for line in text.splitlines() if not line.startswith("dara")), encoding="utf-8"
    )
    code, told = ask("--people", people)
    assert (code, told["ok"], told["signed"]) == (1, False, False)
    assert "signature_of_nobody" in " ".join(told["problems"])
    revoked = ["# revoked 2026-05-05: dara " + line.split(" ", 2)[2] if line.startswith("dara") else line
               for line in text.splitlines()]  # fmt: skip
    people.write_text("".join(f"{line}\n" for line in revoked), encoding="utf-8")
    code, told = ask("--people", people)
    assert code == 1
    assert "signer_revoked" in " ".join(told["problems"])
    people.write_text(text, encoding="utf-8")
    held = tmp_path / "held.json"
    held.write_bytes((folder / "statement.json").read_bytes())
    assert ask("--people", people, "--held", held)[0] == 0
    act = acts.parse_act(held.read_bytes(), held)
    held.write_bytes(acts.canonical({**json.loads(act.content), "reason": "told otherwise"}))
    code, told = ask("--people", people, "--held", held)
    assert code == 1
    assert "statement_contradicts" in " ".join(told["problems"])
    (folder / "statement.json").unlink()
    code, told = ask("--people", people)
    assert code == 1
    assert "statement_missing" in " ".join(told["problems"])


def test_a_later_release_follows_the_statement_that_was_held(marsad_at: Marsad, signed: Home, tmp_path: Path):
    people, held = tmp_path / "allowed_signers", tmp_path / "held.json"
    people.write_text(acts.read_people(signed).allowed_signers(), encoding="utf-8")
    first = signed.releases / NATIONAL / ledger.entries(signed, NATIONAL)[-1].version
    held.write_bytes((first / "statement.json").read_bytes())
    proposed_homes.propose_more(signed)
    proposed_homes.publish_signed(signed)
    second = toy_home.latest_folder(signed, NATIONAL)
    assert marsad_at("verify", second, "--people", people, "--held", held)[0] == 0
    held.write_bytes((second / "statement.json").read_bytes())
    assert marsad_at("verify", second, "--people", people, "--held", held)[0] == 0
    code, out, err = marsad_at("verify", first, "--people", people, "--held", held)
    assert code == 1
    assert "older than what you hold" in out + err
    assert second.name in out + err


def test_an_unsigned_report_is_not_verified_as_signed(marsad_at: Marsad, signed: Home, tmp_path: Path):
    people, folder = tmp_path / "allowed_signers", tmp_path / "short"
    people.write_text(acts.read_people(signed).allowed_signers(), encoding="utf-8")
    page = folder / "en" / "index.html"
    page.parent.mkdir(parents=True)
    page.write_text("<p>invented</p>", encoding="utf-8")
    record = {"files": {"en/index.html": sha256_of_bytes(page.read_bytes())}, "report": "short"}
    (folder / "published.json").write_text(json.dumps(record), encoding="utf-8")
    assert marsad_at("verify", folder, "--people", people)[0] == 1


def test_a_report_is_signed_with_all_that_its_readers_get(marsad_at: Marsad, signed: Home, tmp_path: Path):
    people, folder = tmp_path / "allowed_signers", signed.reports / "short"
    people.write_text(acts.read_people(signed).allowed_signers(), encoding="utf-8")
    files = {"en/index.html": b"<p>", "ar/index.html": b"<p>", "versions.json": b'{"year": "2025", "versions": []}'}
    for name, data in files.items():
        write_bytes(folder / name, data)
    record = {"files": {name: sha256_of_bytes(data) for name, data in files.items()}, "report": "short"}
    path, content = Path("reports/short/published.json"), json.dumps(record).encode()
    act = acting.prepare_file(signed, "publish_report", "amina", "the report", path, content, {})
    acting.take_signature(signed, act, sign(act, "amina", PREPARE))
    acting.take_signature(signed, act, sign(act, "dara", APPROVE))

    def ask(place: Path) -> tuple[int, dict[str, Any]]:
        code, out, _ = marsad_at("verify", place, "--people", people, "--json")
        return code, json.loads(out)

    for place in (folder, shutil.copytree(folder, tmp_path / "copy")):
        code, told = ask(place)
        assert (code, told["signed"], told["prepared_by"], told["approved_by"]) == (0, True, "amina", "dara")
    added = folder / "en" / "correction.html"
    added.write_bytes(b"<p>")
    assert (ask(folder)[0], "file_unexpected" in ask(folder)[1]["problems"][0]) == (1, True)
    added.unlink()
    (folder / "versions.json").write_bytes(b'{"year": "2024", "versions": []}')
    assert (ask(folder)[0], ask(folder)[1]["signed"]) == (1, False)


def test_an_act_that_would_write_elsewhere_is_refused(signed: Home):
    """Two may sign what they have not read: a roster lies in its place, a report among the reports."""
    done = acts.last_done(signed)
    assert done is not None
    place = next(iter(acts.read_act(done).about))
    before, roster = published(signed), roster_path(signed).read_bytes()
    elsewhere: list[tuple[acts.Kind, str]] = [
        ("people", place),
        ("people", "../people.yml"),
        ("people", "acts.jsonl"),
        ("people", str(signed.root / "people.yml")),
        ("publish_report", place),
        ("publish_report", "reports/../people.yml"),
    ]
    for kind, name in elsewhere:
        data = b"signatures: 1\n"
        act = acts.draft(
            signed, acts.read_people(signed), kind, "amina", "x", acting.today(), {name: sha256_of_bytes(data)}
        )
        folder = acts.prepare(signed, act, {Path(name).name: data})
        acting.take_signature(signed, folder, sign(folder, "amina", PREPARE))
        _refused("act_of_other_bytes", partial(acting.take_signature, signed, folder, sign(folder, "dara", APPROVE)))
    assert (published(signed), roster_path(signed).read_bytes()) == (before, roster)


@pytest.mark.parametrize("kind", ["withdraw", "people", "forget", "publish_report"])
def test_an_act_that_names_the_ledger_is_not_asked_less_for_that(signed: Home, kind: acts.Kind):
    """Whoever writes an act by hand adds a head that holds anyway: its kind is asked the same all the same."""
    before, done = published(signed), len(acts_log.statements(signed))
    version = ledger.entries(signed, NATIONAL)[-1].version
    facts = {"dataset": NATIONAL, "version": version, "signed_by": "x y", "submissions": ["000001-abcdefabcdef"]}
    after = acts_log.heads(signed.proposing(), ("ledger",))
    act = acts.draft(
        signed, acts.read_people(signed), kind, "amina", "x", acting.today(), {},
        after=after, facts={**facts, "warnings": []},
    )  # fmt: skip
    folder = acts.prepare(signed, act)
    acting.take_signature(signed, folder, sign(folder, "amina", PREPARE))
    _refused("act_of_other_bytes", partial(acting.take_signature, signed, folder, sign(folder, "dara", APPROVE)))
    assert (published(signed), len(acts_log.statements(signed))) == (before, done)


@pytest.mark.parametrize(
    "files",
    [
        {"reports/2025-00000000/en/index.html": b"<p>forged"},
        {"reports/2024-00000000/published.json": b'{"files": {}}', "reports/2025-00000000/en/index.html": b"<p>forged"},
        {"reports/2024-00000000/published.json": b"no record"},
        {"reports/2024-00000000/published.json": b'{"files": {"../../people.yml": "0"}}'},
        {"reports": b'{"files": {}}'},
        {"reports/2025-00000000/published.json": b'{"files": {}, "report": "restated"}'},
    ],
)
def test_an_act_publishes_one_report_and_no_page_of_another(signed: Home, files: dict[str, bytes]):
    for name in ("published.json", "en/index.html"):
        write_bytes(signed.reports / "2025-00000000" / name, b'{"files": {}}')
    before = {path: path.read_bytes() for path in signed.reports.rglob("*.*")}
    about = {name: sha256_of_bytes(data) for name, data in files.items()}
    act = acts.draft(signed, acts.read_people(signed), "publish_report", "amina", "x", acting.today(), about)
    folder = acts.prepare(signed, act, {Path(name).name: data for name, data in files.items()})
    acting.take_signature(signed, folder, sign(folder, "amina", PREPARE))
    with pytest.raises(Refusal) as refusal:
        acting.take_signature(signed, folder, sign(folder, "dara", APPROVE))
    assert refusal.value.code in ("act_of_other_bytes", "published_changed", "name_leads_out")
    assert {path: path.read_bytes() for path in signed.reports.rglob("*.*")} == before


@pytest.mark.parametrize("after", [{}, {"ledger": "0:0", "another": "0:0"}])
def test_a_publication_names_the_ledger_that_it_writes_and_nothing_else(waiting: Home, after: dict[str, str]):
    act = acts.read_act(proposed_homes.prepare(waiting))
    folder = acts.prepare(waiting, dataclasses.replace(act, after=after))
    for name, namespace in (("amina", PREPARE), ("dara", APPROVE)):
        _refused("act_of_other_bytes", partial(acting.take_signature, waiting, folder, sign(folder, name, namespace)))


def test_a_roster_by_which_nobody_could_act_is_refused_although_two_signed(signed: Home):
    before = roster_path(signed).read_bytes()
    for data, code in ((b"no roster", "people_unreadable"), (b"signatures: 2\npeople: {}\n", "people_unreadable")):
        folder = acting.prepare_file(signed, "people", "amina", "a roster", Path("people.yml"), data, {})
        acting.take_signature(signed, folder, sign(folder, "amina", PREPARE))
        _refused(code, partial(acting.take_signature, signed, folder, sign(folder, "dara", APPROVE)))
    assert roster_path(signed).read_bytes() == before


def test_an_act_says_why(signed: Home):
    """Each act has a reason, which readers see; none, or one that names a person, is refused."""
    proposed_homes.propose_more(signed)
    for reason in ("", "  "):
        _refused("reason_missing", lambda reason=reason: acting.prepare_publication(signed, "amina", reason, {}))
    assert acts.pending(signed) == []


# A home without people


@pytest.fixture
def peopleless(toy_released: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    home = Home(shutil.copytree(toy_released, tmp_path / "home"))
    monkeypatch.setenv("MARSAD_HOME", str(home.root))
    return home


PEOPLE = HOUSE / "samples" / "people" / "people.yml"


@pytest.mark.parametrize(
    "words",
    [
        ("approve", "--as", "amina"),
        ("report", "--publish", "--as", "amina", *REASON),
        ("releases", "withdraw", NATIONAL, "VERSION", "--as", "amina", *REASON, *BY),
        ("people", "change", PEOPLE, "--as", "amina", *REASON),
        ("people", "list"),
        ("people", "allowed-signers"),
        ("log", "--verify"),
    ],
)
def test_a_home_without_people_refuses_every_act_and_says_what_to_do(
    marsad_at: Marsad, peopleless: Home, words: tuple[str, ...]
):
    before = published(peopleless)
    version = ledger.entries(peopleless, NATIONAL)[-1].version
    code, _, err = marsad_at(*(version if word == "VERSION" else word for word in words))
    assert (code, "people_missing" in err, "marsad people found" in err) == (1, True, True), err
    assert (published(peopleless), list(peopleless.acts.glob("*"))) == (before, [])


# What one who prepares could do alone with the account of the house


def _entered_by_hand(home: Home, act: acts.Act, files: dict[str, bytes] | None = None) -> Path:
    """Write an act that amina alone has signed, and the line by which it is done."""
    folder = acts.prepare(home, act, files)
    (folder / acts.PREPARED).write_bytes(sign(folder, "amina", PREPARE))
    with home.lock("test"):
        acts_log.append(home, "done", "amina+dara", act.kind, act=act.sha256, number=act.number)
    return folder


@pytest.mark.parametrize("signatures", [1, 2])
def test_a_line_written_by_hand_withdraws_nothing_and_the_refusal_names_the_act(
    marsad_at: Marsad, signed: Home, signatures: int
):
    entry, before = ledger.entries(signed, NATIONAL)[-1], published(signed)
    about = {f"releases/{NATIONAL}/{entry.version}/manifest.json": entry.manifest_sha256}
    facts = {"dataset": NATIONAL, "version": entry.version, "signed_by": "Secretariat, statistics"}
    day = acting.today()
    act = acts.draft(signed, acts.read_people(signed), "withdraw", "amina", "counted twice", day, about, facts=facts)
    folder = _entered_by_hand(signed, dataclasses.replace(act, signatures=signatures))
    with signed.lock("test"):
        _refused("act_unsigned", lambda: acting.finish(signed))
        with pytest.raises(Refusal, match=folder.name):
            acting.finish(signed)
    assert published(signed) == before
    code, _, err = marsad_at("log", "--verify")
    codes = [line.split(":")[1].strip() for line in err.splitlines() if line.startswith("marsad: ")]
    assert (code, codes[0]) == (1, "act_needs_two" if signatures == 1 else "act_unsigned")


@pytest.mark.parametrize("signatures", [1, 2])
def test_a_roster_by_a_line_written_by_hand_gives_nobody_a_say(signed: Home, signatures: int):
    """Nor does it make one signature enough for the act of the next line."""
    before = published(signed)
    data = roster_path(signed).read_bytes().replace(b"signatures: 2", b"signatures: 1")
    roster = acts.read_people(signed)
    act = acts.draft(
        signed, roster, "people", "amina", "house keeping", acting.today(), {"people.yml": sha256_of_bytes(data)}
    )
    _entered_by_hand(signed, dataclasses.replace(act, signatures=signatures), {"people.yml": data})
    roster_path(signed).write_bytes(data)
    entry = ledger.entries(signed, NATIONAL)[-1]
    about = {f"releases/{NATIONAL}/{entry.version}/manifest.json": entry.manifest_sha256}
    facts = {"dataset": NATIONAL, "version": entry.version, "signed_by": "Secretariat, statistics"}
    lone = parse_roster(data, roster_path(signed))
    _entered_by_hand(
        signed, acts.draft(signed, lone, "withdraw", "amina", "counted twice", acting.today(), about, facts=facts)
    )
    _refused("act_unsigned", lambda: acts.read_people(signed))
    with signed.lock("test"):
        _refused("act_unsigned", lambda: acting.finish(signed))
    assert published(signed) == before


def test_a_proposal_by_a_line_written_by_hand_is_not_put_in_place(waiting: Home):
    folder = proposed_homes.prepare(waiting)
    _entered_by_hand(waiting, acts.read_act(folder))
    with waiting.lock("test"):
        _refused("act_unsigned", lambda: proposal.finish(waiting))
    assert published(waiting) == {}


# What the second signer sees


def test_a_card_other_than_before_is_a_warning_also_where_the_pointer_is_gone(
    signed: Home, monkeypatch: pytest.MonkeyPatch
):
    proposed_homes.propose_more(signed)
    assert [line for line in act_effects.warnings_of_proposal(signed) if ": card " in line] == []
    _as_by_another_card(monkeypatch)
    warned = act_effects.warnings_of_proposal(signed)
    assert [line.split(" ")[:2] for line in warned] == [[f"{NATIONAL}:", "card"]]
    (signed.releases / NATIONAL / "latest").unlink()
    assert act_effects.warnings_of_proposal(signed) == warned
    shutil.rmtree(signed.releases / NATIONAL)
    assert act_effects.warnings_of_proposal(signed) == [f"{NATIONAL}: not_compared"]


def _as_by_another_card(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let verdicts and cards of the national dataset have another hash than what was released."""
    from expectations.cards import dataset_card
    from expectations.gate import stored_verdict

    from_bytes, load = stored_verdict.Verdict.from_bytes, dataset_card.load_dataset

    def other_verdict(data: bytes) -> stored_verdict.Verdict:
        verdict = from_bytes(data)
        return dataclasses.replace(verdict, card_sha256="f" * 64) if verdict.dataset == NATIONAL else verdict

    monkeypatch.setattr(stored_verdict.Verdict, "from_bytes", staticmethod(other_verdict))
    monkeypatch.setattr(dataset_card, "load_dataset", lambda name: SimpleNamespace(sha256="f" * 64, card=load(name)))


def test_an_act_that_hides_a_warning_is_refused_and_one_that_names_it_is_taken(
    waiting: Home, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(act_effects, "warnings_of_proposal", lambda _home: [f"{NATIONAL}: card"])
    honest = acts.read_act(proposed_homes.prepare(waiting))
    assert honest.facts["warnings"] == [f"{NATIONAL}: card"]
    for facts in ({"warnings": []}, {}, {"warnings": ["another"]}):
        folder = acts.prepare(waiting, dataclasses.replace(honest, facts=facts))
        for name, namespace in (("amina", PREPARE), ("dara", APPROVE)):
            signature = sign(folder, name, namespace)
            _refused("act_hides_warnings", partial(acting.take_signature, waiting, folder, signature))
    folder = acts.prepare(waiting, honest)
    acting.take_signature(waiting, folder, sign(folder, "amina", PREPARE))
    assert acting.take_signature(waiting, folder, sign(folder, "dara", APPROVE)).is_complete


def test_the_second_signer_of_a_publication_is_shown_reason_and_facts_and_no_control_character(
    marsad_at: Marsad, waiting: Home
):
    act = acts.read_act(proposed_homes.prepare(waiting))
    escape = "\x1b[2K\x9b1A\u202e"
    acts.prepare(waiting, dataclasses.replace(act, reason=f"the year{escape} of 2025", facts={"note": f"a{escape}b"}))
    code, out, err = marsad_at("approve")
    assert code == 0, err
    assert "the year[2K1A of 2025" in out
    assert "note: a[2K1Ab" in out
    assert not set("\x1b\x9b\u202e") & set(out + err)


def test_what_somebody_wrote_into_an_act_pushes_nothing_off_the_screen(marsad_at: Marsad, waiting: Home):
    act = acts.read_act(proposed_homes.prepare(waiting))
    flood = {**act.facts, "note": "\u2800" * 20_000}
    acts.prepare(waiting, dataclasses.replace(act, reason="the year" + " " * 4_000 + "nothing changes", facts=flood))
    code, out, err = marsad_at("approve")
    assert (code, "nothing changes" in out, "… (+3,532)" in out) == (0, False, True), err
    assert max(map(len, out.splitlines())) < 600
    assert out.index("the year") < out.index("replaces")  # what the house counted itself stands last


def test_the_second_signer_of_a_report_is_shown_its_versions_and_what_it_replaces(marsad_at: Marsad, signed: Home):
    first = ledger.entries(signed, NATIONAL)[-1].version
    proposed_homes.propose_more(signed)
    proposed_homes.publish_signed(signed)
    page = signed.reports / "short" / "en" / "index.html"
    write_bytes(page, b"<p>invented</p>")
    versions = [{"dataset": NATIONAL, "version": first}]
    write_bytes(page.parents[1] / "versions.json", json.dumps({"year": "2024", "versions": versions}).encode())
    record, before = Path("reports/short/published.json"), b'{"files": {}}'
    write_bytes(signed.root / record, before)
    acting.prepare_file(signed, "publish_report", "amina", "the report", record, b'{"files": {"a": ""}}', {})
    code, out, err = marsad_at("approve")
    last = ledger.entries(signed, NATIONAL)[-1].version
    assert (code, last == first) == (0, False), err
    assert f"{NATIONAL}: {first} (ledger: {last})" in out
    assert f"{record} {sha256_of_bytes(before)[:12]} -> " in out


@pytest.mark.parametrize("control", ["\x1b[2K", "\n", "\x9b", "\u202e", "\x00", "\r"])
def test_a_reason_with_a_control_character_is_refused_where_it_is_asked(signed: Home, tmp_path: Path, control: str):
    data, reason = _changed(signed, tmp_path).read_bytes(), f"a new{control} approver"
    _refused(
        "reason_unprintable", lambda: acting.prepare_people(signed, "amina", reason, data, tmp_path / "people.yml")
    )
    proposed_homes.propose_more(signed)
    _refused("reason_unprintable", lambda: acting.prepare_publication(signed, "amina", reason, {}))
    assert acts.pending(signed) == []


def test_a_reason_in_sorani_with_a_joiner_is_taken(signed: Home):
    proposed_homes.propose_more(signed)
    reason = "ژمارە\u200cکانی ساڵ"
    assert acts.read_act(acting.prepare_publication(signed, "amina", reason, {})).reason == reason


def test_a_withdrawal_of_another_release_than_its_act_is_about_is_refused(signed: Home):
    about, named = (ledger.entries(signed, dataset)[-1] for dataset in DATASETS)
    before = published(signed)
    place = {f"releases/{about.dataset}/{about.version}/manifest.json": about.manifest_sha256}
    both = {**place, f"releases/{named.dataset}/{named.version}/manifest.json": named.manifest_sha256}
    facts = {"dataset": named.dataset, "version": named.version, "signed_by": "Secretariat, statistics"}
    roster = acts.read_people(signed)
    for content in (place, both):
        act = acts.draft(signed, roster, "withdraw", "amina", "counted twice", acting.today(), content, facts=facts)
        folder = acts.prepare(signed, act)
        acting.take_signature(signed, folder, sign(folder, "amina", PREPARE))
        _refused("act_of_other_bytes", partial(acting.take_signature, signed, folder, sign(folder, "dara", APPROVE)))
    assert published(signed) == before


# Small refusals


def test_where_nobody_may_the_refusal_says_so(waiting: Home, monkeypatch: pytest.MonkeyPatch):
    roster = acts.read_people(waiting)
    monkeypatch.setattr(acting, "today", lambda: datetime.date(1990, 1, 1))
    _refused("person_alone", lambda: acting.refuse_person(roster, "amina", PREPARE))


def test_a_held_statement_without_signers_and_a_file_of_another_kind_are_refused_in_words(
    marsad_at: Marsad, signed: Home, tmp_path: Path
):
    folder = signed.releases / NATIONAL / ledger.entries(signed, NATIONAL)[-1].version
    people, binary, held = tmp_path / "allowed_signers", tmp_path / "binary", folder / "statement.json"
    people.write_text(acts.read_people(signed).allowed_signers(), encoding="utf-8")
    binary.write_bytes(b"\xff\xfe\x00")
    assert "held_needs_people" in marsad_at("verify", folder, "--held", held)[2]
    for path in (tmp_path, binary):
        code, _, err = marsad_at("verify", folder, "--people", path)
        assert (code, "signers_unreadable" in err) == (1, True), err
        code, _, err = marsad_at("verify", folder, "--people", people, "--held", path)
        assert (code, "act_unreadable" in err) == (1, True), err
    assert marsad_at("verify", folder, "--people", people, "--held", held)[0] == 0
