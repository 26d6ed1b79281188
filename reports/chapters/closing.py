"""How to read the figures, and where they come from.

Belongs here: the blocks of these two chapters. Does not belong here: definitions and breaks (`method.py`), sentences
(`wording.py`).
"""

from __future__ import annotations

from collections.abc import Iterator

from expectations.cards.cells import LATE_CASES
from expectations.published.report_versions import ReportVersion
from languages.words import Words
from reports.chapters import printed
from reports.chapters.indicators import dataset
from reports.editions.edition import Block, Chapter, DefinedTerm, ItemList, Paragraph, TermList
from reports.editors.editorial_inputs import EditorialInputs
from reports.phrases import wording
from reports.released.report_model import Report, ReportedRelease

_MARKS = ("low", "x", "c", "n", "p", "r", "b")
_STANDINGS = ("exact", "frozen")


def reading_chapter(report: Report, words: Words) -> Chapter:
    """Return the chapter on how to read the figures: marks, protection, late cases, periods, units."""
    minimum = max(release.minimum_base for release in report.releases)
    entries = [DefinedTerm(term=wording.sign(mark, words), text=words.text(f"mark.{mark}")) for mark in _MARKS]
    entries += [
        DefinedTerm(term=words.text(f"edition.standing.{name}"), text=words.text(f"mark.{name}")) for name in _STANDINGS
    ]
    marks = TermList(entries=tuple(entries))
    protection = [words.text(f"page.reading.protection.{part}", minimum=minimum)
                  for part in ("rounding", "exact", "shares", "never")]  # fmt: skip
    sections = [
        _part("marks", words, [Paragraph(text=words.text("page.reading.marks_intro")), marks]),
        _part("protection", words, [Paragraph(text=text) for text in protection]),
        *_late_cases(report, words),
        _part("periods", words, [Paragraph(text=words.text("page.reading.periods.text"))]),
        _part("units", words, [Paragraph(text=words.text("page.reading.units.text"))]),
    ]
    return Chapter(id="reading", title=words.text("page.reading.title"), chapters=tuple(sections))


def provenance_chapter(report: Report, matter: EditorialInputs, words: Words) -> Chapter:
    """Return the chapter on the source of the figures: the report's number and its meaning, the code, each dataset."""
    own = {"edition.number": report.id, "edition.provenance.code": matter.code}
    blocks: list[Block] = [
        Paragraph(text=words.text("edition.provenance.text"), tone="lead"),
        TermList(
            entries=tuple(DefinedTerm(term=words.text(key), text=text, machine=True) for key, text in own.items())
        ),
        Paragraph(text=words.text("edition.number.text", number=report.id)),
        TermList(entries=tuple(_version(version, words) for version in report.versions)),
    ]
    sections = tuple(_release(report, release, words) for release in report.releases)
    return Chapter(id="provenance", title=words.text("page.provenance.title"), blocks=tuple(blocks), chapters=sections)


def _version(version: ReportVersion, words: Words) -> DefinedTerm:
    return DefinedTerm(term=words.text(f"dataset.{version.dataset}.title"), text=version.version, machine=True)


def _part(name: str, words: Words, blocks: list[Block]) -> Chapter:
    return Chapter(id=f"reading-{name}", title=words.text(f"page.reading.{name}"), blocks=tuple(blocks))


def _late_cases(report: Report, words: Words) -> Iterator[Chapter]:
    frozen = wording.frozen_notes(report, words)
    if frozen:
        paragraph = Paragraph(text=words.text("page.reading.late.text", most=LATE_CASES - 1))
        yield _part("late", words, [paragraph, ItemList(label=words.text("page.reading.late"), texts=tuple(frozen))])


def _release(report: Report, release: ReportedRelease, words: Words) -> Chapter:
    first, last = release.period
    licence, path = wording.licence(release)
    machine = {"version": release.version, "sha256": release.sha256}
    entries = [
        DefinedTerm(term=words.text("page.provenance.dataset"), text=release.dataset, machine=True),
        DefinedTerm(
            term=words.text("page.provenance.period"),
            text=wording.period(max(first, report.first_reported_year), last, words),
        ),
        *(
            DefinedTerm(term=words.text(f"page.provenance.{key}"), text=text, machine=True)
            for key, text in machine.items()
        ),
        DefinedTerm(term=words.text("page.provenance.licence"), text=" ".join((licence, path)).strip(), machine=True),
        printed.contact(release, words),
    ]
    return Chapter(
        id=f"provenance-{printed.name_of(release.dataset)}",
        title=dataset(release, words),
        blocks=(TermList(entries=tuple(entries)),),
    )
