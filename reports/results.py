"""Key results: plain sentences about released figures of the latest year.

Belongs here: which figures are told first, and what may be said of them. A direction is claimed only where rounding
cannot have made it and the same bodies reported in both years; a withheld figure is named as withheld, and nothing is
computed around it.
Does not belong here: the sentences themselves (`languages/*.po`, keys `page.result.…`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from languages import dates
from languages.words import Words
from reports import wording
from reports.model import NATIONAL, Report
from reports.tables import Cell


@dataclass(frozen=True)
class Result:
    """One key result: the figure as printed, the sentence, and how exact the figure is."""

    figure: str
    sentence: str
    note: str = ""


@dataclass(frozen=True)
class _Told:
    """A figure that is told, and the key of its sentence."""

    key: str
    indicator: str
    measure: str
    age: str = "_T"
    is_compared: bool = False


# In the order of reading: who was found, who was recognised, what became of them, who answers for it, what is missing.
_TOLD = (
    _Told("prt_01", "PRT-01", "COUNT", is_compared=True),
    _Told("prt_01_children", "PRT-01", "COUNT", age="Y0T17"),
    _Told("prt_02", "PRT-02", "COUNT", is_compared=True),
    _Told("prt_03", "PRT-03", "SHARE"),
    _Told("ncr_01", "NCR-01", "NUMERATOR"),
    _Told("prt_08_asked", "PRT-08", "DENOMINATOR"),
    _Told("prt_08", "PRT-08", "SHARE"),
    _Told("prs_03", "PRS-03", "COUNT", is_compared=True),
    _Told("prs_05", "PRS-05", "COUNT", is_compared=True),
    _Told("par_07", "PAR-07", "SHARE"),
    _Told("par_10", "PAR-10", "RELATIVE_GAP"),
)
_COUNTRY, _FEDERAL = "IQ", "IQ-FED"
_HEADLINE = ("PRT-01", "PRT-02")


def area(report: Report) -> str:
    """Return the area that the key results are about: the country where all regions tell of both, else federal Iraq.

    Both are presumed and identified victims: a country of which only the one is known has no headline.
    """
    wholes = [report.cell(code, "COUNT", _COUNTRY, latest_year(report)) for code in _HEADLINE]
    return _COUNTRY if all(whole.value is not None for whole in wholes) else _FEDERAL


def rounding_base(report: Report) -> int:
    """Return the rounding base of the figures that are told; 0 if none of them was rounded."""
    return max((_base(cell) for _, cell in _told_cells(report)), default=0)


def key_results(report: Report, words: Words) -> list[Result]:
    """Return the key results; a figure that is not in the release at all is passed over."""
    return [_result(report, told, cell, words) for told, cell in _told_cells(report)]


def _told_cells(report: Report) -> Iterator[tuple[_Told, Cell]]:
    place, year = area(report), latest_year(report)
    for told in _TOLD:
        cell = report.cell(told.indicator, told.measure, place, year, age=told.age)
        if cell.mark != "n":
            yield told, cell


def _result(report: Report, told: _Told, cell: Cell, words: Words) -> Result:
    year = dates.year(words, latest_year(report))
    if cell.value is None or cell.mark == "low":
        subject = _subject(told, words)
        sentence = words.text(f"page.result.without.{cell.mark}", subject=subject, year=year, base=_base(cell) or 1)
        return Result(wording.mark(cell), sentence)
    printed = wording.figure(cell, words)
    if cell.is_share:
        sentence = words.text(f"page.result.{told.key}", year=year, share=printed)
    else:
        sentence = words.text(f"page.result.{told.key}", year=year, count=int(cell.value))
    if told.is_compared:
        sentence = " ".join(filter(None, (sentence, _comparison(report, told, cell, words))))
    return Result(printed, sentence, _note(cell, words))


def _note(cell: Cell, words: Words) -> str:
    if cell.method == "DERIVED":
        return words.text("page.result.derived")
    return words.text("page.result.rounded") if _base(cell) else ""


def _subject(told: _Told, words: Words) -> str:
    title = wording.title(told.indicator, words)
    if told.age == "_T":
        return title
    return words.text("page.caption.of", first=title, second=words.label("age", told.age))


def _comparison(report: Report, told: _Told, cell: Cell, words: Words) -> str:
    year = latest_year(report)
    before = str(int(year) - 1)
    earlier = report.cell(told.indicator, told.measure, area(report), before)
    if cell.value is None or earlier.value is None or earlier.mark == "low":
        return ""
    said = {"year": dates.year(words, before), "figure": wording.figure(earlier, words)}
    if not _all_reported(report, told.indicator, (before, year)):
        return words.text("page.result.compared.incomplete", **said)
    change = cell.value - earlier.value
    if abs(change) <= _slack(cell) + _slack(earlier):
        return words.text("page.result.compared.similar", **said)
    return words.text(f"page.result.compared.{'more' if change > 0 else 'fewer'}", **said)


def _all_reported(report: Report, indicator: str, years: tuple[str, ...]) -> bool:
    found = [
        coverage
        for section in report.of(NATIONAL)
        if section.indicator == indicator
        for coverage in section.coverage
        if coverage.area == area(report)
    ]
    return bool(found) and not any(year in found[0].incomplete_years for year in years)


def _base(cell: Cell) -> int:
    """Return the rounding base of a cell; 0 for one that was not rounded."""
    name, _, base = cell.method.partition("_")
    return int(base) if name == "ROUNDED" else 0


def _slack(cell: Cell) -> int:
    """Return how far a rounded figure may lie from the true one: less than the base."""
    return max(0, _base(cell) - 1)


def latest_year(report: Report) -> str:
    """Return the last year of any release of the report: the one that the key results tell."""
    return max(str(year) for release in report.releases for year in release.frame["time_period"])
