"""The 4Ps chapters: one for each pillar with a section for each indicator, and one for each further dataset.

Belongs here: how a section of the model becomes a section of the edition: definition, chart, tables, notes; and the
profile of an indicator: what is counted, out of whom, by whom.
Does not belong here: tables of several indicators (`children.py`, `regions.py`, `law.py`).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from expectations.cards import law_articles
from languages.words import Words
from reports.analysis.comparable_trends import trends_of
from reports.chapters import drawings, places, printed
from reports.chapters.picture_blocks import age_picture, court_picture
from reports.editions.edition import Block, Chapter, DefinedTerm, ItemList, MapBlock, Paragraph, TermList
from reports.phrases import trend_text, wording
from reports.released.released_tables import ReleasedTable
from reports.released.report_model import NATIONAL, IndicatorSection, Report, ReportedRelease

PILLARS = ("prevention", "protection", "prosecution", "partnership")
_COURTS = "prosecution"
_LETTERS = {"PRV": "prevention", "PRT": "protection", "NCR": "protection", "PRS": "prosecution", "PAR": "partnership"}
"""The pillar of an indicator by the letters of its code; non-punishment (NCR) belongs to protection."""


def pillar_chapters(report: Report, words: Words) -> Iterator[Chapter]:
    """Yield a chapter for each pillar that the national dataset covers."""
    for pillar in PILLARS:
        own = [section for section in report.sections_of(NATIONAL) if pillar_of(section.indicator) == pillar]
        if own:
            sections = tuple(_section(report, section, words) for section in own)
            with_rows = sum(any(table.groups for table in section.tables) for section in own)
            lead = Paragraph(text=words.text("edition.pillar.lead", told=with_rows, all=len(own)), tone="lead")
            drawn = court_picture.court_funnel(report, words) if pillar == _COURTS else ()
            yield Chapter(id=pillar, title=words.text(f"pillar.{pillar}"), blocks=(lead, *drawn), chapters=sections)


def further_chapters(report: Report, words: Words) -> Iterator[Chapter]:
    """Yield a chapter for each other dataset, unless all its cells are among those of the national one."""
    for release in report.releases:
        if release.dataset != NATIONAL and not is_within(release, report.headline):
            sections = tuple(
                _section(report, section, words, tuple(places.maps(release, section, words)))
                for section in report.sections_of(release.dataset)
            )
            yield Chapter(id=printed.name_of(release.dataset), title=dataset(release, words), chapters=sections)


def profiles(report: Report, cite: str, words: Words) -> Iterator[Chapter]:
    """Yield the profile of each indicator, from the first release that has it.

    Args:
        report: the model.
        cite: how the edition is cited.
        words: of the language.
    """
    codes = dict.fromkeys(section.indicator for section in report.sections)
    for code in codes:
        known = next(entry for release in report.releases if (entry := release.manifest["indicators"].get(code)))
        about = {"indicator": wording.title(code, words), "code": code, "whole": cite}
        entries = [
            *_terms(code, known, words),
            (words.text("edition.profile.cite"), words.text("edition.profile.cite.text", **about)),
        ]
        terms = TermList(entries=tuple(DefinedTerm(term=term, text=text) for term, text in entries))
        yield Chapter(id=code, title=about["indicator"], code=code, blocks=(terms,))


def _terms(code: str, known: dict[str, Any], words: Words) -> Iterator[tuple[str, str]]:
    stem = f"indicator.{wording.indicator_key(code)}"
    yield words.text("edition.profile.part"), words.text(f"{stem}.numerator")
    if f"{stem}.denominator" in words:
        yield words.text("edition.profile.base"), words.text(f"{stem}.denominator")
    if derived := known.get("derived_by"):
        least = max(int(derivation.get("minimum_base", 0)) for derivation in derived.values())
        sentences = [words.text("edition.profile.interval.text")]
        sentences += [words.text("edition.profile.minimum_base", count=least)] if least else []
        yield words.text("edition.profile.interval"), " ".join(sentences)
    lists = {
        "holders": [wording.body(str(holder), words) for holder in known.get("holders", [])],
        "demand": [words.text(f"demand.{demand}") for demand in known.get("demand", [])],
        "article": list(_articles(known.get("law_article"), words)),
    }
    for name, texts in lists.items():
        if texts:
            yield words.text(f"dictionary.field.{name}"), wording.list_texts(texts, words)


def _articles(named: str | list[str] | None, words: Words) -> Iterator[str]:
    """Yield the articles of law that a card names, in words."""
    for reference in law_articles.divide_references(named):
        if said := law_articles.message_of(reference):
            key, arguments = said
            yield words.text(key, **arguments)


def pillar_of(indicator: str) -> str:
    """Return the pillar of an indicator, by the letters of its code."""
    return _LETTERS.get(indicator.partition("-")[0], PILLARS[-1])


def is_within(release: ReportedRelease, other: ReportedRelease | None) -> bool:
    """Return whether another release has every cell of this one with the same figure and mark."""
    return other is not None and all(other.cells.get(key) == cell for key, cell in release.cells.items())


def dataset(release: ReportedRelease, words: Words) -> str:
    """Return the title of a dataset."""
    return words.text(f"dataset.{release.dataset}.title")


def section_id(section: IndicatorSection) -> str:
    """Return the id of a section: `prt-01-section` in a pillar, elsewhere preceded by its dataset."""
    parts = (*(() if section.dataset == NATIONAL else (section.dataset,)), section.indicator, "section")
    return printed.name_of("-".join(parts))


def _section(report: Report, section: IndicatorSection, words: Words, maps: tuple[MapBlock, ...] = ()) -> Chapter:
    unit = words.text("page.unit", unit=words.text(f"unit.{section.unit}"))
    blocks: list[Block] = [Paragraph(text=f"{wording.definition(section.indicator, words)} {unit}.", tone="lead")]
    drawn = drawings.section_charts(report, section, words) if section.dataset == NATIONAL else []
    blocks += drawn
    if section.dataset == NATIONAL and section.indicator == age_picture.IDENTIFIED:
        blocks += age_picture.age_pyramid(report, words)
    blocks += maps
    blocks += [printed.table(table, section, words) for table in _children_first(section.tables) if table.groups]
    under_charts = {note for chart in drawn for note in chart.notes}
    trends = [sentence for sentence in _trends(report, section, words) if sentence not in under_charts]
    has_figures = any(table.groups for table in section.tables)
    own = notes(section, words) if has_figures else wording.coverage_notes(section, words)
    sentences = [*own, *trends]
    if sentences:
        blocks.append(ItemList(label=words.text("page.notes"), texts=tuple(sentences)))
    return Chapter(
        id=section_id(section),
        title=wording.title(section.indicator, words),
        blocks=tuple(blocks),
        code=section.indicator,
        dataset=section.dataset,
    )


def notes(section: IndicatorSection, words: Words) -> list[str]:
    """Return the notes of a section: its protection, breaks, coverage and caveats."""
    return [
        *wording.method_notes(section, words),
        *wording.breaks(section, words),
        *wording.coverage_notes(section, words),
        *wording.caveats(section, words),
    ]


def _trends(report: Report, section: IndicatorSection, words: Words) -> list[str]:
    """Return the sentences on trends; of the national dataset only, whose series are the longest."""
    asked = trends_of(report, section.indicator) if section.dataset == NATIONAL else []
    return [trend_text.sentence(trend.trend, trend.area, words) for trend in asked]


def _children_first(tables: tuple[ReleasedTable, ...]) -> list[ReleasedTable]:
    """Return the tables area by area, totals first, then those by age: children come before other breakdowns."""
    places = list(dict.fromkeys(table.place for table in tables))
    ranked: dict[tuple[str, ...], int] = {(): 0, ("age",): 1}
    return sorted(tables, key=lambda table: (places.index(table.place), ranked.get(table.dimensions, 2)))
