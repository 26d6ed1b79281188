"""What decides whether a kept audit still counts: the code that audits, the lock, the solvers."""

from __future__ import annotations

from pathlib import Path

import pytest

from expectations.gate import disclosure_audit


def test_another_lock_asks_every_audit_again(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    before = disclosure_audit.code_hash()
    other = tmp_path / "requirements.lock"
    other.write_bytes(disclosure_audit.REQUIREMENTS.read_bytes() + b"\n")
    assert disclosure_audit.code_hash() == before
    monkeypatch.setattr(disclosure_audit, "REQUIREMENTS", other)
    assert disclosure_audit.code_hash() != before
