"""The print of the monitor: at most eight pages, each question once, both regions, in every language."""

from __future__ import annotations

import io
import json
import re

import pikepdf
import pytest
from pikepdf import Name

from languages.words import Words, languages
from reports.chapters import build_edition
from reports.editors.editorial_inputs import EditorialInputs
from reports.released.report_model import Report
from reports.renderers import monitor_print, tagging
from reports.renderers.typesetting import typeset
from tests.reports.printed_text import letters

MOST_PAGES = 8


@pytest.mark.parametrize("tag", languages())
def test_the_monitor_is_at_most_eight_pages_and_has_each_question_once(report: Report, tag: str):
    edition = build_edition.front_matter(report, Words.load(tag), EditorialInputs(code="0"))
    assert edition.monitor is not None
    manuscript = monitor_print.manuscript(edition)
    told = json.loads(manuscript.files["edition.json"])["monitor"]
    questions = [duty["question"] for article in told["articles"] for duty in article["duties"]]
    assert len(questions) == len(set(questions)) > 50
    data = typeset(manuscript)
    with pikepdf.open(io.BytesIO(data)) as pdf:
        assert 1 < len(pdf.pages) <= MOST_PAGES
    if tag == "en":
        printed = re.sub(r"\s", "", letters(data))
        counts = [printed.count(re.sub(r"\s", "", question)) for question in questions]
        assert counts == [1] * len(questions)
        assert all(place.replace(" ", "") in printed for place in edition.monitor.places)


def test_an_answer_names_its_column_its_article_and_its_question_and_no_other(report: Report):
    edition = build_edition.front_matter(report, Words.load("en"), EditorialInputs(code="0"))
    with pikepdf.open(io.BytesIO(typeset(monitor_print.manuscript(edition)))) as document:
        table = max(tagging.tables(document), key=lambda found: len(list(tagging.table_rows(found))))
        rows = list(tagging.table_rows(table))
        columns = [str(cell.ID) for cell in rows[0][1]]
        articles = [cells[0] for _, cells in rows if len(cells) == 1 and cells[0].S == Name.TH]
        assert [list(tagging.attribute(cell, "/Headers") or ()) for cell in articles] == [[]] * len(articles)
        last = [cells for section, cells in rows if section == Name.TBody and len(cells) > 1][-1]
        for column, answer in zip(columns[1:], last[1:], strict=True):
            headers = [str(name) for name in tagging.attribute(answer, "/Headers") or ()]
            assert headers == [column, str(articles[-1].ID), str(last[0].ID)]


def test_an_edition_without_a_national_release_has_no_monitor(report: Report):
    without = report.__class__(report.releases[1:], (), is_invented=True)
    edition = build_edition.front_matter(without, Words.load("en"), EditorialInputs(code="0"))
    assert edition.monitor is None and monitor_print.properties(edition) == set()
