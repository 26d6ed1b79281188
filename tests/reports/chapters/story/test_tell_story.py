"""The story of a small report in which figures are withheld: what it tells, and where each figure stands."""

from __future__ import annotations

import pytest

from ingestion.home import Home
from languages.words import Words, languages
from reports.chapters.build_edition import edition, front_matter
from reports.chapters.story.tell_story import story
from reports.editions.edition import Story
from reports.editors.editorial_inputs import EditorialInputs
from reports.findings.silent_findings import silent_indicators
from reports.released.report_model import Report
from tests.reports import withheld


@pytest.fixture(scope="module")
def report(withheld_home: Home) -> Report:
    return withheld.read(withheld_home)


def told(report: Report, tag: str = "en") -> Story:
    found = story(report, EditorialInputs(), Words.load(tag))
    assert found
    return found


@pytest.mark.parametrize("tag", languages())
def test_no_sentence_stands_twice_and_each_chart_says_what_it_is_of(report: Report, tag: str):
    found = told(report, tag).findings
    assert len({one.sentence for one in found}) == len(found)
    assert all(one.name and one.unit and one.place and one.year and one.source == "" for one in found if one.chart)
    assert all(one.sentence in one.chart.alternative for one in found if one.chart)


def test_each_figure_names_a_table_of_the_annex(report: Report):
    tables = {table.id for section in report.sections for table in section.tables}
    named = {one.table for one in told(report).findings if one.kind != "silence"}
    assert named and named <= tables


def test_a_region_without_figures_is_a_sentence(report: Report):
    assert any("Kurdistan" in one for one in told(report).silent)


def test_silence_is_told_once(report: Report):
    found = told(report)
    rows = found.silence.groups[0].rows if found.silence else ()
    assert len(rows) == len(silent_indicators(report))
    assert {one.kind for demand in found.demands for one in demand.found} <= {
        "level",
        "change",
        "share",
        "part",
        "rank",
    }


def test_the_front_matter_is_the_edition_without_its_chapters(report: Report):
    words = Words.load("en")
    matter = EditorialInputs()
    whole = edition(report, words, matter)
    assert front_matter(report, words, matter) == whole.model_copy(update={"chapters": (), "profiles": ()})
