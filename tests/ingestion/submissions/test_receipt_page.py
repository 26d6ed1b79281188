"""The receipt as a page: in three languages, on one sheet, with sums that hold and nothing of a cell.

After a wanted change: `python tests/ingestion/submissions/test_receipt_page.py` writes the golden files anew.
"""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from ingestion.findings import Finding, kind_in_words
from ingestion.submissions.files_in_force import FileInForce
from ingestion.submissions.receipt_page import as_json, receipt_page
from ingestion.submissions.receipt_state import HeldRows, ReceiptState
from ingestion.submissions.receipts import Receipt
from languages.refusal import Refusal
from languages.words import Words, languages, placeholders
from tests.ingestion.read_pages import assert_fetches_and_runs_nothing, assert_runs_in_its_direction, read_page

GOLDEN = Path(__file__).parents[1] / "golden"
TAGS = languages()
SHEET = "الضحايا"


def invented(**changes: object) -> Receipt:
    """An ordinary receipt: a corrected file with five kinds of findings."""
    unknown = {"column": "الجنسية", "nearest": "عراقية", "read": "عراقيه"}
    findings = (
        Finding("quarantine", "required_missing", SHEET, "D7", {"column": "المحافظة", "expected": "ديالى"}),
        *(Finding("flag", "unknown_code", SHEET, f"H{row}", unknown) for row in range(5, 20)),
        Finding("flag", "replaces_period", arguments={"period": "2024", "before": "118", "after": "121"}),
        Finding("flag", "older_letter", arguments={"period": "2023", "number": "9", "date": "2025-03-04"}),
        Finding("quarantine", "date_ambiguous", "القضايا", "C12", {"column": "تاريخ الإخبار", "read": "5/7/2024"}),
    )
    receipt = Receipt(
        source="iraq_interior_ministry",
        sha256=hashlib.sha256(b"a file").hexdigest(),
        file_suffix=".xlsx",
        verdict="accepted",
        rows_in=1250,
        rows_landed=1248,
        rows_quarantined=2,
        kinds={"date_ambiguous": 1, "older_letter": 1, "replaces_period": 1, "required_missing": 1, "unknown_code": 15},
        letter_date="2025-03-03",
        letter_number="1187",
        received_at="2025-03-05",
        periods={"cases": {"2023": 1, "2024": 40}, "victims": {"2024": 81}},
        submission="000017-0123456789ab",
        n=17,
        prev=hashlib.sha256(b"the receipt before").hexdigest(),
        hash=hashlib.sha256(b"this receipt").hexdigest(),
        findings=findings,
    )
    return replace(receipt, **changes)


def state_of_home(receipt: Receipt) -> ReceiptState:
    """Of 2024 a file of each half counts, of 2023 this one alone; three rows wait."""
    earlier = replace(receipt, n=9, periods={"victims": {"2024": 44}})
    of_2024 = [FileInForce(earlier, {"victims": 44}, "beside"), FileInForce(receipt, receipt_rows(receipt), "beside")]
    held = (HeldRows(SHEET, ((7, 7), (9, 10))), HeldRows("", ((12, 12),)))
    return ReceiptState({"2023": [FileInForce(receipt, {"cases": 1}, "last")], "2024": of_2024}, 21, held)


def receipt_rows(receipt: Receipt) -> dict[str, int]:
    return {shape: periods["2024"] for shape, periods in receipt.periods.items() if "2024" in periods}


def page(tag: str, **changes: object) -> str:
    receipt = invented(**changes)
    return receipt_page(receipt, Words.load(tag), state_of_home(receipt), is_invented=False)


