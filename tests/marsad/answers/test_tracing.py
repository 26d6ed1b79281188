"""`marsad trace`: back from a cell, forward from a file, in the reader's language; errors that say what to do."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from ingestion.home import Home, sha256_of_bytes
from ingestion.submissions import receipts
from ingestion.submissions.receipts import Receipt
from languages.words import languages
from marsad.command import main
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
    return Receipt("iraq_interior_ministry", sha256_of_bytes(data), ".xlsx", verdict, 1, 1, 0, kinds, day, "", day)


@pytest.fixture
def marsad(house: Home, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Marsad:
    monkeypatch.setenv("MARSAD_HOME", str(house.root))

    def run(*words: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["marsad", *words])
        with pytest.raises(SystemExit) as left:
            main()
        captured = capsys.readouterr()
        return int(left.value.code or 0), captured.out, captured.err

    return run


def test_a_file_is_walked_forward_and_the_document_names_each_cell(marsad: Marsad) -> None:
    code, out, _ = marsad("trace", "--file", toy_home.SUBMISSION, "--json")
    found = json.loads(out)
    assert (code, found["state"], len(found["releases"])) == (0, "counting", 2)
    cell = found["releases"][0]["cells"][0]
    assert {"indicator", "measure", "ref_area", "time_period", "sex", "obs_value", "facts"} <= set(cell)
    assert {fact for row in found["rows"] for fact in row["facts"]} == set(found["facts"])


@pytest.mark.parametrize("tag", languages())
def test_what_a_file_touched_is_told_in_each_language(marsad: Marsad, house: Home, tag: str) -> None:
    code, out, _ = marsad("trace", "--file", str(house.received / sha256_of_bytes(toy_home.FILE)), "-l", tag)
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


@pytest.mark.parametrize("words", [(), ("four_ps_national", "--file", "x")])
def test_a_question_needs_a_cell_or_a_file_and_not_both(marsad: Marsad, words: tuple[str, ...]) -> None:
    assert marsad("trace", *words)[0] == 2


def test_a_malformed_coordinate_is_told_as_one(marsad: Marsad) -> None:
    code, _, err = marsad("trace", "four_ps_national", "sex:F")
    assert (code, "trace_key" in err) == (2, True)


def test_no_path_of_this_machine_stands_in_the_answer_of_a_file(marsad: Marsad, house: Home) -> None:
    _, out, _ = marsad("trace", "--file", str(Path(house.received) / sha256_of_bytes(toy_home.FILE)), "--json")
    assert str(house.root) not in out
