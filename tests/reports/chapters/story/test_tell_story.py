"""The story of a small report in which figures are withheld: what it tells, and where each figure stands."""

from __future__ import annotations

import pytest

from ingestion.home import Home
from languages.words import Words, languages
from reports.chapters.build_edition import edition, front_matter
from reports.chapters.story.tell_story import story
from reports.editions.answered import AnsweredQuestion
from reports.editions.edition import Story
from reports.editors import prose, prose_figures
from reports.editors.editorial_inputs import EditorialInputs
from reports.editors.prose import EditorText
from reports.released.report_model import Report
from tests.reports import withheld


@pytest.fixture(scope="module")
def report(withheld_home: Home) -> Report:
    return withheld.read(withheld_home)


def told(report: Report, tag: str = "en", texts: tuple[EditorText, ...] = ()) -> Story:
    found = story(report, EditorialInputs(prose=texts), Words.load(tag))
    assert found
    return found


def answers(found: Story) -> list[AnsweredQuestion]:
    return [answer for chapter in found.chapters for answer in chapter.answers]


def test_each_figure_names_a_table_of_the_pages(report: Report):
    tables = {table.id for section in report.sections for table in section.tables}
    named = {answer.table for answer in answers(told(report)) if answer.table}
    assert named and named <= tables


def test_a_region_without_figures_is_a_sentence(report: Report):
    assert any("Kurdistan" in one for one in told(report).silent)


def test_the_front_matter_is_the_edition_without_its_chapters(report: Report):
    words = Words.load("en")
    matter = EditorialInputs()
    whole = edition(report, words, matter)
    assert front_matter(report, words, matter) == whole.model_copy(update={"chapters": (), "profiles": ()})


def test_what_editors_wrote_stands_at_its_answer_and_its_demand_with_the_figures_of_today(report: Report):
    first = answers(told(report))[0]
    slot = prose_figures.slot_of(first.key)
    texts = (
        prose.parse_text(f"{slot}.en.md", slot, "en", f"Ours: {{{first.key}}}.\n\n- one\n- two\n"),
        prose.parse_text("demand-d3.en.md", "demand-d3", "en", "On the third demand.\n"),
        prose.parse_text("demand-d3.ar.md", "demand-d3", "ar", "بلغة أخرى\n"),
    )
    found = told(report, texts=texts)
    figure = prose_figures.printed_figure(first.key, report, Words.load("en"))
    comments = {answer.key: answer.comment for answer in answers(found)}
    assert figure and comments.pop(first.key) == (f"Ours: {figure}.", "one", "two")
    assert set(comments.values()) == {()}
    assert {one.code: one.comment for one in found.chapters if one.comment} == {"D3": ("On the third demand.",)}


def _with_title(report: Report, title: str) -> tuple[str, str]:
    """The sentence of the first answer, and the title that the report prints for it once an editor wrote this one."""
    first = answers(told(report))[0]
    slot = prose_figures.slot_of(first.key, "title")
    text = prose.parse_text(f"{slot}.en.md", slot, "en", title.replace("KEY", f"{{{first.key}}}"))
    return first.sentence, answers(told(report, texts=(text,)))[0].sentence


def test_an_editor_may_say_an_answer_in_other_words_with_its_figure(report: Report):
    year = answers(told(report))[0].year
    first = answers(told(report))[0]
    figure = prose_figures.printed_figure(first.key, report, Words.load("en"))
    assert _with_title(report, f"Judges in {year}: KEY")[1] == f"Judges in {year}: {figure}"


@pytest.mark.parametrize(
    "title",
    ["No figure at all", "KEY and KEY", "KEY, which is 12 more", "KEY\n\nA second paragraph", "- KEY",
     "KEY of {PRT-01/COUNT@IQ-FED@2025}", "KEY in 1999", "KEY ١٢"],
)  # fmt: skip
def test_a_title_that_says_more_or_less_than_its_cells_is_not_printed(report: Report, title: str):
    sentence, printed = _with_title(report, title)
    assert printed == sentence


@pytest.mark.parametrize("tag", languages())
def test_it_is_said_of_rounded_counts_alone_that_they_are_rounded(report: Report, tag: str):
    """Workload counts are exact in every edition: terms and quality report speak of the rounded ones."""
    words = Words.load(tag)
    said = repr(front_matter(report, words, EditorialInputs()))
    assert said.count(repr(words.text("edition.finding.rounded", base=5))[1:-1]) >= 2
    assert repr(words.text("page.method.rounded", base=5))[1:-1] not in said
