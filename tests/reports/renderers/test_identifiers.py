"""Identifiers read left to right in print: numbers of reports, versions, hashes and addresses, by every program."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pypdfium2
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from languages.marked_identifiers import is_identifier
from languages.words import isolate
from reports.renderers import readable_text
from reports.renderers.typesetting import Manuscript, typeset
from tests.reports.pdf_readers import READERS, read, unread

_TEMPLATES = Path(__file__).parents[3] / "reports/templates"
_TEMPLATE = """#import "story.typ": *
#set document(title: "t")
#show: dressed.with((language: "ar", direction: "rtl"), 11pt)
#for words in d { par(words) }"""
IDENTIFIERS = [
    "2025-a68c1347", "2025-47a8a77d", "000002-c92ae029bcd9", "000002-26eb7276811f", "000001-123456789012",
    "0.1.0+c6bf0cd56863", "0.1.0+06bf0cd56863", "secretariat@ctf.example", "press-2025@ctf.example", "4Ps", "PRT-02",
    "tables.xlsx", "e9e0d2fbd1f00ec3ca6e9a2c6cb6f0b3", "https://creativecommons.org/licenses/by/4.0/", "IQ-FED",
    "112b19e732b0b68bad54a830ac8f30591e6edc12008f9ef99dac711b08ff3bc5",
]  # fmt: skip
SENTENCES = [
    "التقرير {}، البرنامج {}",
    "يُستشهد بالتقرير برقمه {}. لسنة ٢٠١٢: {}.",
    "ژمارەی ڕاپۆرت ({})؛ وەشان: {}",
]


_VERSIONS = st.from_regex(r"[0-9]{6}-[0-9a-f]{12}|[0-9]{4}-[0-9a-f]{8}", fullmatch=True)
_LONG = "رمز هذا الملف كما يُحفظ مع الإصدار"
"""Poppler reads a page from the right only where most of it is."""


def _manuscript(texts: list[str]) -> Manuscript:
    said = json.dumps(readable_text.set_off(texts), ensure_ascii=False).encode()
    files = {"main": _TEMPLATE.encode(), "story.typ": (_TEMPLATES / "story.typ").read_bytes(), "edition.json": said}
    return Manuscript(files, date(2026, 6, 30), is_right_to_left=True)


def _sentences(identifiers: list[str]) -> list[str]:
    return [
        sentence.format(*(isolate(text) for text in (one, one)))
        for one in identifiers
        for sentence in SENTENCES
        if len(one) < 40
    ] + [f"{_LONG}: {isolate(one)}" for one in identifiers]


@pytest.mark.needs_poppler
@pytest.mark.parametrize("reader", READERS)
def test_an_identifier_in_a_sentence_from_the_right_is_read_as_it_was_written(reader: str, tmp_path: Path):
    texts = _sentences(IDENTIFIERS)
    read_back = read(reader, typeset(_manuscript(texts)), tmp_path)
    assert unread(reader, read_back, texts, is_from_right=True) == []


@pytest.mark.needs_poppler
@settings(max_examples=10, deadline=None, phases=[Phase.explicit, Phase.generate])
@given(versions=st.lists(_VERSIONS, min_size=5, max_size=20))
@pytest.mark.parametrize("reader", READERS)
def test_any_version_is_read_as_it_was_written(
    reader: str, versions: list[str], tmp_path_factory: pytest.TempPathFactory
):
    texts = _sentences(versions)
    read_back = read(reader, typeset(_manuscript(texts)), tmp_path_factory.mktemp("versions"))
    assert unread(reader, read_back, texts, is_from_right=True) == []


@pytest.mark.parametrize("identifier", ["2025-a68c1347", "000002-c92ae029bcd9", "PRT-02"])
def test_a_code_or_version_is_drawn_from_left_to_right_even_where_nobody_marked_it(identifier: str):
    """Its letters are read in their places on the page, from the left."""
    page = pypdfium2.PdfDocument(typeset(_manuscript([f"التقرير {identifier} نص"])))[0].get_textpage()
    places = ((page.get_charbox(place)[0], page.get_text_range(place, 1)) for place in range(page.count_chars()))
    drawn = "".join(sign for _, sign in sorted(places) if sign.isascii() and sign.strip())
    assert drawn == identifier


@pytest.mark.parametrize("identifier", IDENTIFIERS)
def test_every_kind_of_identifier_is_marked(identifier: str):
    assert isolate(identifier) == f"\u2066{identifier}\u2069"


@pytest.mark.parametrize("text", ["الداخلية", "12%", "list (2).xlsx", "٦٠٪", "Baghdad", "2025", ""])
def test_other_texts_are_none(text: str):
    assert not is_identifier(text)
