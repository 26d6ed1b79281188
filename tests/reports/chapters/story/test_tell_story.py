"""The story of a small report in which figures are withheld: what it tells, and where each figure stands."""

from __future__ import annotations

import pytest

from ingestion.home import Home
from languages.words import Words, languages
from reports.chapters.build_edition import edition, front_matter
from reports.chapters.story.tell_story import story
from reports.editions.edition import Story
from reports.editors import prose, prose_figures
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


def test_what_editors_wrote_stands_at_its_finding_and_its_demand_with_the_figures_of_today(report: Report):
    first = told(report).findings[0]
    slot = prose_figures.slot_of(first.key)
    texts = (
        prose.parse_text(f"{slot}.en.md", slot, "en", f"Ours: {{{first.key}}}.\n\n- one\n- two\n"),
        prose.parse_text("demand-d3.en.md", "demand-d3", "en", "On the third demand.\n"),
        prose.parse_text("demand-d3.ar.md", "demand-d3", "ar", "بلغة أخرى\n"),
    )
    found = story(report, EditorialInputs(prose=texts), Words.load("en"))
    assert found
    assert found.findings[0].comment == (f"Ours: {first.figure}.", "one", "two")
    assert [one.comment for one in found.findings[1:]] == [()] * (len(found.findings) - 1)
    assert {one.code: one.comment for one in found.demands if one.comment} == {"D3": ("On the third demand.",)}
    own = [one for spread in found.demands for one in spread.found if one.key == first.key]
    assert own and all(one.comment for one in own)


@pytest.mark.parametrize("tag", languages())
def test_it_is_said_of_rounded_counts_alone_that_they_are_rounded(report: Report, tag: str):
    """Workload counts are exact in every edition: summary and quality report speak of the rounded ones."""
    words = Words.load(tag)
    said = repr(front_matter(report, words, EditorialInputs()))
    assert said.count(repr(words.text("edition.finding.rounded", base=5))[1:-1]) >= 2
    assert repr(words.text("page.method.rounded", base=5))[1:-1] not in said
