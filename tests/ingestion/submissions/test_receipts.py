"""Receipts: chained, complete, and silent about the file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ingestion import hash_chain, intake_lock
from ingestion.home import Home
from ingestion.submissions import files_in_force, receipts
from ingestion.submissions.receipts import Receipt, Verdict
from languages.refusal import Refusal


@pytest.fixture
def home(tmp_path: Path):
    return Home.at(tmp_path).open()


def add(home: Home, letter: str = "a", verdict: Verdict = "accepted"):
    with intake_lock.lock(home):
        return receipts.append(
            home,
            Receipt(
                source="unodc_glotip",
                sha256=letter * 64,
                file_suffix=".xlsx",
                verdict=verdict,
                rows_in=3,
                rows_landed=2,
                rows_quarantined=1,
                kinds={"unknown_code": 1},
                letter_date="",
                letter_number="",
                received_at="2025-06-01",
            ),
        )


def test_a_new_home_has_no_receipts(home: Home):
    assert receipts.read_receipts(home) == []
    assert receipts.verify_chain(home) == []


def test_receipts_are_numbered_and_each_names_the_one_before(home: Home):
    first, second = add(home), add(home, "b", "refused")
    assert receipts.read_receipts(home) == [first, second]
    assert (first.submission, second.submission) == ("000001-aaaaaaaaaaaa", "")
    assert second.prev == first.hash


@pytest.mark.parametrize("change", ["edit", "remove", "swap", "garbage"])
def test_a_changed_line_or_a_missing_one_is_found(home: Home, change: str):
    for letter in "abc":
        add(home, letter)
    lines = home.receipts.read_text(encoding="utf-8").splitlines()
    if change == "edit":
        lines[1] = lines[1].replace('"rows_landed": 2', '"rows_landed": 3')
    elif change == "remove":
        del lines[1]
    elif change == "swap":
        lines[0], lines[1] = lines[1], lines[0]
    else:
        lines[1] = "{}"
    home.receipts.write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert receipts.verify_chain(home)
    with pytest.raises(Refusal) as refused:
        receipts.read_receipts(home)
    assert refused.value.code == "receipts_broken"


def test_a_line_torn_by_a_killed_process_was_never_given_and_is_cut(home: Home):
    first = add(home)
    with home.receipts.open("a", encoding="utf-8") as stream:
        stream.write('{"n": 2, "so')
    assert receipts.read_receipts(home) == [first]
    second = add(home, "b")
    assert receipts.read_receipts(home) == [first, second]


def test_no_finding_and_no_file_name_is_stored(home: Home):
    add(home)
    assert set(json.loads(home.receipts.read_text(encoding="utf-8"))) == {
        "n", "prev", "hash", "source", "sha256", "file_suffix", "verdict", "rows_in", "rows_landed",
        "rows_quarantined", "kinds", "letter_date", "letter_number", "received_at", "submission", "periods",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("name", "kept"), [("A.XLSX", ".xlsx"), ("a.csv", ".csv"), ("export.سلمان", ""), ("a.xlsm", ""), ("زيد", "")]
)
def test_only_the_ending_of_a_known_kind_of_file_is_kept(name: str, kept: str):
    assert receipts.suffix_of(name) == kept


@pytest.mark.parametrize(
    "forged",
    [
        {"periods": None},
        {"periods": {"victims": None}},
        {"periods": {"victims": 2024}},
        {"covers": {"victims": {"2024": "half"}}},
        {"changes": []},
        {"received_at": "yesterday"},
        {"received_at": 20240101},
        {"letter_date": "2024-13-01"},
        {"source": 1},
        {"withdraws": ["000001"]},
    ],
)
def test_a_line_that_is_no_receipt_is_a_broken_line_though_its_chain_holds(home: Home, forged: dict[str, Any]):
    add(home)
    stored = json.loads(home.receipts.read_text(encoding="utf-8"))
    home.receipts.write_bytes(b"")
    hash_chain.append(home.receipts, stored | forged, 0, "")
    assert receipts.verify_chain(home) == ["1"]
    with pytest.raises(Refusal, match="receipts_broken"):
        files_in_force.counting_receipts(home)


def test_a_last_line_that_was_taken_out_is_found(home: Home):
    for letter in "abc":
        add(home, letter)
    lines = home.receipts.read_text(encoding="utf-8").splitlines(keepends=True)
    home.receipts.write_text("".join(lines[:-1]), encoding="utf-8")
    assert receipts.verify_chain(home) == ["3"]
    home.receipts.unlink()
    assert receipts.verify_chain(home) == ["1"]


@pytest.mark.parametrize("lines", [1, 2, 3])
def test_a_head_that_a_killed_process_left_one_line_behind_is_put_right_by_the_next(home: Home, lines: int):
    head = home.receipts.with_suffix(".head")
    for letter in "abc"[: lines - 1]:
        add(home, letter)
    before = head.read_bytes() if lines > 1 else None
    add(home, "d")
    right = head.read_bytes()
    head.unlink() if before is None else head.write_bytes(before)
    with intake_lock.lock(home):
        assert head.read_bytes() == right


@pytest.mark.parametrize("behind", ["two lines", "another line", "a line too many"])
def test_a_head_is_put_right_over_its_next_line_and_over_nothing_else(home: Home, behind: str):
    head, heads = home.receipts.with_suffix(".head"), list[bytes]()
    for letter in "abc":
        add(home, letter)
        heads.append(head.read_bytes())
    if behind == "two lines":
        head.write_bytes(heads[0])
    elif behind == "another line":
        head.write_bytes(heads[1])
        home.receipts.write_text(home.receipts.read_text(encoding="utf-8").replace('"c' + "c" * 63, '"d' + "d" * 63))
    else:
        lines = home.receipts.read_text(encoding="utf-8").splitlines(keepends=True)
        home.receipts.write_text("".join(lines[:-1]), encoding="utf-8")
    before = head.read_bytes()
    with intake_lock.lock(home):
        assert head.read_bytes() == before
