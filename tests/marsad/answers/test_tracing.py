"""`marsad trace`: back from a cell, forward from a file, in the reader's language; errors that say what to do."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from expectations.candidates.footprint import footprint
from expectations.candidates.received_evidence import EvidenceFile, TakenBack
from ingestion.home import Home, sha256_of_bytes
from ingestion.submissions import receipts
from ingestion.submissions.receipts import Receipt
from languages import dates
from languages.words import Words, languages
from tests.expectations import toy_home

CELL = ("indicator=PRT-03", "measure=SHARE", "ref_area=IQ-FED", "time_period=2023")
Marsad = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="module")
def house(own_released: Home) -> Home:
    """A released toy home with two receipts: one of its file, one of a file that was refused."""
    receipts.append(own_released, _receipt(toy_home.FILE, "accepted"))
    receipts.append(own_released, _receipt(b"names", "refused"))
    return own_released


def _receipt(data: bytes, verdict: receipts.Verdict) -> Receipt:
    kinds = {} if verdict == "accepted" else {"personal_header": 2}
    day = "2025-01-05"
    sha256 = sha256_of_bytes(data)
    taken = sha256 if verdict == "accepted" else ""
    return Receipt("iraq_interior_ministry", sha256, ".xlsx", verdict, 1, 1, 0, kinds, day, "", day, taken=taken)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The file as its sender still has it."""
    path = tmp_path / "copy.xlsx"
    path.write_bytes(toy_home.FILE)
    return path


@pytest.fixture
def marsad(house: Home, monkeypatch: pytest.MonkeyPatch, typed: Marsad) -> Marsad:
    monkeypatch.setenv("MARSAD_HOME", str(house.root))
    return typed


def test_a_file_is_walked_forward_and_the_document_names_each_cell(marsad: Marsad) -> None:
    code, out, _ = marsad("trace", "--file", toy_home.SUBMISSION, "--json")
    found = json.loads(out)
    assert (code, found["state"], len(found["releases"])) == (0, "counting", 2)
    cell = found["releases"][0]["cells"][0]
    assert {"indicator", "measure", "ref_area", "time_period", "sex", "obs_value", "facts"} <= set(cell)
    assert {fact for row in found["rows"] for fact in row["facts"]} == set(found["facts"])


@pytest.mark.parametrize("tag", languages())
def test_what_the_senders_copy_touched_is_told_in_each_language(marsad: Marsad, copy: Path, tag: str) -> None:
    code, out, _ = marsad("trace", "--file", str(copy), "-l", tag)
    assert code == 0
    assert all(text in out for text in (toy_home.SUBMISSION, "four_ps_national", "PRS-07/NUMERATOR"))


@pytest.mark.parametrize("tag", languages())
def test_files_that_touched_nothing_are_refused_with_a_remedy(marsad: Marsad, tag: str) -> None:
    for asked, reason in ((sha256_of_bytes(b"names"), "trace_refused_file"), ("000009-ab", "trace_unknown_file")):
        code, out, err = marsad("trace", "--file", asked, "-l", tag)
        assert (code, out, reason in err, "→" in err) == (1, "", True, True)


def test_a_share_is_walked_back_to_both_of_its_counts_by_name(marsad: Marsad) -> None:
    code, out, _ = marsad("trace", "four_ps_national", *CELL)
    assert code == 0
    assert "measure=PRT-03/NUMERATOR" in out
    assert "measure=PRT-01/COUNT" in out


@pytest.fixture
def harmed(house: Home) -> Iterator[Home]:
    """The house while something else lies in the place of what was taken of its only file."""
    path = house.taken / toy_home.SUBMISSION
    path.write_bytes(b"other bytes")
    yield house
    path.write_bytes(toy_home.FILE)


@pytest.mark.parametrize("tag", languages())
@pytest.mark.parametrize("way", [("four_ps_national", *CELL), ("--file", toy_home.SUBMISSION)])
def test_an_altered_file_is_told_in_each_language_and_fails_the_command(
    harmed: Home, marsad: Marsad, way: tuple[str, ...], tag: str
) -> None:
    code, out, _ = marsad("trace", *way, "-l", tag)
    path = f"taken/{toy_home.SUBMISSION}"
    assert (code, Words.load(tag).text("trace.file.altered", path=path) in out) == (1, True)
    assert "intact" not in out
    code, out, _ = marsad("trace", *way, "--json")
    answer = json.loads(out)
    file = answer[-1] if isinstance(answer, list) else answer["file"]
    assert (code, file["state"]) == (1, "altered")


