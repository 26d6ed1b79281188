"""The order of the demo: what is in the house at each build, and that a killed demo goes on where it stopped."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from assets.building import BuildReport
from ingestion.home import Home
from ingestion.persons import link_store
from ingestion.submissions import receipts
from languages.refusal import Refusal
from languages.words import Words
from marsad import demonstration
from samples import views, workbooks
from samples.bodies.sight import INTERIOR, KURDISTAN
from samples.life import country

Seen = list[tuple[str, int, bool]]  # at each build: newest letter, files of the interior ministry, whether a region's


SMALL = country.invent_country(first_year=2024, last_year=2025, size=0.1)
PASSED = BuildReport(())


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> Seen:
    """What stands in the house at each build, of the two bodies of a small country that are asked about."""
    asked = [one for one in views.deliveries(SMALL) if one.source in (INTERIOR, KURDISTAN)]
    monkeypatch.setattr(workbooks, "deliveries", lambda _country: asked)
    found: Seen = []

    def look(home: Home, *, progress: Callable[[str], None], until: str) -> SimpleNamespace:
        alive = receipts.live_receipts(home)
        sources = [one.source for one in alive]
        if until in ("releases", "estimates"):
            found.append((max(one.letter_date for one in alive), sources.count(INTERIOR), KURDISTAN in sources))
        return PASSED

    monkeypatch.setattr(demonstration, "build", look)
    monkeypatch.setattr(demonstration, "prepare", lambda home: None)
    monkeypatch.setattr(demonstration, "is_loaded", lambda: True)  # a process of its own a round costs a second each
    monkeypatch.setattr(demonstration, "_link_records", lambda *_: PASSED)
    monkeypatch.setattr(demonstration, "_lay_out_newspapers", lambda home: None)
    monkeypatch.setattr(demonstration, "_publish_report", lambda *_: None)
    return found


def _run(home: Home) -> bool:
    return demonstration.run(home, Words.load("en"), lambda _step: None, lambda: SMALL).passed


def test_the_mistaken_file_counts_in_the_first_round_and_the_region_is_new_in_the_second(
    seen: Seen, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(demonstration, "is_loaded", lambda: False)  # files come in by the process of the senders
    assert _run(Home.at(tmp_path))
    assert [(count, has_region) for _, count, has_region in seen] == [(2, False), (3, True)]
    assert seen[0][0] <= demonstration.ROUNDS[0].isoformat() < seen[1][0]
    before = (tmp_path / "receipts.jsonl").read_bytes()
    assert _run(Home.at(tmp_path))
    assert (tmp_path / "receipts.jsonl").read_bytes() == before


def test_a_process_that_has_loaded_the_graph_receives_by_itself_and_another_one_beside_its_loading(
    seen: Seen, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    used: list[str] = []

    def apart(*_: object, meanwhile: str) -> contextlib.nullcontext[None]:
        used.append("apart")
        return contextlib.nullcontext()

    monkeypatch.setattr(demonstration.senders, "receive_apart", apart)
    monkeypatch.setattr(demonstration.senders, "receive_here", lambda *_: used.append("here"))
    monkeypatch.setattr(demonstration, "_refuse_other_years", lambda *_: None)
    monkeypatch.setattr(demonstration, "_take_back", lambda *_: None)
    monkeypatch.setattr(demonstration, "build", lambda *_, **__: PASSED)
    answers = iter((False, True))
    monkeypatch.setattr(demonstration, "is_loaded", lambda: next(answers))
    assert _run(Home.at(tmp_path))
    assert used == ["apart", "here"]


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
    assert [(count, has_region) for _, count, has_region in seen] == [(2, False), (3, True)]
    assert sum(one.verdict == "withdrawn" for one in receipts.read_receipts(Home.at(tmp_path))) == 1


def test_newspapers_print_what_the_last_round_released_before_its_report_is_written_and_published(
    seen: Seen, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    told: list[str] = []

    def built(home: Home, *, progress: Callable[[str], None], until: str) -> SimpleNamespace:
        told.append(until)
        return PASSED

    monkeypatch.setattr(demonstration, "build", built)
    monkeypatch.setattr(demonstration, "_lay_out_newspapers", lambda home: told.append("newspapers"))
    monkeypatch.setattr(demonstration, "_publish_report", lambda *_: told.append("published"))
    assert _run(Home.at(tmp_path))
    assert told == ["releases", "estimates", "newspapers", "reports", "published"]


def test_the_last_round_may_end_with_its_verdicts_and_then_nothing_is_reported(seen: Seen, tmp_path: Path):
    told: list[str] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(demonstration, "build", lambda *_, until, **__: told.append(until) or PASSED)
        patch.setattr(demonstration, "_link_records", lambda *_: PASSED)
        patch.setattr(demonstration, "_send_files", lambda *_: None)
        arguments = (Home.at(tmp_path), Words.load("en"), lambda _step: None, lambda: SMALL)
        assert demonstration.run(*arguments, until="gates").passed
    assert told == ["releases", "gates"]


def test_what_was_sent_lands_before_it_is_linked_and_is_linked_once_with_codes_from_outside_of_the_home(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    home, told = Home.at(tmp_path / "home").open(invented=True), []

    def run(_home: Home, codes: list[Path], **asked: object) -> SimpleNamespace:
        told.append(asked)
        assert codes
        assert all(path.is_file() and not path.is_relative_to(home.root) for path in codes)
        link_store.write(home, [])
        return SimpleNamespace(counts={"records": 1, "coded": 1, "pairs": 0, "doubtful": 0})

    monkeypatch.setattr(demonstration.linking, "run", run)
    monkeypatch.setattr(demonstration, "build", lambda *_, until, **__: told.append(until) or PASSED)
    monkeypatch.setattr(demonstration.invented_clerks, "read_pairs", lambda *_: told.append("read"))
    for _ in range(2):
        assert demonstration._link_records(home, SMALL, Words.load("en"), lambda _step: None).passed
    assert told == ["landing", {"since": 2025, "shapes": ("victims",)}, "read", "landing", "read"]


def test_a_demo_of_other_years_is_refused_in_the_home_of_one_and_changes_nothing(seen: Seen, tmp_path: Path):
    assert _run(Home.at(tmp_path))
    before = (tmp_path / "receipts.jsonl").read_bytes()
    other = country.invent_country(first_year=2023, last_year=2025)
    with pytest.raises(Refusal) as refused:
        demonstration.run(Home.at(tmp_path), Words.load("en"), lambda _step: None, lambda: other)
    assert refused.value.code == "demo_of_other_years"
    assert (tmp_path / "receipts.jsonl").read_bytes() == before


def test_the_country_of_the_demo_has_the_years_that_were_asked_for_up_to_the_last_round():
    found = demonstration.country_of(2)
    assert (found.first_year, found.last_year) == (2024, 2025)


def _killed(*_: object, **__: object) -> None:
    raise KeyboardInterrupt
