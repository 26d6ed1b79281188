"""What a home's next step is, and that each refusal whose remedy is that step asks for it."""

from __future__ import annotations

from pathlib import Path

import pytest

from assets import stages
from expectations.gate import stored_verdict
from expectations.releases import proposal
from ingestion import intake_lock
from ingestion.home import Home
from ingestion.people.acts import ACT, pending
from ingestion.people.roster import PREPARE, roster_path
from ingestion.submissions import receipts
from languages.refusal import Refusal
from languages.words import Words, languages
from marsad.answers import acting
from marsad.answers.answer_forms import OF_THE_STATE, refusal_texts
from marsad.answers.next_step import describe_next_step, find_next_step
from samples import invented_people
from tests.expectations import proposed_homes
from tests.expectations.proposed_homes import MadeOnce
from tests.marsad.conftest import Marsad

DATASET = "four_ps_national"


@pytest.fixture
def waiting(made_once: MadeOnce, toy_protected: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    home = proposed_homes.waiting_home(made_once, toy_protected, tmp_path / "home")
    monkeypatch.setenv("MARSAD_HOME", str(home.root))
    return home


def _receive(home: Home) -> None:
    line = receipts.Receipt("iraq_interior_ministry", "a" * 64, ".xlsx", "accepted", 1, 1, 0, {}, "", "", "2025-01-01")
    with intake_lock.lock(home):
        receipts.append(home, line)


def _remember(home: Home) -> None:
    stages.record_stages(home, stages.STAGE_NAMES, stages.hashes_before_run(home))


def test_a_home_that_is_not_there_yet_or_received_nothing_receives(tmp_path: Path):
    assert find_next_step(Home(tmp_path / "none")).name == "receive"
    assert not (tmp_path / "none").exists()
    assert find_next_step(Home(tmp_path / "new").open()).name == "receive"


def test_what_was_received_and_not_computed_is_built(tmp_path: Path):
    home = Home(tmp_path / "home").open()
    _receive(home)
    assert find_next_step(home).name == "build"


def test_what_is_computed_and_decided_leaves_nothing_to_do(tmp_path: Path):
    home = Home(tmp_path / "home").open()
    _receive(home)
    _remember(home)
    assert find_next_step(home).name == "nothing"


def test_what_waits_is_prepared_by_who_may_then_signed_by_who_may(waiting: Home):
    step = find_next_step(waiting)
    assert (step.name, invented_people.PREPARER in step.arguments["people"]) == ("approve", True)
    folder = proposed_homes.prepare(waiting)
    assert find_next_step(waiting).name == "sign"
    assert find_next_step(waiting).arguments["people"] == invented_people.PREPARER
    acting.take_signature(waiting, folder, proposed_homes.sign(folder, invented_people.PREPARER, PREPARE))
    step = find_next_step(waiting)
    assert (step.name, invented_people.APPROVER in step.arguments["people"]) == ("sign", True)
    assert invented_people.PREPARER not in step.arguments["people"].split(", ")


def test_what_was_proposed_in_a_house_without_people_waits_for_people(waiting: Home):
    roster_path(waiting).unlink()
    assert find_next_step(waiting).name == "found"


def test_what_the_gate_refused_is_corrected(own_released: Home, monkeypatch: pytest.MonkeyPatch):
    _receive(own_released)
    monkeypatch.setattr(stored_verdict.Verdict, "passed", False)
    _remember(own_released)
    step = find_next_step(own_released)
    assert (step.name, DATASET in step.arguments["dataset"]) == ("correct", True)


def test_a_home_that_cannot_be_read_is_examined(waiting: Home):
    act = proposed_homes.prepare(waiting) / ACT
    act.write_bytes(b"{")
    assert pending(waiting)
    assert find_next_step(waiting).name == "doctor"


def test_a_proposal_of_before_is_built_anew(waiting: Home, monkeypatch: pytest.MonkeyPatch):
    def refuse(_home: Home) -> None:
        raise Refusal("act_of_before", where="proposal")

    monkeypatch.setattr(proposal, "additions", refuse)
    assert find_next_step(waiting).name == "build"


@pytest.mark.parametrize("tag", languages())
@pytest.mark.parametrize("code", sorted(OF_THE_STATE))
def test_each_refusal_of_the_state_names_the_next_step(waiting: Home, code: str, tag: str):
    words = Words.load(tag)
    _, remedy = refusal_texts(Refusal(code, where="a place"), words)
    assert describe_next_step(waiting, words) in remedy
    assert "marsad build" not in remedy
    _, on_page = refusal_texts(Refusal(code, where="a place"), words, by_page=True)
    assert describe_next_step(waiting, words, by_page=True) in on_page
    assert "marsad approve" not in on_page


@pytest.mark.parametrize("command", [("report",), ("trace", DATASET, "indicator=PRT-02")])
def test_no_command_sends_who_waits_for_signatures_to_build(typed: Marsad, waiting: Home, command: tuple[str, ...]):
    code, _, err = typed(*command)
    assert code != 0
    assert "marsad build" not in err
    assert "marsad approve" in err
