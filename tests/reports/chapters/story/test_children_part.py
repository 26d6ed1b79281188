"""Children have a chapter of their own in the report: each answer that is known for them, beside that for all."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from languages.words import Words, languages
from reports.answers.found_answers import AREAS, answers_of
from reports.chapters.story.children_part import children_part
from reports.released.report_model import Report

ISOLATES = re.compile("[\u2066-\u2069\u061c]")


@pytest.mark.parametrize("tag", languages())
def test_each_answer_that_is_known_for_children_stands_beside_the_answer_for_all(report: Report, tag: str):
    words = Words.load(tag)
    known = [
        answer
        for answer in answers_of(report)
        if answer.area in AREAS and any(group.group == "children" for group in answer.groups)
    ]
    part = children_part(report, words)
    assert part and known
    rows = [row for group in part.figures.groups for row in group.rows]
    assert len(rows) == len(known)
    assert all(cell.text for row in rows for cell in row.cells)
    asked = {words.text(f"answer.{answer.key}.question") for answer in known}
    assert all(any(question in row.label for question in asked) for row in rows)


def test_children_are_counted_as_rounded_counts_are_said_and_drawn_over_the_years(report: Report):
    part = children_part(report, Words.load("en"))
    assert part and part.chart
    texts = [ISOLATES.sub("", text) for text in part.texts]
    counted = [text for text in texts if "children were presumed to be victims" in text]
    assert counted and all(re.search(r"about \d+ children were presumed", text) for text in counted)
    assert len(part.chart.series) == 2


def test_a_cohort_of_an_earlier_year_bears_its_year_among_the_figures_of_the_newest(report: Report):
    part = children_part(report, Words.load("en"))
    assert part
    earlier = [answer for answer in answers_of(report)
               if answer.area in AREAS and any(group.group == "children" for group in answer.groups)
               and answer.year != report.headline_years[-1]]  # fmt: skip
    texts = [ISOLATES.sub("", cell.text) for group in part.figures.groups for row in group.rows for cell in row.cells]
    assert earlier
    assert sum(text.endswith(f"({answer.year})") for text in texts for answer in earlier[:1]) >= 1
    assert not any(text.endswith(f"({report.headline_years[-1]})") for text in texts)


def test_without_an_answer_for_children_there_is_no_such_chapter(report: Report):
    assert children_part(replace(report, releases=()), Words.load("en")) is None
