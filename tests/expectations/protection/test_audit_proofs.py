"""What protection found is handed to the gate, which checks it; without it the gate finds the same by itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from expectations.gate import verdicts
from expectations.gate.stored_joint_audit import joint_audit_path
from expectations.protection import protect_datasets
from expectations.protection.audit_proofs import read_proofs, write_proofs
from ingestion.home import Home
from methods.disclosure.auditing.attacker import Attacker

GOVERNORATE = "four_ps_governorate"


def _without_answers(home: Home) -> None:
    (home.candidates / "audit.json").unlink(missing_ok=True)
    joint_audit_path(home).unlink(missing_ok=True)


def _proofs(home: Home) -> Path:
    return home.candidates / "proofs.npz"


def test_the_verdict_is_the_same_with_the_proofs_without_them_and_with_a_broken_seal(protected: Home):
    _without_answers(protected)
    with_proofs = verdicts.examine(protected, GOVERNORATE)
    data = _proofs(protected).read_bytes()
    _proofs(protected).write_bytes(data + b" ")
    assert read_proofs(protected) == {}
    _without_answers(protected)
    assert verdicts.examine(protected, GOVERNORATE) == with_proofs
    _proofs(protected).unlink()
    _without_answers(protected)
    assert verdicts.examine(protected, GOVERNORATE) == with_proofs


def test_the_gate_searches_nothing_that_is_proven(protected: Home, monkeypatch: pytest.MonkeyPatch):
    programmes: list[int] = []
    solved = Attacker._solve_whole  # pyright: ignore[reportPrivateUsage]

    def counted(*arguments: object) -> object:
        programmes.append(1)
        return solved(*arguments)  # pyright: ignore[reportArgumentType]

    monkeypatch.setattr(Attacker, "_solve_whole", counted)
    _without_answers(protected)
    verdicts.examine(protected, GOVERNORATE)
    proven = len(programmes)
    _proofs(protected).unlink()
    _without_answers(protected)
    verdicts.examine(protected, GOVERNORATE)
    assert proven < (len(programmes) - proven) / 2


def test_proofs_come_back_as_they_were_written_and_nobody_else_may_read_them(protected: Home):
    proofs = read_proofs(protected)
    assert proofs
    assert _proofs(protected).stat().st_mode & 0o077 == 0
    before = _proofs(protected).read_bytes()
    write_proofs(protected, proofs)
    assert _proofs(protected).read_bytes() == before


def test_a_year_that_stays_as_it_is_keeps_its_proof(released: Home):
    before = read_proofs(released)
    report = protect_datasets.protect(released)
    assert {one.state for one in report.outcomes} == {"unchanged"}
    assert before
    assert read_proofs(released).keys() == before.keys()
