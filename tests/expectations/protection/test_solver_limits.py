"""A solver that finds nothing, or no proof within its nodes: nothing is released; the last release stays the last."""

from __future__ import annotations

import pytest

from expectations.gate import verdicts
from expectations.protection import protect_datasets
from expectations.published import ledger
from expectations.releases import release, release_listing, verification
from ingestion.home import Home
from languages.refusal import Refusal
from methods.disclosure.auditing import attacker
from methods.disclosure.rounding import additive_rounding, rounding_program
from tests.expectations import toy_home

DATASETS = ("four_ps_governorate", "four_ps_national")


@pytest.fixture
def late(released: Home) -> Home:
    """A released home with so many late cases that the year must be protected anew."""
    country = toy_home.Country()
    country.add(12, sex="F", age="Y_GE18", form="SEXUAL")
    toy_home.prepare(released, country)
    toy_home.candidate.build(released)
    return released


def _nothing(*_arguments: object) -> None:
    """Find no rounding."""


def _latest(home: Home) -> dict[str, str]:
    return {name: (home.releases / name / "latest").read_text(encoding="utf-8") for name in DATASETS}


def test_where_no_rounding_is_found_the_step_refuses_by_block_and_year_and_the_last_release_stays(
    late: Home, monkeypatch: pytest.MonkeyPatch
):
    before = _latest(late)
    monkeypatch.setattr(additive_rounding, "solve", _nothing)
    with pytest.raises(Refusal) as refusal:
        protect_datasets.protect(late)
    assert (refusal.value.code, refusal.value.where) == ("rounding_impossible", "PRT-01/COUNT+PRT-03/NUMERATOR|2023")
    assert _latest(late) == before
    for dataset in DATASETS:
        newest = release_listing.latest(late, dataset)
        assert newest is not None and verification.verify(newest.path).ok


def test_a_rounding_without_any_node_is_no_rounding(late: Home, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(rounding_program, "FEASIBLE", -1)
    with pytest.raises(Refusal, match="rounding_impossible"):
        protect_datasets.protect(late)


def test_an_audit_without_a_proof_fails_the_gate_and_nothing_follows_the_last_release(
    late: Home, monkeypatch: pytest.MonkeyPatch
):
    protect_datasets.protect(late)
    (late.candidates / "proofs.npz").unlink()
    before, lines = _latest(late), len(ledger.entries(late))
    monkeypatch.setattr(attacker, "FEASIBLE", -1)
    for dataset in DATASETS:
        (late.candidates / "audit.json").unlink(missing_ok=True)
        verdict = verdicts.examine(late, dataset)
        assert "disclosure_audit" in {rule.id for rule in verdict.rules if not rule.passed}
        with pytest.raises(Refusal) as refusal:
            release.publish(late, dataset, [toy_home.plain_voice("en")])
        assert refusal.value.code == "verdict_failed"
    assert _latest(late) == before
    assert len(ledger.entries(late)) == lines
