"""Who reported and who did not: by agency, then by indicator.

Belongs here: the tables of coverage, from the coverage columns and from PAR-07. Does not belong here: finding who did
not report (`reports/analysis/nonreporting.py`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from expectations.cards.areas import REGIONS
from languages import dates
from languages.words import Words
from reports.analysis import report_scope
from reports.analysis.nonreporting import REPORTS
from reports.chapters import front, printed
from reports.editions.edition import Block, Chapter, Paragraph, TableBlock, TableColumn, TableRow
from reports.editions.printed_parts import PrintedFigure
from reports.phrases import wording
from reports.released.report_model import NATIONAL, Report, ReportingCoverage


def reporting_chapter(report: Report, words: Words) -> Iterator[Chapter]:
    """Yield which agencies reported, by area, unless no report was expected."""
    by_area: dict[str, list[ReportingCoverage]] = {}
    for section in report.sections_of(NATIONAL):
        for coverage in section.coverage:
            if any(bodies.expected for bodies in coverage.reported.values()):
                by_area.setdefault(coverage.area, []).append(coverage)
    if by_area:
        tables = tuple(_coverage(area, coverages, report, words) for area, coverages in by_area.items())
        intro = Paragraph(text=words.text("page.coverage.intro"))
        sections = (
            *_bodies(report, words),
            Chapter(id="coverage-indicators", title=words.text("edition.coverage.indicators"), blocks=(intro, *tables)),
        )
        sentences = front.silence(report, report_scope.latest_year(report), words)
        lead = Paragraph(text=" ".join(sentences), tone="lead")
        yield Chapter(id="coverage", title=words.text("page.coverage.title"), blocks=(lead,), chapters=sections)


def _bodies(report: Report, words: Words) -> Iterator[Chapter]:
    tables = [block for area in REGIONS for block in on_time_tables(report, area, words)]
    if tables:
        blocks: tuple[Block, ...] = (Paragraph(text=words.text("edition.coverage.on_time")), *tables)
        yield Chapter(id="coverage-bodies", title=words.text("edition.coverage.bodies"), blocks=blocks)


def on_time_tables(report: Report, area: str, words: Words) -> Iterator[TableBlock]:
    """Yield the agencies of a region by year: whether the report of each came on time, late or not at all."""
    frame = (report.headline or report.releases[0]).frame
    here = frame[(frame["indicator"] == REPORTS) & (frame["ref_area"] == area) & (frame["measure"] == "NUMERATOR")]
    bodies = sorted(str(holder) for holder in here["holder"].unique() if holder != "_T")
    if bodies:
        years = report.headline_years
        rows = (
            TableRow(
                label=wording.body(body, words),
                cells=tuple(_arrival_figure(report, area, year, body, words) for year in years),
            )
            for body in bodies
        )
        yield printed.ungrouped_table(
            f"coverage-bodies-{area}".lower(),
            words.text("edition.coverage.caption", area=wording.area(area, words)),
            words.text("page.heading.holder"),
            _years(years, words),
            rows,
            sheet=wording.sheet_of_area(words.text("edition.coverage.sheet"), area, words),
        )


def _arrival_figure(report: Report, area: str, year: str, body: str, words: Words) -> PrintedFigure:
    """Return whether an agency's report came on time, late or not at all; a mark if that is not known."""
    on_time, came = (report.cell(REPORTS, measure, area, year, holder=body) for measure in ("NUMERATOR", "COUNT"))
    if on_time.value is None:
        return printed.marked(on_time.mark, words)
    if on_time.value:
        return printed.text(words.text("edition.coverage.came"))
    return printed.text(words.text("edition.coverage.late" if came.value else "edition.coverage.never"))


def _coverage(area: str, coverages: Sequence[ReportingCoverage], report: Report, words: Words) -> TableBlock:
    years = report.headline_years

    def cell(coverage: ReportingCoverage, year: str) -> PrintedFigure:
        if year not in coverage.reported:
            return printed.marked("n", words)
        bodies = coverage.reported[year]
        return printed.text(words.text("page.coverage.cell", reported=bodies.received, expected=bodies.expected))

    rows = (
        TableRow(
            label=wording.title(coverage.indicator, words),
            cells=tuple(cell(coverage, year) for year in years),
            code=coverage.indicator,
        )
        for coverage in coverages
    )
    return printed.ungrouped_table(
        f"coverage-{area}".lower(),
        words.text("page.coverage.caption", area=wording.area(area, words)),
        words.text("page.coverage.indicator"),
        _years(years, words),
        rows,
        sheet=wording.sheet_of_area(words.text("page.coverage.sheet"), area, words),
    )


def _years(years: Sequence[str], words: Words) -> tuple[TableColumn, ...]:
    return tuple(TableColumn(text=dates.year(words, year), code=year) for year in years)
