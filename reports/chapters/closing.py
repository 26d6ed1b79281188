"""The chapters that an edition closes with: who reported, what changed, how to read it, where it comes from.

Belongs here: their blocks. Does not belong here: comparing releases (`reports/changes.py`), sentences (`wording.py`).
"""

from __future__ import annotations

from collections.abc import Iterator

from expectations.blocks import LATE_CASES
from languages import dates
from languages.words import Words
from reports import wording
from reports.chapters import printed
from reports.chapters.indicators import dataset, name_of
from reports.edition import (
    Block,
    Chapter,
    Column,
    Figure,
    Items,
    Paragraph,
    RowGroup,
    TableBlock,
    TableRow,
    Term,
    Terms,
)
from reports.model import NATIONAL, Coverage, Release, Report

MARKS = ("low", "x", "c", "n", "p", "r", "b")


def coverage(report: Report, words: Words) -> Iterator[Chapter]:
    """Yield which bodies reported, area by area, unless nothing was expected."""
    by_area: dict[str, list[Coverage]] = {}
    for section in report.of(NATIONAL):
        for found in section.coverage:
            if any(expected for _, expected in found.reported.values()):
                by_area.setdefault(found.area, []).append(found)
    if by_area:
        tables = tuple(_coverage(area, found, report, words) for area, found in by_area.items())
        intro = Paragraph(text=words.text("page.coverage.intro"), tone="lead")
        yield Chapter(id="coverage", title=words.text("page.coverage.title"), blocks=(intro, *tables))


def changes(report: Report, words: Words) -> Iterator[Chapter]:
    """Yield what changed since the last release, unless there was none."""
    if not report.changes:
        return
    blocks: list[Block] = [Paragraph(text=words.text("page.changes.intro"), tone="lead")]
    for change in report.changes:
        title = words.text(f"dataset.{change.dataset}.title")
        blocks.append(Items(label=title, texts=tuple(wording.changes(change, words)), is_titled=True))
    yield Chapter(id="changes", title=words.text("page.changes.title"), blocks=tuple(blocks))


def reading(report: Report, words: Words) -> Chapter:
    """Return how to read the figures: marks, protection, late cases, periods, units."""
    minimum = max(release.minimum_base for release in report.releases)
    marks = Terms(entries=tuple(Term(term=f"[{mark}]", text=words.text(f"mark.{mark}")) for mark in MARKS))
    protection = [words.text(f"page.reading.protection.{part}", minimum=minimum)
                  for part in ("rounding", "exact", "shares", "never")]  # fmt: skip
    sections = [
        _part("marks", words, [Paragraph(text=words.text("page.reading.marks_intro")), marks]),
        _part("protection", words, [Paragraph(text=text) for text in protection]),
        *_late(report, words),
        _part("periods", words, [Paragraph(text=words.text("page.reading.periods.text"))]),
        _part("units", words, [Paragraph(text=words.text("page.reading.units.text"))]),
    ]
    return Chapter(id="reading", title=words.text("page.reading.title"), chapters=tuple(sections))


def provenance(report: Report, words: Words) -> Chapter:
    """Return where the figures come from: each dataset with its version, hash, licence and contact."""
    blocks: list[Block] = [Paragraph(text=words.text("page.provenance.text"), tone="lead")]
    sections = tuple(_release(release, words) for release in report.releases)
    return Chapter(id="provenance", title=words.text("page.provenance.title"), blocks=tuple(blocks), chapters=sections)


def _coverage(area: str, found: list[Coverage], report: Report, words: Words) -> TableBlock:
    years = report.headline_years

    def cell(one: Coverage, year: str) -> Figure:
        if year not in one.reported:
            return Figure(mark="n")
        reported, expected = one.reported[year]
        return printed.text(words.text("page.coverage.cell", reported=reported, expected=expected))

    rows = (
        TableRow(label=wording.title(one.indicator, words), cells=tuple(cell(one, year) for year in years))
        for one in found
    )
    return TableBlock(
        id=f"coverage-{area}".lower(),
        caption=words.text("page.coverage.caption", area=wording.area(area, words)),
        unit="",
        row_heading=words.text("page.coverage.indicator"),
        columns=tuple(Column(text=dates.year(words, year), code=year) for year in years),
        groups=(RowGroup(heading="", rows=tuple(rows)),),
    )


def _part(name: str, words: Words, blocks: list[Block]) -> Chapter:
    return Chapter(id=f"reading-{name}", title=words.text(f"page.reading.{name}"), blocks=tuple(blocks))


def _late(report: Report, words: Words) -> Iterator[Chapter]:
    held = wording.held(report, words)
    if held:
        told = Paragraph(text=words.text("page.reading.late.text", most=LATE_CASES - 1))
        yield _part("late", words, [told, Items(label=words.text("page.reading.late"), texts=tuple(held))])


def _release(release: Release, words: Words) -> Chapter:
    name, address = wording.contact(release)
    licence, path = wording.licence(release)
    machine = {"version": release.version, "sha256": release.sha256}
    entries = [
        Term(term=words.text("page.provenance.dataset"), text=release.dataset, machine=True),
        Term(term=words.text("page.provenance.period"), text=wording.period(release, words)),
        *(Term(term=words.text(f"page.provenance.{key}"), text=text, machine=True) for key, text in machine.items()),
        Term(term=words.text("page.provenance.licence"), text=" ".join((licence, path)).strip(), machine=True),
        Term(term=words.text("page.provenance.contact"), text=" ".join((name, address)).strip(), machine=True),
    ]
    return Chapter(
        id=f"provenance-{name_of(release.dataset)}",
        title=dataset(release, words),
        blocks=(Terms(entries=tuple(entries)),),
    )
