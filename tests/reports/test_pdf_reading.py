"""Titles, findings and headings are found in every printed form by the programs that read PDF, in reading order."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pikepdf
import pytest

from languages.numbers import digits
from languages.words import Words, languages
from reports.chapters.build_edition import edition
from reports.editions.edition import Edition
from reports.editions.summary import SummaryPart
from reports.publishing.issue_report import MONITOR, REPORT, SUMMARY
from reports.released.report_model import Report
from tests.reports.pdf_readers import READERS, read, unread

pytestmark = pytest.mark.needs_poppler


@pytest.fixture(scope="module", params=languages())
def told(request: pytest.FixtureRequest, report: Report) -> Edition:
    return edition(report, Words.load(request.param))


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("form", [REPORT, SUMMARY, MONITOR])
def test_titles_findings_and_headings_are_found_in_reading_order(
    told: Edition, fronts: dict[str, Path], form: str, reader: str, tmp_path: Path
):
    text = read(reader, (fronts[told.language].parent / form).read_bytes(), tmp_path)
    expected = list(EXPECTED[form](told))
    assert len(expected) > 5
    assert unread(reader, text, expected, is_from_right=told.direction == "rtl") == []


def test_the_two_pages_of_a_report_are_two(told: Edition, fronts: dict[str, Path]):
    with pikepdf.open(fronts[told.language].parent / SUMMARY) as pages:
        assert len(pages.pages) == 2


def _of_monitor(told: Edition) -> Iterator[str]:
    assert told.monitor is not None
    yield from (told.monitor.title, told.subtitle)
    for article in told.monitor.articles:
        yield article.title
        yield from (word for duty in article.duties for word in duty.question.split())  # a cell has several lines


def _of_story(told: Edition) -> Iterator[str]:
    story = told.story
    assert story is not None
    yield from (told.title, told.subtitle)
    for chapter in story.chapters:
        number = told.labels["story_demand"], digits(chapter.code[1:], told.numerals)
        yield f"{number[0]} {number[1]}. {chapter.title}" if chapter.code else chapter.title
        for answer in chapter.answers:
            yield from (answer.question, answer.sentence)
            yield from answer.picture.title.split() if answer.picture else ()
    yield from (block.caption for block in story.reports)
    yield from (f"{entry.term}. {entry.text}" for entry in story.terms)
    yield from (entry.term for entry in story.quality)


def _of_lines(part: SummaryPart) -> Iterator[str]:
    for line in part.lines:
        yield from (line.what, line.figure, line.duty, line.verdict)


def _words(texts: Iterable[str]) -> Iterator[str]:
    """Return words without their signs: Poppler reads signs at the ends of lines across, into the next column."""
    yield from (word.strip("?؟.:؛«»(),،;") for text in texts for word in text.split())


def _of_summary(told: Edition) -> Iterator[str]:
    summary = told.summary
    assert summary is not None
    yield from (summary.title, summary.figure, *summary.notes)
    for part in (*summary.answers, *summary.others):
        yield f"{part.title}: {part.verdict}" if part.verdict else part.title
        yield from (*part.texts, *part.items)
        cells = (*part.columns, *(text for row in part.rows for text in (row.places, row.figure)), *_of_lines(part))
        yield from _words(cells)  # a cell has several lines


EXPECTED: dict[str, Callable[[Edition], Iterator[str]]] = {
    REPORT: _of_story, SUMMARY: _of_summary, MONITOR: _of_monitor,
}  # fmt: skip
