"""The front page: how many presumed victims were first met last year, how certain that is, and who did not report.

Belongs here: the three answers, each a few plain sentences about one released figure, correct also if it is missing,
withheld or small. Does not belong here: who did not report (`reports/analysis/nonreporting.py`), the words themselves.
"""

from __future__ import annotations

from collections.abc import Iterator

from expectations.cards.areas import COUNTRY, REGIONS
from expectations.cards.cells import LATE_CASES, rounding_base, rounding_error
from languages import dates
from languages.words import Words
from reports.analysis import report_scope
from reports.analysis.nonreporting import missing_reports
from reports.editions.edition import FrontPageAnswers
from reports.phrases import wording
from reports.phrases.figure_words import Count, count_words
from reports.released.released_tables import ReleasedCell
from reports.released.report_model import NATIONAL, BodiesReported, Report

INDICATOR, CHILDREN = "PRT-01", "Y0T17"


def answers(report: Report, words: Words) -> FrontPageAnswers | None:
    """Return the three answers; None if the national dataset is not released."""
    if report.headline is None:
        return None
    year, area = report_scope.latest_year(report), _area(report)
    cell = report.cell(INDICATOR, "COUNT", area, year)
    return FrontPageAnswers(
        found=" ".join(_found(report, cell, year, area, words)),
        certainty=" ".join(_certainty(report, cell, year, area, words)),
        silent=" ".join(silence(report, year, words)),
    )


def _area(report: Report) -> str:
    """Return the country if its figure is published, else the main area of the report."""
    whole = report.cell(INDICATOR, "COUNT", COUNTRY, report_scope.latest_year(report))
    return report_scope.main_area(report) if whole.value is None else COUNTRY


def _found(report: Report, cell: ReleasedCell, year: str, area: str, words: Words) -> Iterator[str]:
    about = {"year": dates.year(words, year), "area": wording.area(area, words)}
    if cell.mark == "low":
        yield words.text("edition.answer.found.low", **about, base=rounding_base(cell.method) or 1)
    elif cell.value is None:
        yield words.text(f"edition.answer.found.{'withheld' if cell.mark == 'c' else 'missing'}", **about)
    else:
        yield words.text("edition.answer.found", **about, **_counted(cell, words))
        children = report.cell(INDICATOR, "COUNT", area, year, age=CHILDREN)
        if children.value and children.mark != "low":
            text = words.text("edition.answer.found.children", **_counted(children, words))
            yield text[:1].upper() + text[1:]


def _counted(cell: ReleasedCell, words: Words) -> dict[str, str | float]:
    """Return a count for the plural form, and as it is said."""
    value = int(cell.value or 0)
    return {"count": value, "figure": count_words(Count(value, rounding_error(cell.method)), words)}


def _certainty(report: Report, cell: ReleasedCell, year: str, area: str, words: Words) -> Iterator[str]:
    is_told = cell.value is not None
    if is_told:
        yield _exactness(cell, words)
    elif cell.mark == "c":
        yield words.text("edition.answer.certainty.withheld")
    if is_told and report.is_frozen(INDICATOR, year):
        yield words.text("edition.answer.certainty.frozen", most=LATE_CASES - 1)
    yield from _coverage(report, year, area, words)
    if cell.mark == "p":
        yield words.text("edition.answer.certainty.part")
    if is_told:
        yield words.text("edition.story.detected")


def _exactness(cell: ReleasedCell, words: Words) -> str:
    base = rounding_base(cell.method)
    return (
        words.text("edition.answer.certainty.rounded", base=base)
        if base
        else words.text("edition.answer.certainty.exact")
    )


def _coverage(report: Report, year: str, area: str, words: Words) -> Iterator[str]:
    """Yield how many of the agencies that hold the figure reported it; of the country those of both regions."""
    areas = REGIONS if area == COUNTRY else (area,)
    bodies = [
        coverage.reported.get(year, BodiesReported(0, 0))
        for section in report.sections_of(NATIONAL)
        for coverage in section.coverage
        if section.indicator == INDICATOR and coverage.area in areas
    ]
    received, expected = sum(each.received for each in bodies), sum(each.expected for each in bodies)
    if expected:
        key = "all" if received >= expected else "some" if received else "none"
        yield words.text(f"edition.answer.certainty.{key}", reported=received, expected=expected)


def silence(report: Report, year: str, words: Words) -> Iterator[str]:
    """Yield who did not report for a year, a sentence each: agencies, those not due yet, regions that are left out."""
    missing, printed_year = missing_reports(report, year), dates.year(words, year)
    if not missing:
        yield words.text("edition.answer.silent.nobody", year=printed_year)
    if missing.bodies:
        names = words.text("edition.separator").join(wording.body(code, words) for code in missing.bodies)
        yield words.text("edition.answer.silent.bodies", year=printed_year, count=len(missing.bodies), bodies=names)
    if missing.is_unnamed:
        yield words.text("edition.answer.silent.unnamed", year=printed_year)
    if missing.awaited:
        names = words.text("edition.separator").join(wording.body(code, words) for code in missing.awaited)
        yield words.text("edition.answer.silent.awaited", year=printed_year, bodies=names)
    yield from _regions(report, year, words)


def _regions(report: Report, year: str, words: Words) -> Iterator[str]:
    """Yield the regions that the figure does not cover."""
    cells = {area: report.cell(INDICATOR, "COUNT", area, year) for area in REGIONS}
    without = [area for area, cell in cells.items() if cell.value is None and cell.mark != "c"]
    if without:
        areas = wording.list_texts((wording.area(area, words) for area in without), words)
        yield words.text("edition.answer.silent.regions", year=dates.year(words, year), areas=areas)
