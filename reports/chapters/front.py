"""The front page: how many child victims were identified last year, how certain that is, and who did not report.

Belongs here: the three answers, each a few plain sentences about released figures, correct also if the figure is
missing, withheld or small. Does not belong here: who did not report (`reports/analysis/nonreporting.py`), the words
themselves.
"""

from __future__ import annotations

from collections.abc import Iterator

from expectations.cards.areas import REGIONS
from expectations.cards.cells import rounding_base
from expectations.protection.constraint_systems import LATE_CASES
from languages import dates
from languages.words import Words
from reports.analysis import result_sentences
from reports.analysis.nonreporting import missing_reports
from reports.editions.edition import FrontPageAnswers
from reports.phrases import wording
from reports.released.released_tables import ReleasedCell
from reports.released.report_model import NATIONAL, Report

INDICATOR, CHILDREN = "PRT-02", "Y0T17"


def answers(report: Report, words: Words) -> FrontPageAnswers | None:
    """Return the three answers; None if the national dataset is not released."""
    if report.headline is None:
        return None
    year, area = result_sentences.latest_year(report), result_sentences.results_area(report)
    cell = report.cell(INDICATOR, "COUNT", area, year, age=CHILDREN)
    return FrontPageAnswers(
        children=_children(cell, year, area, words),
        certainty=" ".join(_certainty(report, cell, year, area, words)),
        silent=" ".join(silence(report, year, words)),
    )


def _children(cell: ReleasedCell, year: str, area: str, words: Words) -> str:
    about = {"year": dates.year(words, year), "area": wording.area(area, words)}
    if cell.mark == "low":
        return words.text("edition.answer.children.low", **about, base=rounding_base(cell.method) or 1)
    if cell.value is None:
        kind = "withheld" if cell.mark == "c" else "missing"
        return words.text(f"edition.answer.children.{kind}", **about)
    return words.text("edition.answer.children", **about, count=int(cell.value))


def _certainty(report: Report, cell: ReleasedCell, year: str, area: str, words: Words) -> Iterator[str]:
    is_told = cell.value is not None
    if is_told:
        yield _exactness(cell, words)
    elif cell.mark == "c":
        yield words.text("edition.answer.certainty.withheld")
    if is_told and report.is_frozen(INDICATOR, year):
        yield words.text("edition.answer.certainty.frozen", most=LATE_CASES - 1)
    yield from _coverage(report, year, area, words)
    if is_told:
        yield words.text("edition.answer.certainty.detected")


def _exactness(cell: ReleasedCell, words: Words) -> str:
    base = rounding_base(cell.method)
    return (
        words.text("edition.answer.certainty.rounded", base=base)
        if base
        else words.text("edition.answer.certainty.exact")
    )


def _coverage(report: Report, year: str, area: str, words: Words) -> Iterator[str]:
    """Yield how many of the agencies that hold the figure reported it."""
    for section in report.sections_of(NATIONAL):
        for coverage in section.coverage if section.indicator == INDICATOR else ():
            bodies = coverage.reported.get(year) if coverage.area == area else None
            if bodies and bodies.expected:
                key = "all" if bodies.received >= bodies.expected else "some" if bodies.received else "none"
                yield words.text(f"edition.answer.certainty.{key}", reported=bodies.received, expected=bodies.expected)


def silence(report: Report, year: str, words: Words) -> Iterator[str]:
    """Yield who did not report for a year, a sentence each: agencies, late ones, regions that the figure leaves out."""
    missing, printed_year = missing_reports(report, year), dates.year(words, year)
    if not missing:
        yield words.text("edition.answer.silent.nobody", year=printed_year)
    for kind, bodies in (("bodies", missing.bodies), ("perhaps", missing.perhaps)):
        if bodies:
            names = words.text("edition.separator").join(wording.body(code, words) for code in bodies)
            yield words.text(f"edition.answer.silent.{kind}", year=printed_year, count=len(bodies), bodies=names)
    if missing.is_unnamed:
        yield words.text("edition.answer.silent.unnamed", year=printed_year)
    yield from _regions(report, year, words)


def _regions(report: Report, year: str, words: Words) -> Iterator[str]:
    """Yield the regions that the figure does not cover."""
    cells = {area: report.cell(INDICATOR, "COUNT", area, year) for area in REGIONS}
    without = [area for area, cell in cells.items() if cell.value is None and cell.mark != "c"]
    if without:
        areas = wording.list_texts((wording.area(area, words) for area in without), words)
        yield words.text("edition.answer.silent.regions", year=dates.year(words, year), areas=areas)
