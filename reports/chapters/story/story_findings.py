"""Findings as parts of an edition: the sentence, its chart, and what stands beneath it.

Belongs here: one finding with its indicator's name, unit, area, year, source, protection and annex table.
Does not belong here: what may be said (`reports/findings`), how it is drawn.
"""

from __future__ import annotations

from expectations.cards.areas import FEDERAL
from expectations.cards.cells import DIMENSIONS
from languages import dates
from languages.words import Words
from reports.chapters import printed
from reports.chapters.picture_blocks.told_picture import CHILD_INDICATORS
from reports.editions.edition import StoryFinding
from reports.editions.printed_parts import SmallChart
from reports.findings import finding_sentences
from reports.findings.finding_search import ReleasedFinding
from reports.phrases import wording
from reports.released.released_tables import ABSENT
from reports.released.report_model import NATIONAL, Report

CHILDREN = ("age", "Y0T17")
_LEAST_YEARS = 2


def story_finding(finding: ReleasedFinding, report: Report, main_area: str, words: Words) -> StoryFinding:
    """Return a finding in words, with its chart; silence has none.

    Args:
        finding: the finding.
        report: the model.
        main_area: the main area of the report: its name is not repeated in each sentence.
        words: of the language.
    """
    sentence = finding_sentences.sentence(finding, words, main_area)
    figure = finding_sentences.figure(finding, words)
    head = StoryFinding(
        key=finding.key,
        kind=finding.kind,
        demand=finding.demand,
        code=finding.indicator,
        sentence=sentence,
        figure=figure,
    )
    if finding.silent is not None:
        return head
    return head.model_copy(
        update={
            "name": _name(finding, words),
            "unit": words.text(f"unit.{_unit(finding, report)}"),
            "place": wording.area(finding.area, words),
            "year": dates.year(words, finding.year),
            "source": _source(finding, report, words),
            "protection": finding_sentences.protection(finding, words),
            "table": _table(finding, report),
            "counts": finding_sentences.counts(finding, words),
            "chart": _chart(finding, sentence, words),
        }
    )


def _name(finding: ReleasedFinding, words: Words) -> str:
    """Return what the chart shows: the indicator's name and its category."""
    title = wording.title(finding.indicator, words)
    parts = [words.label(name, code) for name, code in finding.figures[0].at.items()]
    return words.text("edition.measured", indicator=title, measure=wording.list_texts(parts, words)) if parts else title


def _unit(finding: ReleasedFinding, report: Report) -> str:
    return next(section.unit for section in report.sections if section.indicator == finding.indicator)


def _source(finding: ReleasedFinding, report: Report, words: Words) -> str:
    known = report.headline.manifest["indicators"].get(finding.indicator, {}) if report.headline else {}
    return wording.list_texts((wording.body(str(code), words) for code in known.get("holders", [])), words)


def _table(finding: ReleasedFinding, report: Report) -> str:
    """Return the id of the annex table with its figures."""
    at = finding.figures[0].at
    by = [finding.rule.by] if finding.rule.by else []
    names = [name for name in DIMENSIONS if name in {*at, *by}]
    place = [] if finding.area == FEDERAL else [finding.area]
    table_id = printed.name_of("-".join((NATIONAL, finding.indicator, *names, *place)))
    tables = {table.id for section in report.sections_of(NATIONAL) for table in section.tables}
    return table_id if table_id in tables else ""


def _chart(finding: ReleasedFinding, sentence: str, words: Words) -> SmallChart | None:
    figures = tuple(printed.figure(cell, words) for _, cell in finding.series)
    if sum(figure.value is not None for figure in figures) < _LEAST_YEARS:
        return None
    labels = tuple(dates.year(words, year) for year, _ in finding.series)
    pairs = (
        words.text("edition.measured", indicator=label, measure=printed.figure_with_mark(figure))
        for label, figure in zip(labels, figures, strict=True)
        if figure.text or figure.mark != "x"
    )
    return SmallChart(
        alternative=words.text("edition.story.alternative", sentence=sentence, values=wording.list_texts(pairs, words)),
        years=tuple(year for year, _ in finding.series),
        year_labels=labels,
        figures=figures,
        broken_before=finding.breaks,
        unit="share" if finding.share is not ABSENT else "count",
        is_of_children=CHILDREN in finding.figures[0].at.items() or finding.indicator in CHILD_INDICATORS,
    )
