"""The way back from a figure in words: a look that is logged, its steps, rows as ranges."""

from __future__ import annotations

import pytest

from ingestion import hash_chain
from ingestion.home import Home
from ingestion.people.acts_log import read_acts
from ingestion.submissions import receipts
from languages import dates
from languages.refusal import Refusal
from languages.words import Words, languages
from marsad.answers.traced_figure import TracedFigure, group_by_sheet, trace_back, trace_forward
from tests.expectations import toy_home

CELL = {"indicator": "PRT-03", "measure": "SHARE", "ref_area": "IQ-FED", "time_period": "2023"}
DATASET = "four_ps_national"


def test_a_walk_back_is_a_look_of_the_person_and_ends_at_the_file(own_released: Home):
    receipts.append(own_released, toy_home.receipt())
    traced = trace_back(own_released, "amina", DATASET, CELL)
    last = read_acts(own_released)[-1]
    assert (last["kind"], last["person"], last["what"]) == ("looked", "amina", f"trace {DATASET} PRT-03")
    assert [hop["hop"] for hop in traced.hops][-1] == "file"
    assert not traced.is_harmed


def test_a_walk_forward_is_a_look_and_names_no_file(own_released: Home):
    receipts.append(own_released, toy_home.receipt())
    assert trace_forward(own_released, "amina", toy_home.SUBMISSION).submissions == (toy_home.SUBMISSION,)
    last = read_acts(own_released)[-1]
    assert (last["person"], last["what"]) == ("amina", "trace from a file")


def test_nobody_walks_unlogged(own_released: Home, monkeypatch: pytest.MonkeyPatch):
    def full(*_arguments: object) -> None:
        raise OSError(28, "full")

    monkeypatch.setattr(hash_chain, "append", full)
    for walk in (
        lambda: trace_back(own_released, "amina", DATASET, CELL),
        lambda: trace_forward(own_released, "amina", toy_home.SUBMISSION),
    ):
        with pytest.raises(Refusal) as refused:
            walk()
        assert refused.value.code == "look_not_logged"


@pytest.mark.parametrize("tag", languages())
def test_each_evidence_is_headed_once_and_each_file_says_its_state(tag: str):
    words = Words.load(tag)
    withdrawn = {"date": "2026-03-01", "reason": "it lacked a page", "signed_by": "statistics section"}
    hops = [
        {"hop": "submission", "evidence": "printed", "submission": "000001-ab", "withdrawn": withdrawn},
        {"hop": "file", "evidence": "printed", "state": "erased", "path": "taken/000001-ab"},
        {"hop": "submission", "evidence": "today", "submission": "000002-cd", "withdrawn": None},
        {"hop": "file", "evidence": "today", "state": "missing", "path": "taken/000002-cd"},
    ]
    traced = TracedFigure(hops)
    steps = list(traced.steps(words))
    headings = [words.text("trace.evidence.printed"), "", words.text("trace.evidence.today"), ""]
    assert [step.heading for step in steps] == headings
    assert steps[1].sentence == words.text(
        "trace.file.erased", date=dates.day(words, "2026-03-01"), reason="it lacked a page"
    )
    assert steps[3].sentence == words.text("trace.file.missing", path="taken/000002-cd")
    assert traced.is_harmed


def test_one_evidence_needs_no_heading():
    hops = [{"hop": "file", "evidence": "printed", "state": "erased", "path": "taken/000001-ab"}]
    words = Words.load("en")
    withdrawn = {"date": "2026-03-01", "reason": "a page", "signed_by": "section"}
    traced = TracedFigure([{"hop": "submission", "evidence": "printed", "withdrawn": withdrawn}, *hops])
    assert {step.heading for step in traced.steps(words)} == {""}
    assert not traced.is_harmed


@pytest.mark.parametrize(
    ("names", "ranges"),
    [
        (["a/1/s/10", "a/1/s/12", "a/1/s/11", "a/1/s/15"], {"a/1/s": "10–12, 15"}),
        (["a/1/s/2", "a/1/t/2"], {"a/1/s": "2", "a/1/t": "2"}),
        (["k01:ab|k01:cd", "a/1/s/8/L"], {"k01:ab|k01:cd": "", "a/1/s/8/L": ""}),
        ([], {}),
    ],
)
def test_rows_of_a_sheet_stand_as_ranges_and_other_names_alone(names: list[str], ranges: dict[str, str]):
    assert group_by_sheet(names) == ranges
