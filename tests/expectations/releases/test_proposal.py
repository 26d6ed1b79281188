"""A proposal: nothing of it is out before two have signed, and exactly what they signed is out then."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest

from expectations.published import ledger
from expectations.releases import proposal
from expectations.releases.verification import verify
from ingestion.home import Home
from ingestion.people import acts, acts_log, founding
from ingestion.people.roster import APPROVE, PREPARE
from ingestion.people.statements import Trust
from languages.refusal import Refusal
from marsad.answers import acting
from samples import invented_people
from tests.expectations import proposed_homes, toy_home
from tests.expectations.proposed_homes import DATASETS, Killed, MadeOnce, killed_after, prepare, publish_signed, sign


@pytest.fixture
def waiting(made_once: MadeOnce, toy_protected: Path, tmp_path: Path) -> Home:
    return proposed_homes.waiting_home(made_once, toy_protected, tmp_path / "home")


@pytest.fixture
def signed(made_once: MadeOnce, toy_protected: Path, tmp_path: Path) -> Home:
    return proposed_homes.signed_home(made_once, toy_protected, tmp_path / "home")


@pytest.fixture
def twice(made_once: MadeOnce, toy_protected: Path, tmp_path: Path) -> Home:
    return proposed_homes.twice_waiting_home(made_once, toy_protected, tmp_path / "home")


def _refused(code: str, call: Callable[[], object]) -> None:
    with pytest.raises(Refusal) as refusal:
        call()
    assert refusal.value.code == code


def _folders(home: Home) -> list[Path]:
    return [home.releases / entry.dataset / entry.version for entry in ledger.entries(home)]


# Before


def test_a_proposal_is_beside_what_is_published(waiting: Home):
    assert ledger.entries(waiting) == []
    assert proposed_homes.published(waiting) == {}
    assert tuple(entry.dataset for entry in proposal.additions(waiting)) == DATASETS


def test_nothing_is_published_before_the_second_signature(waiting: Home):
    folder = prepare(waiting)
    assert proposed_homes.published(waiting) == {}
    acting.take_signature(waiting, folder, sign(folder, "amina", PREPARE))
    with waiting.lock("test"):
        acting.finish(waiting)
        assert proposal.finish(waiting) == []
    assert proposed_homes.published(waiting) == {}
    assert acts.last_done(waiting) is None
    acting.take_signature(waiting, folder, sign(folder, "dara", APPROVE))
    assert tuple(entry.dataset for entry in ledger.entries(waiting)) == DATASETS
    assert not waiting.proposal.exists()


def test_what_is_published_is_what_was_proposed(waiting: Home):
    proposed = proposed_homes.published(Home(waiting.proposal))
    publish_signed(waiting)
    published = proposed_homes.published(waiting)
    assert {name: data for name, data in published.items() if "statement" not in Path(name).name} == proposed
    assert all(verify(folder).ok for folder in _folders(waiting))


def test_the_same_proposal_signed_by_others_has_the_same_bytes(waiting: Home, tmp_path: Path):
    """Signatures lie beside a release and never in its hash."""
    other = Home(shutil.copytree(waiting.root, tmp_path / "other", symlinks=True))
    publish_signed(waiting)
    folder = acting.prepare_publication(other, "hana", "another reason", {})
    acting.take_signature(other, folder, sign(folder, "hana", PREPARE))
    acting.take_signature(other, folder, sign(folder, "layla", APPROVE))
    ours, theirs = (
        {name: data for name, data in proposed_homes.published(home).items() if "statement" not in name}
        for home in (waiting, other)
    )
    assert ours == theirs


# A second proposal, after a first that was signed


def test_a_proposal_after_a_publication_waits_for_signatures_of_its_own(twice: Home):
    """The act of the first publication stands in the log, and is no signature of the second."""
    before = proposed_homes.published(twice)
    additions = proposal.additions(twice)
    assert additions
    with twice.lock("test"):
        acting.finish(twice)
    assert proposed_homes.published(twice) == before
    folder = prepare(twice)
    assert proposed_homes.published(twice) == before
    acting.take_signature(twice, folder, sign(folder, "amina", PREPARE))
    assert proposed_homes.published(twice) == before
    acting.take_signature(twice, folder, sign(folder, "dara", APPROVE))
    assert len(ledger.entries(twice)) == len(DATASETS) + len(additions)


def test_a_signature_of_the_first_publication_signs_no_second(twice: Home):
    done = acts.last_done(twice)
    assert done is not None
    folder = prepare(twice)
    for name in (acts.PREPARED, acts.APPROVED):
        _refused(
            "signature_of_nobody", lambda name=name: acting.take_signature(twice, folder, (done / name).read_bytes())
        )


def test_an_act_of_a_proposal_that_was_laid_out_anew_publishes_nothing(waiting: Home):
    folder = prepare(waiting)
    acting.take_signature(waiting, folder, sign(folder, "amina", PREPARE))
    proposed_homes.propose_more(waiting)
    _refused("act_of_other_bytes", lambda: acting.take_signature(waiting, folder, sign(folder, "dara", APPROVE)))
    assert proposed_homes.published(waiting) == {}


@pytest.mark.parametrize("about", ["nothing", "less", "more", "other bytes"])
def test_an_act_that_names_more_less_or_other_bytes_than_the_proposal_publishes_nothing(waiting: Home, about: str):
    """The ledger's head in the act is right: the releases that it names are compared by themselves."""
    act = acts.read_act(prepare(waiting))
    name, sha256 = next(iter(act.about.items()))
    changed = {
        "nothing": {},
        "less": {other: other_sha256 for other, other_sha256 in act.about.items() if other != name},
        "more": {**act.about, f"{name}.more": sha256},
        "other bytes": {**act.about, name: sha256[::-1]},
    }
    _publishes_nothing(waiting, replace(act, about=changed[about]))