@pytest.mark.parametrize("tag", languages())
def test_a_frozen_figure_of_an_erased_file_is_told_in_each_language_and_fails_nothing(
    marsad: Marsad, monkeypatch: pytest.MonkeyPatch, tag: str
) -> None:
    """What the walk itself finds is tested beside it; here is said what the hops mean."""
    withdrawn = {"date": "2026-03-01", "reason": "it lacked a page", "signed_by": "statistics section"}
    counted = {"measure": "PRT-02/COUNT", "count": 12, "facts": ["a"], "sha256": "0"}
    file = {"path": "taken/000001-ab", "intact": False, "sha256": "ab"}
    hops = [
        {"hop": "facts", **counted},
        {"hop": "frozen", "dataset": "four_ps_national", "printed_in": "000001-ab", "year": "2024", "sha256": "0"},
        {"hop": "today", **counted, "same": False, "added": 3, "gone": 1},
        {"hop": "today", **counted, "same": True, "added": 0, "gone": 0},
        {"hop": "today", "measure": "PRT-02/COUNT", "same": None, "sha256": "0"},
        {"hop": "submission", "evidence": "printed", "submission": "000001-ab", "withdrawn": withdrawn},
        {"hop": "file", "evidence": "printed", "state": "erased", **file},
        {"hop": "submission", "evidence": "today", "submission": "000002-cd", "withdrawn": None},
        {"hop": "file", "evidence": "today", "state": "present", **file},
    ]
    monkeypatch.setattr("expectations.candidates.lineage.trace", lambda *_: hops)
    code, out, _ = marsad("trace", "four_ps_national", *CELL, "-l", tag)
    words = Words.load(tag)
    assert code == 0
    for sentence in (
        words.text("trace.back.frozen", year="2024", version="000001-ab", dataset="four_ps_national"),
        words.text("trace.back.other", facts=12, added=3, gone=1),
        words.text("trace.back.same", facts=12),
        words.text("trace.back.unknown"),
        words.text("trace.file.erased", date=dates.day(words, "2026-03-01"), reason="it lacked a page"),
        words.text("trace.file.present"),
        words.text("trace.evidence.printed"),
        words.text("trace.evidence.today"),
    ):
        assert sentence in out
    if tag == "en":
        assert "frozen, as printed in 000001" in out
        assert "on 1 March 2026 because it lacked a page; what was taken of the file was removed on purpose" in out


def test_a_withdrawn_file_is_told_with_day_and_reason_on_the_way_forward(
    marsad: Marsad, house: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = EvidenceFile("taken/000001-ab", "erased", TakenBack("2026-03-01", "it lacked a page", "statistics section"))
    walked = replace(footprint(house, toy_home.SUBMISSION), state="withdrawn", file=gone)
    monkeypatch.setattr("expectations.candidates.footprint.footprint", lambda *_: walked)
    code, out, _ = marsad("trace", "--file", toy_home.SUBMISSION, "-l", "en")
    assert (code, "withdrawn on 1 March 2026 because it lacked a page" in out) == (0, True)
    code, out, _ = marsad("trace", "--file", toy_home.SUBMISSION, "--json")
    told = json.loads(out)["file"]
    assert (code, told["state"], told["withdrawal"]["date"]) == (0, "erased", "2026-03-01")


@pytest.mark.parametrize("words", [(), ("four_ps_national", "--file", "x")])
def test_a_question_needs_a_cell_or_a_file_and_not_both(marsad: Marsad, words: tuple[str, ...]) -> None:
    assert marsad("trace", *words)[0] == 2


def test_a_malformed_coordinate_is_told_as_one(marsad: Marsad) -> None:
    code, _, err = marsad("trace", "four_ps_national", "sex:F")
    assert (code, "trace_key" in err) == (2, True)


def test_the_senders_copy_is_not_stored_and_no_path_of_this_machine_stands_in_the_answer(
    marsad: Marsad, house: Home, copy: Path
) -> None:
    _, out, _ = marsad("trace", "--file", str(copy), "--json")
    assert json.loads(out)["submissions"] == [toy_home.SUBMISSION]
    assert str(house.root) not in out and str(copy) not in out
    assert [path.name for path in house.taken.iterdir()] == [toy_home.SUBMISSION]