@pytest.mark.parametrize("tag", TAGS)
def test_the_page_is_the_reviewed_one(tag: str):
    assert page(tag) == (GOLDEN / f"receipt.{tag}.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("tag", TAGS)
def test_the_page_runs_in_the_direction_of_its_language_and_says_that_it_awaits_review(tag: str):
    assert_runs_in_its_direction(page(tag), tag)


def test_nothing_is_fetched_and_nothing_runs():
    assert_fetches_and_runs_nothing(page("ar"))


def test_the_page_tells_fingerprints_number_letter_and_a_sum_that_holds():
    text, receipt = read_page(page("en")), invented()
    for fingerprint in (receipt.sha256, receipt.prev, receipt.hash):
        assert fingerprint in text.replace(" ", "")
    assert "No. 17" in text
    assert "No. 1187 of 3 March 2025" in text
    assert "1,250 = 1,248 + 2" in text


def test_years_are_told_with_their_tables_and_what_they_stand_in_place_of():
    text = read_page(page("en"))
    assert "2023 القضايا : 1 nothing earlier" in text
    assert "2024 القضايا : 40 · الضحايا : 81 earlier rows: 118" in text


def test_the_file_in_force_and_why_and_the_held_rows_stand_on_every_receipt():
    for text in (read_page(page("en")), read_page(page("en", findings=(), verdict="known"))):
        assert "No. 17 (this file): it came last of the files for this year" in text
        assert "No. 9: it came last for its part of the year; other files are for other parts" in text
        assert "As of receipt 21" in text
        assert "Rows held back: الضحايا: 7, 9–10 · a sheet whose name is not repeated: 12" in text


def test_findings_are_gathered_by_kind_with_places_and_remedy_but_without_what_was_read():
    text = read_page(page("en"))
    assert "الضحايا: H5 H6 H7" in text
    assert "and 7 more" in text
    assert text.count("The word in “الجنسية” is not in the list") == 1
    assert text.index("row held back") < text.index("note ")
    assert "عراقيه" not in text
    assert "5/7/2024" not in text


def test_what_a_file_says_is_never_markup():
    html = page(
        "en", findings=(Finding("flag", "unknown_column", "<b>x</b>", "A1", {"column": "<i>", "nearest": "&"}),)
    )
    assert "<b>x</b>" not in html
    assert "&lt;b&gt;x&lt;/b&gt;" in html


def test_a_refused_file_shows_no_rows_and_no_years():
    refused = {"verdict": "refused", "rows_in": 0, "rows_landed": 0, "rows_quarantined": 0, "periods": {}}
    html = page("en", **refused, submission="", findings=(Finding("refuse", "encrypted", SHEET, "C4"),))
    text = read_page(html)
    assert "Refused: nothing of this file was taken in" in text
    assert "are not counted" in text
    assert "What the file covers" not in text
    assert "Submission" not in text


@pytest.mark.parametrize("tag", TAGS)
def test_a_receipt_from_the_register_tells_kinds_without_places(tag: str):
    words = Words.load(tag)
    text = read_page(page(tag, verdict="known", findings=(), kinds={"encrypted": 3, "unknown_code": 1}))
    assert read_page(words.text("receipt.findings_before")) in text
    assert read_page(words.text("finding.encrypted")) in text
    assert read_page(words.text("finding.unknown_code.kind")) in text
    assert "unknown_code" not in text


def test_a_kind_without_a_text_is_never_printed_as_a_code():
    with pytest.raises(Refusal) as refused:
        page("en", findings=(), kinds={"of_nobody": 2})
    assert refused.value.code == "message_missing"


@pytest.mark.parametrize("tag", TAGS)
def test_every_kind_of_finding_has_a_text_without_places(tag: str):
    words = Words.load(tag)
    kinds = {key.split(".")[1] for key in words.messages if key.startswith("finding.")}
    assert kinds >= {"duplicate_row", "date_order_contradicted", "period_outside_file"}
    for kind in sorted(kinds):
        message, _ = kind_in_words(kind, words)
        assert not placeholders(message), kind


def test_a_receipt_from_the_register_tells_what_it_replaced_by_its_changes():
    changes = {"cases": {"2024": {"added": 3, "gone": 8, "changed": 10, "unchanged": 100, "fields": {}}}}
    words = Words.load("en")
    fresh, stored = page("en"), page("en", findings=(), changes=changes)
    assert words.text("receipt.replaces_rows", count=118) in fresh
    assert words.text("receipt.replaces_rows", count=118) in stored
    assert words.text("receipt.replaces_nothing") in page("en", findings=())


def test_a_first_receipt_without_letter_and_findings_says_so():
    text = read_page(page("en", n=1, prev="0" * 64, letter_date="", letter_number="", findings=(), kinds={}))
    for said in ("this is the first", "none was named", "Nothing to mend."):
        assert said in text
    assert "00000000 00000000" not in text


def test_an_invented_home_says_so():
    assert "Invented data" in receipt_page(invented(), Words.load("en"), ReceiptState(), is_invented=True)
    assert "Invented data" not in page("en")


def test_the_receipt_for_machines_holds_findings_in_words_and_no_cell_value():
    told = as_json(invented(), Words.load("en"))
    assert told["rows_in"] == told["rows_landed"] + told["rows_quarantined"]
    assert told["findings"][0]["remedy"] == "Fill it in, for example: ديالى"
    assert set(told["findings"][0]) == {"severity", "kind", "sheet", "cell", "message", "remedy"}
    assert "عراقيه" not in str(told)


@pytest.mark.needs_browser
@pytest.mark.parametrize("tag", TAGS)
def test_an_ordinary_receipt_is_printed_on_one_sheet(tag: str, tmp_path: Path):
    source, printed = tmp_path / "receipt.html", tmp_path / "receipt.pdf"
    source.write_text(page(tag), encoding="utf-8")
    command = [shutil.which("chromium") or "chromium", f"--user-data-dir={tmp_path / 'profile'}", "--headless",
               "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
               "--no-pdf-header-footer", f"--print-to-pdf={printed}", f"file://{source}"]  # fmt: skip
    subprocess.run(command, capture_output=True, check=True, timeout=180)
    assert len(re.findall(rb"/Type\s*/Page\b", printed.read_bytes())) == 1


if __name__ == "__main__":
    for tag in TAGS:
        (GOLDEN / f"receipt.{tag}.html").write_text(page(tag), encoding="utf-8")
