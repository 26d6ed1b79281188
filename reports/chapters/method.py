"""Method: what indicators mean, where series break, which agencies report, and what changed since the last edition.

Belongs here: these chapters. Does not belong here: comparing releases (`reports/released/year_changes.py`,
`reports/analysis/change_list.py`), how figures are read and protected (`closing.py`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from languages import dates
from languages.numbers import number
from languages.words import Words
from reports.analysis import revised_totals
from reports.analysis.change_list import KINDS, ChangedCells, changed_cells
from reports.chapters import printed
from reports.chapters.indicators import dataset
from reports.editions.edition import (
    Block,
    Chapter,
    DefinedTerm,
    ItemList,
    Paragraph,
    TableBlock,
    TableColumn,
    TableRow,
    TermList,
)
from reports.phrases import wording
from reports.released.print_order import rank
from reports.released.report_model import Report, ReportedRelease


def method(report: Report, words: Words) -> Chapter:
    """Return the definitions of all indicators, the breaks of their series, and the agencies behind them."""
    sections = (_definitions(report, words), *_breaks(report, words), *_sources(report, words))
    return Chapter(id="method", title=words.text("edition.method.title"), chapters=sections)


def changes(report: Report, words: Words) -> Chapter:
    """Return what changed since the last edition; for a first one, that there is nothing to compare."""
    changes = {change.dataset: change for change in report.changes}
    blocks: list[Block] = [Paragraph(text=words.text("page.changes.intro"), tone="lead")]
    sections: list[Chapter] = []
    for release in report.releases:
        sentences = wording.changes(changes[release.dataset], words) if release.dataset in changes else []
        sentences += [revised_totals.sentence(total, words) for total in revised_totals.revised_totals(release)]
        own: list[Block] = []
        if release.previous is None:
            own.append(Paragraph(text=words.text("edition.changes.first")))
        elif sentences:
            own += [ItemList(label=dataset(release, words), texts=tuple(sentences)), _count_table(release, words)]
        else:
            own.append(Paragraph(text=words.text("edition.changes.none")))
        title = dataset(release, words)
        sections.append(Chapter(id=f"changes-{printed.name_of(release.dataset)}", title=title, blocks=tuple(own)))
    return Chapter(id="changes", title=words.text("page.changes.title"), blocks=tuple(blocks), chapters=tuple(sections))


def _count_table(release: ReportedRelease, words: Words) -> TableBlock:
    """Return how many cells of each indicator were added, dropped, revised or withheld; `changes.csv` has the years."""
    counts: dict[str, Counter[str]] = {}
    for line in changed_cells(release):
        counts.setdefault(line.indicator, Counter()).update(_kinds(line))
    rows = (
        TableRow(
            label=wording.title(code, words),
            cells=tuple(printed.text(number(counts[code][kind], words.numerals)) for kind in KINDS),
            code=code,
        )
        for code in counts
    )
    own_sheet = f"edition.changes.sheet.{release.dataset}"
    return printed.ungrouped_table(
        f"changes-{printed.name_of(release.dataset)}-table",
        words.text("edition.changes.caption", dataset=dataset(release, words)),
        words.text("page.demand.indicator"),
        (TableColumn(text=words.text(f"edition.changes.{kind}"), code=kind) for kind in KINDS),
        rows,
        sheet=words.text(own_sheet if own_sheet in words else "edition.changes.sheet"),
        unit=words.text("edition.changes.unit"),
    )


def _kinds(line: ChangedCells) -> dict[str, int]:
    return {kind: int(getattr(line, kind)) for kind in KINDS}


def _definitions(report: Report, words: Words) -> Chapter:
    units = {section.indicator: section.unit for section in report.sections}
    entries = tuple(
        DefinedTerm(
            term=f"{wording.title(code, words)} ({code})",
            text=f"{wording.definition(code, words)} {words.text('page.unit', unit=words.text(f'unit.{unit}'))}.",
        )
        for code, unit in sorted(units.items(), key=lambda pair: rank("indicator", pair[0]))
    )
    return _section("definitions", [TermList(entries=entries)], words)


def _breaks(report: Report, words: Words) -> Iterator[Chapter]:
    by_code = {series_break.code: series_break for release in report.releases for series_break in release.breaks}
    if report.headline:
        by_code |= {series_break.code: series_break for series_break in report.headline.breaks}
    texts = tuple(
        words.text(
            "notes.breaks.item",
            first=dates.year(words, series_break.years[0]),
            last=dates.year(words, series_break.years[1]),
            kind=words.text(f"break.kind.{series_break.kind}"),
            what=words.text(f"break.{series_break.code}"),
            areas=wording.list_texts((wording.area(area, words) for area in series_break.areas), words),
            indicators=wording.list_texts((wording.title(code, words) for code in series_break.indicators), words),
        )
        for series_break in by_code.values()
    )
    if texts:
        intro = Paragraph(text=words.text("notes.breaks.intro"))
        label = words.text("notes.breaks.heading")
        yield _section("breaks", [intro, ItemList(label=label, texts=texts)], words)


def _sources(report: Report, words: Words) -> Iterator[Chapter]:
    """Yield the agencies that hold the records behind the figures, as the releases name them."""
    holders = {
        str(code)
        for release in report.releases
        for known in release.manifest["indicators"].values()
        for code in known.get("holders", [])
    }
    names = tuple(wording.body(code, words) for code in sorted(holders))
    if names:
        label = words.text("edition.method.sources")
        yield _section("sources", [ItemList(label=label, texts=names)], words)


def _section(name: str, blocks: list[Block], words: Words) -> Chapter:
    return Chapter(id=f"method-{name}", title=words.text(f"edition.method.{name}"), blocks=tuple(blocks))
