"""The search of the pages knows plain words: whoever types them is led to the page that answers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from playwright.sync_api import Browser

from expectations.cards.codes import CODED, breakdown_ranks, codes_of
from ingestion.home import write_bytes
from languages.words import Words, languages
from reports.editions.edition import Chapter, Edition, IndexedQuestion, RowGroup, TableBlock, TableColumn, TableRow
from reports.editions.printed_parts import PrintedFigure
from reports.publishing.issue_report import other_languages
from reports.questions.answer_card import answer_cards
from reports.renderers import site
from tests.packages import HOUSE
from tests.reports import browsing
from tests.reports.invented_editions import invented

pytestmark = pytest.mark.needs_browser
TYPED: dict[str, dict[str, str]] = yaml.safe_load(
    (Path(__file__).parent / "plain_words.yml").read_text(encoding="utf-8")
)
MOST = 25
"""Lines of the index among which a reader finds hers; there are hundreds."""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with browsing.chromium() as started:
        yield started


@pytest.fixture(scope="module")
def searches(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The search page of each language, with every indicator, category and question that a report may have."""
    root = tmp_path_factory.mktemp("searches")
    for tag in languages():
        write_bytes(root / f"{tag}.html", site.pages(whole_index(tag), other_languages(tag))["search.html"])
    return {tag: root / f"{tag}.html" for tag in languages()}


def whole_index(tag: str) -> Edition:
    words = Words.load(tag)
    cards = [
        yaml.safe_load(path.read_text(encoding="utf-8"))["models"][0]["config"]["meta"]
        for path in sorted((HOUSE / "dbt_project" / "models" / "indicators").glob("*/*.yml"))
    ]
    sections = tuple(
        Chapter(
            id=f"{card['code']}-section".lower(),
            title=words.text(f"indicator.{card['code'].lower().replace('-', '_')}.title"),
            code=card["code"],
            blocks=tuple(tables(card, words)),
        )
        for card in cards
    )
    questions = tuple(
        IndexedQuestion(key=key, text=words.text(f"answer.{key}.question"), code=card.answer.indicator)
        for key, card in answer_cards().items()
        if card.answer.indicator
    )
    whole = Chapter(id="indicators", title="–", chapters=sections)
    return invented("en").model_copy(
        update={
            "chapters": (whole,),
            "questions": questions,
            "labels": {**invented("en").labels, "search_synonyms": words.text("edition.label.search_synonyms")},
            "language": tag,
            "direction": words.direction,
        }
    )


def tables(card: dict[str, Any], words: Words) -> Iterator[TableBlock]:
    """A table for each dimension of an indicator, with all its categories and a total."""
    for dimension in card["dimensions"]:
        own = [code for code, (name, _) in breakdown_ranks().items() if name == card.get("breakdown")]
        codes = sorted(codes_of(dimension)) if dimension in CODED else own
        labels = [*(words.text(f"code.{dimension}.{code}") for code in codes if code != "_U"), "total"]
        rows = tuple(
            TableRow(label=label, cells=(PrintedFigure(text="5", value=5.0),), is_total=label == "total")
            for label in labels
        )
        yield TableBlock(
            id=f"{card['code']}-{dimension}".lower(),
            caption=dimension,
            unit="",
            row_heading=dimension,
            columns=(TableColumn(text="2025", code="2025"),),
            groups=(RowGroup(heading="", rows=rows),),
        )


@pytest.mark.parametrize("tag", languages())
def test_plain_words_lead_to_the_page_that_answers(browser: Browser, searches: dict[str, Path], tag: str):
    astray: dict[str, list[str]] = {}
    with browsing.opened(browser, searches[tag]) as page:
        for typed, code in TYPED[tag].items():
            page.locator("#sought").fill(typed)
            pages = [
                str(link.get_attribute("href")) for link in page.locator("section.index li a:visible").all()[:MOST]
            ]
            if not any(target.startswith(f"{code}.html") for target in pages):
                astray[typed] = pages
    assert astray == {}
