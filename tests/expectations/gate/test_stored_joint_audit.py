"""One joint audit serves the gates of one build; whatever changes since, the next gate asks anew."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from expectations.cards.cells import parquet_bytes, read_parquet
from expectations.gate import verdicts
from expectations.gate.stored_joint_audit import joint_audit_path
from ingestion.home import Home

GOVERNORATE, NATIONAL = "four_ps_governorate", "four_ps_national"


@pytest.fixture
def audits(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """One entry for each joint audit that was made."""
    made: list[str] = []
    examine_final = verdicts.examine_final

    def counted(*arguments: object) -> object:
        made.append("an audit")
        return examine_final(*arguments)  # pyright: ignore[reportArgumentType]

    monkeypatch.setattr(verdicts, "examine_final", counted)
    return made


def test_the_second_gate_takes_the_audit_of_the_first_and_judges_as_one_that_asked(protected: Home, audits: list[str]):
    verdicts.examine(protected, GOVERNORATE)
    judged = verdicts.examine(protected, NATIONAL)
    assert len(audits) == 1
    joint_audit_path(protected).unlink()
    assert verdicts.examine(protected, NATIONAL) == judged
    assert len(audits) == 2


def _edit(home: Home) -> None:
    path = joint_audit_path(home)
    path.write_bytes(path.read_bytes().replace(b'"strays": []', b'"strays": [ ]'))


def _lose_the_seal(home: Home) -> None:
    path = joint_audit_path(home)
    path.with_name(path.name + ".seal").unlink()


def _forget_the_answers(home: Home) -> None:
    (home.candidates / "audit.json").unlink()


def _touch_the_ledger(home: Home) -> None:
    home.ledger.mkdir(exist_ok=True)
    (home.ledger / "a_line_more").write_text("-", encoding="ascii")


def _change_a_final_file(home: Home) -> None:
    path = home.candidates / NATIONAL / "final" / "data.parquet"
    frame = read_parquet(path.read_bytes())
    path.write_bytes(parquet_bytes(frame.iloc[1:]))


@pytest.mark.parametrize(
    "change", [_edit, _lose_the_seal, _forget_the_answers, _touch_the_ledger, _change_a_final_file]
)
def test_after_any_change_the_next_gate_asks_anew(protected: Home, audits: list[str], change: Callable[[Home], None]):
    verdicts.examine(protected, GOVERNORATE)
    change(protected)
    verdicts.examine(protected, GOVERNORATE)
    assert len(audits) == 2


def test_nobody_else_may_read_the_kept_audit(protected: Home):
    verdicts.examine(protected, GOVERNORATE)
    assert joint_audit_path(protected).stat().st_mode & 0o077 == 0
