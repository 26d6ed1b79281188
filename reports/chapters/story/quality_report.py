"""The quality report by the headings of SIMS: relevance, accuracy, timeliness, coherence, revisions, confidentiality.

Belongs here: the text under each heading, from released figures and the calendar of the edition; non-response of
agencies (unit) and of core variables (item) with its figures; last, what the number of the report stands for. European
Statistics Code of Practice, principles 4, 5, 8 and 11 to 15: producers report on quality, revisions follow a public
policy, releases have a calendar.
Does not belong here: how a figure is protected (`expectations`), layout.
"""

from __future__ import annotations

from collections.abc import Iterator

from expectations.cards.areas import REGIONS
from expectations.cards.cells import LATE_CASES
from languages import dates
from languages.words import Words
from reports.analysis import report_scope
from reports.analysis.nonreporting import REPORTS
from reports.answers import answer_sentences
from reports.answers.found_answers import answers_of
from reports.editions.edition import DefinedTerm
from reports.editors.editorial_inputs import EditorialInputs
from reports.phrases import wording
from reports.released.report_model import Report

_COMPLETENESS = "are_records_complete"


def headings(report: Report, matter: EditorialInputs, words: Words) -> Iterator[DefinedTerm]:
    """Yield the headings of the quality report in their order, each with its text."""
    parts = {
        "relevance": _relevance(report, words),
        "accuracy": _accuracy(report, words),
        "timeliness": _timeliness(report, matter, words),
        "coherence": _coherence(report, words),
        "revisions": _revisions(words),
        "confidentiality": _confidentiality(report, words),
        "calendar": _calendar(matter, words),
        "number": _number(report, words),
    }
    for name, sentences in parts.items():
        yield DefinedTerm(term=words.text(f"edition.quality.{name}"), text=" ".join(sentences))


def _relevance(report: Report, words: Words) -> Iterator[str]:
    asked = {answer.key for answer in answers_of(report)}
    answered = {answer.key for answer in answers_of(report) if answer.has_figure}
    yield words.text("edition.quality.relevance.text", count=len(answered), among=len(asked))


def _accuracy(report: Report, words: Words) -> Iterator[str]:
    year = report_scope.latest_year(report)
    for area in REGIONS:
        came, owed = (report.cell(REPORTS, measure, area, year) for measure in ("COUNT", "DENOMINATOR"))
        place = wording.area(area, words)
        if came.value is not None and owed.value:
            yield words.text(
                "edition.quality.accuracy.bodies",
                place=place,
                year=dates.year(words, year),
                came=int(came.value),
                owed=int(owed.value),
            )
        for answer in answers_of(report):
            if (answer.key, answer.area) == (_COMPLETENESS, area) and answer.has_figure:
                sentence = answer_sentences.figure_sentence(answer, words)
                yield words.text("edition.finding.at_place", place=place, sentence=sentence)
    base = report_scope.rounding_base(report)
    if base:
        yield words.text("edition.finding.rounded", base=base)
    yield words.text("edition.story.detected")


def _timeliness(report: Report, matter: EditorialInputs, words: Words) -> Iterator[str]:
    yield f"{wording.period(report.first_reported_year, report.years[-1], words)}."
    if matter.calendar:
        day = dates.day(words, matter.calendar.published.isoformat())
        yield words.text("edition.quality.timeliness.published", day=day)
    year = report_scope.latest_year(report)
    share = report.cell(REPORTS, "SHARE", report_scope.main_area(report), year)
    if share.value is not None:
        figure = wording.figure(share, words)
        yield words.text("page.result.par_07", share=figure, year=dates.year(words, year))


def _coherence(report: Report, words: Words) -> Iterator[str]:
    yield words.text("page.reading.units.text")
    breaks = report.headline.breaks if report.headline else []
    if breaks:
        listed = wording.list_texts((words.text(f"break.{series_break.code}") for series_break in breaks), words)
        yield words.text("edition.quality.coherence.breaks", breaks=listed)
    yield words.text("edition.quality.coherence.bodies")


def _revisions(words: Words) -> Iterator[str]:
    yield words.text("page.changes.intro")
    yield words.text("edition.quality.revisions.held", most=LATE_CASES - 1)


def _confidentiality(report: Report, words: Words) -> Iterator[str]:
    yield words.text("page.reading.protection.rounding")
    release = report.headline or report.releases[0]
    yield words.text("page.reading.protection.shares", minimum=release.minimum_base)
    yield words.text("page.reading.protection.never")


def _calendar(matter: EditorialInputs, words: Words) -> Iterator[str]:
    """Yield the dates of this edition and the next; if the next is not decided, a sentence that says so."""
    calendar = matter.calendar
    if calendar is None or calendar.next_release is None:
        yield words.text("edition.quality.calendar.undecided")
    days = {"published": calendar.published, "next": calendar.next_release} if calendar else {}
    for name, day in days.items():
        if day:
            printed_day = dates.day(words, day.isoformat())
            yield words.text(
                "edition.quality.calendar.day", what=words.text(f"edition.calendar.{name}"), day=printed_day
            )


def _number(report: Report, words: Words) -> Iterator[str]:
    """Yield the versions that the number of the report stands for."""
    yield words.text("edition.quality.number.text", number=report.id)
    for version in report.versions:
        title = words.text(f"dataset.{version.dataset}.title")
        yield words.text("edition.quality.number.version", dataset=title, version=version.version)
