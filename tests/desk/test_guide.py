"""The guide of the desk: what it quotes of a page stands on that page, in each language."""

from __future__ import annotations

import re

import pytest

from languages.words import Words, languages
from tests.packages import HOUSE

QUOTED = {"en": r"(?<!\*)\*([^*\n]+)\*(?!\*)"}
"""Where it is no quotation mark: English labels are set in italics."""


def quotations(tag: str) -> list[str]:
    """Return what the guide of a language quotes, without its head, which says what awaits review."""
    text = (HOUSE / "docs" / f"desk.{tag}.md").read_text(encoding="utf-8").partition("\n## ")[2]
    return re.findall(QUOTED.get(tag, "«([^»]+)»"), text)


@pytest.mark.parametrize("tag", languages())
def test_what_the_guide_quotes_stands_on_a_page(tag: str):
    words = Words.load(tag)
    texts = {words.messages[key].english[0] if tag == "en" else words.messages[key].text[0] for key in words.messages}
    quoted = quotations(tag)
    assert len(quoted) > 20
    assert [label for label in quoted if label not in texts] == []
