"""The chapter on what is not seen: its sections, in every language, and nothing where there is nothing to tell."""

from __future__ import annotations

import pytest

from languages.words import Words, languages
from reports.analysis.comparable_trends import trends
from reports.chapters import build_edition
from reports.chapters.unseen import unseen_chapter
from reports.editions.edition import ItemList, TableBlock
from reports.editors.editorial_inputs import EditorialInputs
from reports.released.report_model import Report


@pytest.mark.parametrize("tag", languages())
def test_the_chapter_stands_in_the_edition_with_its_sections(report: Report, tag: str) -> None:
    chapters = {chapter.id: chapter for chapter in build_edition.chapters(report, EditorialInputs(), Words.load(tag))}
    assert [one.id for one in chapters["unseen"].chapters] == ["unseen-trends"]


def test_each_series_with_a_word_stands_in_the_table_and_all_others_are_counted(report: Report) -> None:
    words = Words.load("en")
    (chapter,) = unseen_chapter.unseen_chapter(report, words)
    blocks = chapter.chapters[0].blocks
    asked = trends(report)
    told = [one for one in asked if one.is_word]
    (table,) = (block for block in blocks if isinstance(block, TableBlock))
    assert [row.cells[2].text for row in table.groups[0].rows] == [one.trend.word for one in told]
    (counted,) = (block for block in blocks if isinstance(block, ItemList))
    assert sum(int(text.rpartition(" ")[2]) for text in counted.texts) == len(asked)


def test_without_a_national_dataset_there_is_no_chapter() -> None:
    assert list(unseen_chapter.unseen_chapter(Report((), (), is_invented=True), Words.load("en"))) == []
