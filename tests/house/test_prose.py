"""Documents have one sentence a line, and so do the sentences that show how."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from docs.machinery.sentences import lay_out, split_sentences

HOUSE = Path(__file__).resolve().parents[2]
DOCUMENTS = sorted([*HOUSE.glob("*.md"), *(HOUSE / "docs").rglob("*.md")])


def _page(text: str) -> str:
    return re.sub(r"\s+", " ", MarkdownIt("commonmark").enable("table").render(text))


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_a_document_has_one_sentence_a_line(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    assert text == lay_out(text), "make format lays it out"


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_a_list_follows_an_empty_line(document: Path) -> None:
    """Else mkdocs prints it as a part of the paragraph above."""
    text = re.sub(r"^```.*?^```", "", document.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    assert re.findall(r"^(?![-*] |\d+\. |\s|\|)\S.*\n(?:[-*] |1\. ).*", text, re.MULTILINE) == []


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("It waits. It comes back.", 2),
        ("Exit code 3. Nothing is kept.", 2),
        ("See Hundepool et al. Chapter 5.", 1),
        ("It is e.g. Baghdad.", 1),
        ("Read `a. B`. Then go.", 2),
        ("[One. Two](x.md) is one link.", 1),
        ("He said so. and went on.", 1),
        ("هذه جملة. وهذه أخرى؟ نعم.", 3),
        ("It has three. - this would be a list.", 1),
    ],
)
def test_sentences_end_where_a_reader_ends_them(text: str, count: int) -> None:
    assert len(split_sentences(text)) == count


def test_lists_keep_their_indent_and_code_its_lines() -> None:
    assert lay_out("1. One. Two.\n\n       a. B. C\n") == "1. One.\n   Two.\n\n       a. B. C\n"


@given(
    st.lists(
        st.sampled_from(["A b.", "`x. Y`", "- c", "1. D", "\n", "\n\n", " ", "  e. F", "|g|", "> H. I"]), max_size=12
    )
)
def test_a_page_says_the_same_after_its_lines_were_laid_out(parts: list[str]) -> None:
    text = "".join(parts)
    assert _page(lay_out(text)) == _page(text)
    assert lay_out(lay_out(text)) == lay_out(text)
