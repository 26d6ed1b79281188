"""Titles, findings and headings are found in every printed form by the programs that read PDF, in reading order."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from languages.words import Words, languages
from reports.chapters.build_edition import edition
from reports.editions.edition import Chapter, DrawnBlock, Edition, TableBlock
from reports.publishing.issue_report import ANNEX, MONITOR, REPORT, SHEET, SUMMARY
from reports.released.report_model import Report
from tests.reports.pdf_readers import READERS, read, unread

pytestmark = pytest.mark.needs_poppler


@pytest.fixture(scope="module", params=languages())
def told(request: pytest.FixtureRequest, report: Report) -> Edition:
    return edition(report, Words.load(request.param))


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("form", [ANNEX, REPORT, SUMMARY, SHEET, MONITOR])
def test_titles_findings_and_headings_are_found_in_reading_order(
    told: Edition, fronts: dict[str, Path], form: str, reader: str, tmp_path: Path
):
    text = read(reader, (fronts[told.language].parent / form).read_bytes(), tmp_path)
    expected = list(
        _of_monitor(told) if form == MONITOR else _of_annex(told) if form == ANNEX else _of_story(told, form)
    )
    assert len(expected) > (100 if form == ANNEX else 5)
    assert unread(reader, text, expected, is_from_right=told.direction == "rtl") == []


def _of_monitor(told: Edition) -> Iterator[str]:
    assert told.monitor is not None
    yield from (told.monitor.title, told.subtitle)
    for article in told.monitor.articles:
        yield article.title
        yield from (word for duty in article.duties for word in duty.question.split())  # a cell has several lines


def _in_annex(chapters: Iterable[Chapter]) -> Iterator[Chapter]:
    for chapter in chapters:
        if not chapter.is_apart:
            yield from (chapter, *_in_annex(chapter.chapters))


def _of_annex(told: Edition) -> Iterator[str]:
    yield from (told.title, told.subtitle)
    for chapter in _in_annex(told.chapters):
        yield chapter.title
        for block in chapter.blocks:
            if isinstance(block, TableBlock) and not block.earlier:
                yield block.caption
                yield from (word for column in block.columns for word in re.split(r"[\s/]+", column.text))
            elif isinstance(block, DrawnBlock):
                yield from block.title.split()  # two stand beside one another, and Poppler reads across


def _of_story(told: Edition, form: str) -> Iterator[str]:
    story = told.story
    assert story is not None
    yield told.title
    yield from (chapter.title for chapter in story.chapters)
    if form == REPORT:
        yield told.subtitle
        for answer in (answer for chapter in story.chapters for answer in chapter.answers):
            yield from (answer.question, answer.sentence)
            yield from answer.picture.title.split() if answer.picture else ()
        yield from (block.caption for block in story.reports)
        yield from (entry.term for entry in (*story.terms, *story.quality))
