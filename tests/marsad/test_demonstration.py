"""The order of the demo: what is in the house at each build, and that a killed demo goes on where it stopped."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from ingestion.home import Home
from ingestion.submissions import receipts
from languages.words import Words
from marsad import demonstration
from samples.bodies.sight import INTERIOR, KURDISTAN
from samples.life import country

Seen = list[tuple[str, int, bool]]  # at each build: newest letter, files of the interior ministry, whether a region's


SMALL = country.invent(first_year=2024, last_year=2025)


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> Seen:
    """What stands in the house at each build, of a small country; nothing is built."""
    found: Seen = []

    def look(home: Home, *, progress: Callable[[str], None], until: str) -> SimpleNamespace:
        alive = receipts.live(home)
        sources = [one.source for one in alive]
        if until == "releases":
            found.append((max(one.letter_date for one in alive), sources.count(INTERIOR), KURDISTAN in sources))
        return SimpleNamespace(passed=True)

    monkeypatch.setattr(demonstration, "build", look)
    monkeypatch.setattr(demonstration, "_where_to_look", lambda home, words: None)
    monkeypatch.setattr(demonstration, "_print_beside", lambda home: None)
    return found


def _run(home: Home) -> bool:
    return demonstration.run(home, Words.load("en"), lambda _step: None, lambda: SMALL)


def test_the_mistaken_file_counts_in_the_first_round_and_the_region_is_new_in_the_second(seen: Seen, tmp_path: Path):
    assert _run(Home.at(tmp_path))
    assert [(count, has_region) for _, count, has_region in seen] == [(2, False), (2, True)]
    assert seen[0][0] <= demonstration.ROUNDS[0].isoformat() < seen[1][0]
    before = (tmp_path / "receipts.jsonl").read_bytes()
    assert _run(Home.at(tmp_path))
    assert (tmp_path / "receipts.jsonl").read_bytes() == before


def test_a_demo_killed_before_the_withdrawal_never_builds_with_the_mistaken_file_again(
    seen: Seen, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    with monkeypatch.context() as killed:
        killed.setattr(demonstration, "withdraw", _killed)
        with pytest.raises(KeyboardInterrupt):
            _run(Home.at(tmp_path))
    with monkeypatch.context() as killed:
        killed.setattr(demonstration, "build", _killed)
        with pytest.raises(KeyboardInterrupt):
            _run(Home.at(tmp_path))
    assert _run(Home.at(tmp_path))
    assert [(count, has_region) for _, count, has_region in seen] == [(2, False), (2, True)]
    assert sum(one.verdict == "withdrawn" for one in receipts.read(Home.at(tmp_path))) == 1


def test_newspapers_print_what_the_last_round_released_before_its_report_is_written(
    seen: Seen, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    told: list[str] = []

    def built(home: Home, *, progress: Callable[[str], None], until: str) -> SimpleNamespace:
        told.append(until)
        return SimpleNamespace(passed=True)

    monkeypatch.setattr(demonstration, "build", built)
    monkeypatch.setattr(demonstration, "_print_beside", lambda home: told.append("newspapers"))
    assert _run(Home.at(tmp_path))
    assert told == ["releases", "reports", "releases", "newspapers", "reports"]


def _killed(*_: object, **__: object) -> None:
    raise KeyboardInterrupt
