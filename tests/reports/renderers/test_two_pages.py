"""The two pages are two, and say what the summary says."""

from __future__ import annotations

import io
from itertools import groupby
from pathlib import Path

import pikepdf
import pytest
from pdfua import validate

from languages.refusal import Refusal
from reports.editions.summary import Summary, SummaryPart
from reports.renderers import two_pages
from reports.renderers.typesetting import typeset
from tests.reports.invented_summaries import told_summary, with_summary
from tests.reports.pdf_readers import read
from tests.reports.printed_text import glyphs, placed


def _page_count(document: bytes) -> int:
    with pikepdf.open(io.BytesIO(document)) as opened:
        return len(opened.pages)


@pytest.mark.parametrize("language", ["en", "ar", "ckb"])
def test_two_pages_are_a_tagged_pdf_without_a_box(language: str, tmp_path: Path):
    document = typeset(two_pages.pages(with_summary(language)))
    (tmp_path / "pages.pdf").write_bytes(document)
    assert [str(finding) for finding in validate(tmp_path / "pages.pdf").findings] == []
    assert 0 not in set(glyphs(document))
    with pikepdf.open(io.BytesIO(document)) as opened:
        assert len(opened.pages) == 2
        assert opened.Root.MarkInfo.Marked
        assert str(opened.Root.Lang)[:2] == language[:2]


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("sentences", [1, 12, 24])
def test_however_much_is_said_two_pages_are_two_and_lose_nothing(sentences: int, language: str, tmp_path: Path):
    document = typeset(two_pages.pages(with_summary(language, told_summary(sentences))))
    assert _page_count(document) == 2
    said = read("pdfium", document, tmp_path)
    assert [
        f"Q{part}{number}of" for part in "ABCDE" for number in range(sentences) if f"Q{part}{number}of" not in said
    ] == []


def test_pages_of_a_report_that_knows_little_are_still_two():
    little = Summary(title="Two pages", year="2025", area="Iraq", notes=("Figures are of Iraq.",))
    assert _page_count(typeset(two_pages.pages(with_summary("en", little)))) == 2


def test_the_answers_stand_on_the_first_page_and_the_table_on_the_second():
    first, second = ("".join(said for _, said in lines) for lines in placed(typeset(two_pages.pages(with_summary()))))
    assert "QD0" in first and "not met" in first and "Baghdad" not in first
    assert "Baghdad" in second and "QD0" not in second


def test_a_letter_without_a_glyph_refuses_the_pages():
    part = SummaryPart(id="sure", title="How sure?", items=("漢",))
    with pytest.raises(Refusal) as refused:
        two_pages.pages(with_summary("en", told_summary().model_copy(update={"others": (part,)})))
    assert refused.value.code == "print_lacks_letters"


def test_a_part_that_says_nothing_does_not_exist():
    with pytest.raises(ValueError, match="sure: empty"):
        SummaryPart(id="sure", title="How sure?")


def test_the_number_of_a_report_does_not_break_at_its_hyphen():
    lines = tuple(" ".join([*"a" * many, "2025-af9a2c1b"] * 9) for many in (1, 2, 3))
    part = SummaryPart(id="sure", title="How sure?", items=lines)
    document = typeset(two_pages.pages(with_summary("en", told_summary().model_copy(update={"others": (part,)}))))
    printed = ["".join(part for _, part in group).strip() for page in placed(document)
               for _, group in groupby(page, key=lambda line: round(line[0]))]  # fmt: skip
    assert any("2025-af9a2c1b" in line for line in printed)
    assert [line for line in printed if line.endswith("2025-")] == []
