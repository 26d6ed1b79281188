"""Key results: plain sentences about released figures of the latest year.

Belongs here: which figures come first, and what may be said of them. A direction is given by the rule of the demands
(`methods/breaks.py`), if no break of the series lies between and the same agencies reported in both years. A withheld
figure is named as withheld, and nothing is computed around it.
Does not belong here: the sentences themselves (`languages/en.yml`, keys `page.result.…`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from expectations.cards import cells as released_cells
from expectations.cards.series_breaks import select_spanned_breaks
from expectations.protection.constraint_systems import LATE_CASES
from languages import dates
from languages.words import Words
from methods.breaks import YEAR_TO_YEAR, compare_counts
from reports.phrases import wording
from reports.released.released_tables import ReleasedCell
from reports.released.report_model import NATIONAL, Report


@dataclass(frozen=True)
class KeyResult:
    """One key result: the figure as published, the sentence, and how exact the figure is."""

    figure: str
    sentence: str
    note: str = ""


@dataclass(frozen=True)
class _KeyFigure:
    """A figure among the key results and the key of its sentence; `is_late`: known only after the year, from others."""

    key: str
    indicator: str
    measure: str
    age: str = "_T"
    is_compared: bool = False
    is_late: bool = False


_CHILDREN, _PERHAPS_CHILDREN = "Y0T17", "AMBIGUOUS"
# In reading order: who was found, who was identified, what became of them, who was prosecuted, what is missing.
_KEY_FIGURES = (
    _KeyFigure("prt_01", "PRT-01", "COUNT", is_compared=True),
    _KeyFigure("prt_01_children", "PRT-01", "COUNT", age=_CHILDREN),
    _KeyFigure("prt_02", "PRT-02", "COUNT", is_compared=True),
    _KeyFigure("prt_03", "PRT-03", "SHARE"),
    _KeyFigure("ncr_01", "NCR-01", "NUMERATOR"),
    _KeyFigure("prt_08_asked", "PRT-08", "DENOMINATOR"),
    _KeyFigure("prt_08", "PRT-08", "SHARE"),
    _KeyFigure("prs_03", "PRS-03", "COUNT", is_compared=True),
    _KeyFigure("prs_05", "PRS-05", "COUNT", is_compared=True),
    _KeyFigure("par_07", "PAR-07", "SHARE"),
    _KeyFigure("par_10", "PAR-10", "RELATIVE_GAP", is_late=True),
)
_COUNTRY, _FEDERAL = "IQ", "IQ-FED"
_KINDS = {"up": "more", "down": "fewer"}
_HEADLINE = ("PRT-01", "PRT-02")


def results_area(report: Report) -> str:
    """Return the area of the key results: the country if all regions publish both headline counts, else federal Iraq.

    These are presumed and identified victims: a country with only one of the two has no headline.
    """
    wholes = [report.cell(code, "COUNT", _COUNTRY, latest_year(report)) for code in _HEADLINE]
    return _COUNTRY if all(whole.value is not None for whole in wholes) else _FEDERAL


def rounding_base(report: Report) -> int:
    """Return the largest rounding base among the key results; 0 if none of them was rounded."""
    return max((released_cells.rounding_base(key_cell.cell.method) for key_cell in _key_cells(report)), default=0)


def key_results(report: Report, words: Words) -> list[KeyResult]:
    """Return the key results; a figure that the release lacks is skipped."""
    return [_result(report, key_figure, year, cell, words) for key_figure, year, cell in _key_cells(report)]


class _KeyCell(NamedTuple):
    """A figure among the key results, its year, and the released cell."""

    key_figure: _KeyFigure
    year: str
    cell: ReleasedCell


def _key_cells(report: Report) -> Iterator[_KeyCell]:
    """Yield each figure with its year: the latest, or for a late one the last year that has a figure."""
    for key_figure in _KEY_FIGURES:
        years = list(reversed(report.headline_years))
        cells = {
            year: report.cell(key_figure.indicator, key_figure.measure, results_area(report), year, age=key_figure.age)
            for year in years
        }
        known = (year for year in years if cells[year].mark not in ("x", "n"))
        year = next(known, years[0]) if key_figure.is_late else years[0]
        if cells[year].mark != "n":
            yield _KeyCell(key_figure, year, cells[year])


def _result(report: Report, key_figure: _KeyFigure, shown_year: str, cell: ReleasedCell, words: Words) -> KeyResult:
    year = dates.year(words, shown_year)
    if cell.value is None or cell.mark == "low":
        subject = _subject(key_figure, words)
        sentence = words.text(
            f"page.result.without.{cell.mark}",
            subject=subject,
            year=year,
            base=released_cells.rounding_base(cell.method) or 1,
        )
        return KeyResult(wording.mark(cell), sentence)
    printed = wording.figure(cell, words)
    if cell.is_share:
        sentence = words.text(f"page.result.{key_figure.key}", year=year, share=printed)
    else:
        sentence = words.text(f"page.result.{key_figure.key}", year=year, count=int(cell.value))
    added = (
        _comparison(report, key_figure, cell, words)
        if key_figure.is_compared
        else _upper_end(report, key_figure, shown_year, cell, words)
    )
    if shown_year != latest_year(report):
        added = words.text("page.result.last_known")
    return KeyResult(printed, f"{sentence} {added}".rstrip(), _note(report, key_figure, shown_year, cell, words))


def _upper_end(report: Report, key_figure: _KeyFigure, year: str, cell: ReleasedCell, words: Words) -> str:
    """Return the upper end of a number of children: including those of uncertain age, if that count is published."""
    if key_figure.age != _CHILDREN:
        return ""
    perhaps = report.cell(key_figure.indicator, key_figure.measure, results_area(report), year, age=_PERHAPS_CHILDREN)
    if cell.value is None or not perhaps.value or perhaps.mark == "low":
        return ""
    return words.text(
        "page.result.children_up_to", figure=wording.figure(ReleasedCell(cell.value + perhaps.value), words)
    )


def _note(report: Report, key_figure: _KeyFigure, year: str, cell: ReleasedCell, words: Words) -> str:
    """Return how exact a figure is; a freeze is named first, because it makes the larger difference."""
    if report.is_frozen(key_figure.indicator, year):
        return words.text("page.result.frozen")
    if cell.method == "DERIVED":
        return words.text("page.result.derived")
    return words.text("page.result.rounded") if released_cells.rounding_base(cell.method) else ""


def _subject(key_figure: _KeyFigure, words: Words) -> str:
    title = wording.title(key_figure.indicator, words)
    if key_figure.age == "_T":
        return title
    return words.text("page.caption.of", first=title, second=words.label("age", key_figure.age))


def _comparison(report: Report, key_figure: _KeyFigure, cell: ReleasedCell, words: Words) -> str:
    year = latest_year(report)
    before = str(int(year) - 1)
    earlier = report.cell(key_figure.indicator, key_figure.measure, results_area(report), before)
    if cell.value is None or earlier.value is None or earlier.mark == "low":
        return ""
    broken = select_spanned_breaks(
        report.headline.breaks if report.headline else [], [key_figure.indicator], results_area(report), before, year
    )
    if not _all_reported(report, key_figure.indicator, (before, year)):
        kind = "incomplete"
    elif broken:
        kind = "broken"
    else:
        kind = _KINDS.get(_direction(report, key_figure, (before, earlier), (year, cell)), "similar")
    figure = _add_note(wording.figure(earlier, words), _note(report, key_figure, before, earlier, words), kind, words)
    why = {"what": words.text(f"break.{broken[0].code}")} if kind == "broken" else {}
    return words.text(f"page.result.compared.{kind}", year=dates.year(words, before), figure=figure, **why)


def _direction(report: Report, key_figure: _KeyFigure, *years: tuple[str, ReleasedCell]) -> str:
    """Return the direction that the demands give for the same two figures: one rule for both."""
    errors = [
        released_cells.rounding_error(cell.method) + _late_cases(report, key_figure, year) for year, cell in years
    ]
    values = [np.nan if cell.value is None else cell.value for _, cell in years]
    changes = compare_counts(values[0], values[1], earlier_error=errors[0], later_error=errors[1], spread=YEAR_TO_YEAR)
    return str(np.asarray(changes.direction).reshape(-1)[0])


def _add_note(figure: str, note: str, kind: str, words: Words) -> str:
    """Return a compared figure with its note; some sentences already put it in brackets."""
    inside = "_inside" if kind in ("more", "fewer") else ""
    return words.text(f"page.result.compared.noted{inside}", figure=figure, note=note) if note else figure


def _all_reported(report: Report, indicator: str, years: tuple[str, ...]) -> bool:
    coverages = [
        coverage
        for section in report.sections_of(NATIONAL)
        if section.indicator == indicator
        for coverage in section.coverage
        if coverage.area == results_area(report)
    ]
    return bool(coverages) and not any(year in coverages[0].incomplete_years for year in years)


def _late_cases(report: Report, key_figure: _KeyFigure, year: str) -> int:
    """Return how many cases a frozen figure may lack: fewer than would cause a revision."""
    return LATE_CASES - 1 if report.is_frozen(key_figure.indicator, year) else 0


def latest_year(report: Report) -> str:
    """Return the last year of the headline: the year of the key results."""
    return report.headline_years[-1]