def test_an_act_that_names_another_end_of_the_ledger_than_the_proposal_publishes_nothing(waiting: Home):
    act = acts.read_act(prepare(waiting))
    _publishes_nothing(waiting, replace(act, after={"ledger": f"9{act.after['ledger']}"}))


def _publishes_nothing(home: Home, act: acts.Act) -> None:
    folder = acts.prepare(home, act)
    for name, namespace in (("amina", PREPARE), ("dara", APPROVE)):
        signature = sign(folder, name, namespace)
        _refused("act_of_other_bytes", lambda signature=signature: acting.take_signature(home, folder, signature))
    assert proposed_homes.published(home) == {}


# Changed after signing


def _files(home: Home) -> list[Path]:
    return [path for path in sorted(home.proposal.rglob("*")) if path.is_file() and path.parent != home.proposal]


def _change(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    mode = path.stat().st_mode
    path.unlink()
    path.write_bytes(bytes(data))
    path.chmod(mode & 0o777)


def test_a_byte_changed_in_any_file_after_signing_publishes_nothing_of_it(waiting: Home, tmp_path: Path):
    """A pointer or a head is not what was signed: it is written anew, never copied."""
    folder = prepare(waiting)
    acting.take_signature(waiting, folder, sign(folder, "amina", PREPARE))
    approval, names = sign(folder, "dara", APPROVE), [path.relative_to(waiting.root) for path in _files(waiting)]
    whole = Home(shutil.copytree(waiting.root, tmp_path / "whole", symlinks=True))
    acting.take_signature(whole, whole.acts / folder.name, approval)
    expected = proposed_homes.published(whole)
    logs = [acts_log.path_of(home).read_bytes() for home in (waiting, whole)]
    through: list[str] = []
    for number, name in enumerate(names):
        home = Home(shutil.copytree(waiting.root, tmp_path / str(number), symlinks=True))
        _change(home.root / name)
        with suppress(Refusal):
            acting.take_signature(home, home.acts / folder.name, approval)
        if proposed_homes.published(home) not in ({}, expected) or acts_log.path_of(home).read_bytes() not in logs:
            through.append(str(name))
        shutil.rmtree(home.root)
    assert through == []


def test_a_file_more_or_less_in_a_proposal_publishes_nothing(waiting: Home):
    folder = prepare(waiting)
    acting.take_signature(waiting, folder, sign(folder, "amina", PREPARE))
    approval = sign(folder, "dara", APPROVE)
    version = next((waiting.proposal / "releases" / DATASETS[0]).glob("0*"))
    more = version / "more.csv"
    more.write_text("a,b\n", encoding="utf-8")
    _refused("act_of_other_bytes", lambda: acting.take_signature(waiting, folder, approval))
    more.unlink()
    missing = next(version.glob("*.csv"))
    data = missing.read_bytes()
    missing.unlink()
    _refused("act_of_other_bytes", lambda: acting.take_signature(waiting, folder, approval))
    missing.write_bytes(data)
    assert acting.take_signature(waiting, folder, approval).is_complete


# Killed


def test_a_killed_publication_is_finished_by_the_next_command_with_the_same_bytes(waiting: Home, tmp_path: Path):
    folder = prepare(waiting)
    acting.take_signature(waiting, folder, sign(folder, "amina", PREPARE))
    approval = sign(folder, "dara", APPROVE)

    def home_of(name: str) -> Home:
        return Home(shutil.copytree(waiting.root, tmp_path / name, symlinks=True))

    whole = home_of("whole")
    with killed_after(1000) as count:
        acting.take_signature(whole, whole.acts / folder.name, approval)
    assert count.steps > 8
    expected = proposed_homes.published(whole)
    for steps in range(count.steps):
        home = home_of(f"killed{steps}")
        with pytest.raises(Killed), killed_after(steps):
            acting.take_signature(home, home.acts / folder.name, approval)
        if len(acts_log.path_of(home).read_text(encoding="utf-8").splitlines()) == 1:
            assert proposed_homes.published(home) == {}
            acting.take_signature(home, home.acts / folder.name, approval)
        else:
            with home.lock("test"):
                acting.finish(home)
        assert proposed_homes.published(home) == expected, steps
        assert not home.proposal.exists()
        assert acts_log.read_acts(home)[-1]["act"] == acts.read_act(home.acts / folder.name).sha256
        shutil.rmtree(home.root)


def test_a_byte_changed_between_the_kill_and_the_next_command_is_not_published(waiting: Home):
    """The line of the log publishes what was signed, and nothing that came into its place since."""
    folder = prepare(waiting)
    acting.take_signature(waiting, folder, sign(folder, "amina", PREPARE))
    version = next((waiting.proposal / "releases" / DATASETS[0]).glob("0*"))
    with pytest.raises(Killed), pytest.MonkeyPatch.context() as patch:
        patch.setattr(proposal, "put_in_place", _die)
        acting.take_signature(waiting, folder, sign(folder, "dara", APPROVE))
    assert proposed_homes.published(waiting) == {}
    _change(next(version.glob("*.csv")))
    with pytest.raises(Refusal), waiting.lock("test"):
        acting.finish(waiting)
    assert ledger.entries(waiting) == []


def _die(*_arguments: object) -> None:
    raise Killed


# Disks without second names


@pytest.mark.parametrize("number", [errno.EPERM, errno.EXDEV, errno.EMLINK, errno.EOPNOTSUPP], ids=errno.errorcode.get)
def test_a_disk_without_second_names_proposes_the_same(signed: Home, monkeypatch: pytest.MonkeyPatch, number: int):
    with signed.lock("test"):
        proposal.lay_out(signed)
    linked = proposed_homes.published(Home(signed.proposal))

    def refuse(*_arguments: object, **_named: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "link", refuse)
    with signed.lock("test"):
        proposal.lay_out(signed)
    assert proposed_homes.published(Home(signed.proposal)) == linked == proposed_homes.published(signed)
    assert not any(path.stat().st_nlink > 1 for path in _files(signed))


def test_a_home_that_came_back_without_its_empty_folders_proposes_nothing(waiting: Home):
    waiting.releases.rmdir()
    assert ledger.entries(proposal.lay_out(waiting)) == []


def test_what_is_published_never_changes_while_another_proposal_is_made_and_published(signed: Home):
    before = proposed_homes.published(signed)
    proposed_homes.propose_more(signed)
    publish_signed(signed)
    after = proposed_homes.published(signed)
    grown = {name for name, data in before.items() if after[name] != data}
    assert all(after[name].startswith(before[name]) for name in grown if name.endswith(".jsonl"))
    assert {Path(name).name for name in grown} <= {"log.jsonl", "latest"}


# The statement beside each release


@pytest.fixture
def allowed(signed: Home, tmp_path: Path) -> Path:
    """What a stranger has, from elsewhere."""
    path = tmp_path / "allowed_signers"
    path.write_text(acts.read_people(signed).allowed_signers(), encoding="utf-8")
    return path


def _shell(folder: Path, allowed: Path, person: str, namespace: str, signature: str) -> int:
    line = f"ssh-keygen -Y verify -f {allowed} -I {person} -n {namespace} -s {signature} < statement.json"
    return subprocess.run(["sh", "-c", line], cwd=folder, capture_output=True, check=False).returncode


def test_a_stranger_checks_each_statement_in_a_shell(signed: Home, allowed: Path, tmp_path: Path):
    for folder in _folders(signed):
        copy = shutil.copytree(folder, tmp_path / "elsewhere" / folder.parent.name / folder.name)
        assert _shell(copy, allowed, "amina", PREPARE, "statement.prepared.sig") == 0
        assert _shell(copy, allowed, "dara", APPROVE, "statement.approved.sig") == 0
        assert _shell(copy, allowed, "karwan", APPROVE, "statement.approved.sig") != 0
        assert _shell(copy, allowed, "amina", APPROVE, "statement.prepared.sig") != 0
        act = acts.parse_act((copy / "statement.json").read_bytes(), copy)
        about = f"releases/{folder.parent.name}/{folder.name}/manifest.json"
        assert act.about[about] == ledger_hash(signed, folder)
        path = copy / "statement.json"
        path.write_bytes(path.read_bytes().replace(b'"amina"', b'"hana"'))
        assert _shell(copy, allowed, "amina", PREPARE, "statement.prepared.sig") != 0


@pytest.mark.parametrize("signatures", [1, 2])
def test_certificate_and_notes_say_how_many_sign_and_the_line_of_the_notes_checks_it(
    toy_protected: Path, tmp_path: Path, signatures: int
):
    home = Home(shutil.copytree(toy_protected, tmp_path / "home"))
    people = Path(invented_people.__file__).with_name("people") / "people.yml"
    with home.lock("test"):
        founding.found(home, people.read_bytes().replace(b"signatures: 2", b"signatures: %d" % signatures), people)
        toy_home.publish(proposal.lay_out(home))
    act = proposed_homes.prepare(home)
    acting.take_signature(home, act, proposed_homes.sign(act, "amina", PREPARE))
    if signatures == 2:
        acting.take_signature(home, act, proposed_homes.sign(act, "dara", APPROVE))
    (tmp_path / "allowed_signers").write_text(acts.read_people(home).allowed_signers(), encoding="utf-8")
    for folder in _folders(home):
        certificate, notes = (
            (folder / f"{name}.en.md").read_text(encoding="utf-8") for name in ("certificate", "notes")
        )
        assert ("edition.signed_by.one" in certificate) == (signatures == 1)
        [line] = [line for line in notes.splitlines() if "ssh-keygen -Y verify" in line]
        copy = shutil.copytree(folder, tmp_path / folder.parent.name)
        shutil.copy(tmp_path / "allowed_signers", copy)
        assert subprocess.run(["sh", "-c", line], cwd=copy, capture_output=True, check=False).returncode == 0


def ledger_hash(home: Home, folder: Path) -> str:
    return next(entry.manifest_sha256 for entry in ledger.entries(home) if entry.version == folder.name)


def test_a_statement_pins_the_heads_of_all_logs_and_the_statements_before(twice: Home):
    first = acts.last_done(twice)
    assert first is not None
    publish_signed(twice)
    folder = _folders(twice)[-1]
    act = acts.parse_act((folder / "statement.json").read_bytes(), folder)
    assert (act.number, act.earlier) == (2, (acts.read_act(first).sha256,))
    assert set(act.before) == set(acts_log.logs_of(twice))
    assert act.after["ledger"] == acts_log.heads(twice, ["ledger"])["ledger"]


def test_a_release_without_its_statement_is_still_whole_and_signed_by_nobody(signed: Home):
    trust = Trust(acts.read_people(signed).allowed_signers())
    folder = _folders(signed)[0]
    assert verify(folder, trust).signed
    for name in acts.STATEMENT.values():
        (folder / name).unlink()
    assert verify(folder).ok
    report = verify(folder, trust)
    assert (report.ok, report.signed, toy_home.refusal_codes(report)) == (False, False, ["statement_missing"])
