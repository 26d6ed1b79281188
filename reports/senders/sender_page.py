"""The figures of an agency's page: its own records beside the released figures made from them.

Belongs here: which released figures an agency is shown. It sees the numbers of the records that it sent, and figures
that are released to everybody; never a figure of another agency, nor an unreleased national one.
Does not belong here: what it sent and the quality of that (`ingestion/quality/quality_measures.py`), the page
(`quality_page.py` there).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from ingestion.cards.source_card import load_shape, load_source, source_names
from ingestion.quality.quality_measures import BodyQuality
from ingestion.quality.quality_page import ComparedGroup, ComparedRow, Comparison, Names
from languages import dates
from languages.numbers import number
from languages.words import Words
from reports.phrases import wording
from reports.released.released_tables import ReleasedCell
from reports.released.report_model import Report

COUNTRY = "IQ"
MOST_YEARS = 8


def compare_records(report: Report, quality: BodyQuality, words: Words) -> Comparison | None:
    """Return the records of an agency beside the released figures that it is a holder of, by unit of count.

    Args:
        report: the released files; the figures are those of the national dataset.
        quality: of the agency; its numbers of records by kind and year are shown as it sent them.
        words: of the reader.

    Returns:
        None if no national dataset is released, or no figure of it is made from this agency's records.
    """
    years = _years(report, quality)
    released = dict(_released_rows(report, quality.source, years, words))
    if not report.headline or not released:
        return None
    own = _own_rows(quality, years, words)
    groups = [_group(unit, own.pop(unit, []), rows, words) for unit, rows in released.items()]
    left = [row for rows in own.values() for row in rows]
    if left:
        groups.append(ComparedGroup(words.text("quality.beside.other"), "", tuple(left)))
    shown = " ".join(cell for group in groups for row in group.rows for cell in row.cells)
    signs = {name: wording.sign(name, words) for name in ("low", "x", "c", "n")}
    marks = [(sign, words.text(f"mark.{name}")) for name, sign in signs.items() if sign in shown]
    return Comparison(
        report.headline.version,
        tuple(dates.year(words, year) for year in years),
        tuple(groups),
        tuple(marks),
    )


def _group(unit: str, own: Sequence[ComparedRow], rows: Sequence[ComparedRow], words: Words) -> ComparedGroup:
    note = "" if own else words.text("quality.beside.no_records")
    return ComparedGroup(words.text(f"unit.{unit}"), note, (*own, *rows))


def _years(report: Report, quality: BodyQuality) -> list[str]:
    sent = {year_quality.period for year_quality in quality.years}
    return sorted({*sent, *report.headline_years})[-MOST_YEARS:]


def _own_rows(quality: BodyQuality, years: Sequence[str], words: Words) -> dict[str, list[ComparedRow]]:
    """Return the numbers of records as sent, by unit; a dash if none came, which is not a zero."""
    names = Names(load_source(quality.source), words)
    by_unit: dict[str, list[ComparedRow]] = {}
    for shape in dict.fromkeys(year_quality.shape for year_quality in quality.years):
        yearly = {year_quality.period: year_quality for year_quality in quality.years if year_quality.shape == shape}
        counted = {
            year: number(year_quality.rows, words.numerals) + (" *" if year_quality.is_part else "")
            for year, year_quality in yearly.items()
        }
        label = words.text("quality.beside.own", table=names.table(shape))
        unit = load_shape(shape).unit_of_count.upper()
        by_unit.setdefault(unit, []).append(ComparedRow(label, "", _cells(counted, years), is_own=True))
    return by_unit


def _cells(by_year: Mapping[str, str], years: Sequence[str]) -> tuple[str, ...]:
    return tuple(by_year.get(year, "–") for year in years)


def _released_rows(
    report: Report, source: str, years: Sequence[str], words: Words
) -> Iterator[tuple[str, list[ComparedRow]]]:
    """Yield unit -> the released totals of the indicators for which the release names the agency as a holder."""
    if not report.headline:
        return
    by_unit: dict[str, list[ComparedRow]] = {}
    for section in report.sections_of(report.headline.dataset):
        holders = [str(name) for name in report.headline.manifest["indicators"][section.indicator].get("holders", [])]
        if source in holders:
            rows = list(_rows(report, section.indicator, source, holders, years, words))
            by_unit.setdefault(section.unit, []).extend(rows)
    yield from ((unit, rows) for unit, rows in by_unit.items() if rows)


def _rows(
    report: Report, indicator: str, source: str, holders: Sequence[str], years: Sequence[str], words: Words
) -> Iterator[ComparedRow]:
    """Yield the counts of one indicator, for the agency's region and for the whole country, if any is published."""
    measure = _measure(report, indicator, words)
    for area in dict.fromkeys((load_source(source).region, COUNTRY)):
        cells = {year: report.cell(indicator, measure, area, year) for year in years} if measure else {}
        if all(cell.value is None for cell in cells.values()):
            continue
        title = wording.title(indicator, words)
        if measure != "COUNT":
            title = words.text("page.caption.of", first=title, second=wording.measure(indicator, measure, words))
        label = words.text("page.caption.of", first=title, second=wording.area(area, words))
        others = [name for name in holders if name != source and _reports_for(name, area)]
        note = words.text("quality.beside.others", count=len(others)) if others else words.text("quality.beside.alone")
        yield ComparedRow(label, note, _cells({year: _cell_text(cell, words) for year, cell in cells.items()}, years))


def _measure(report: Report, indicator: str, words: Words) -> str:
    """Return the measure that counts an indicator; empty for none.

    For a share it is the base, if that has a name of its own: another base may be made from other agencies' records.
    For a
    rate there is none, since the indicator that it is the rate of counts the same.
    """
    if not report.headline or "RATE" in report.headline.manifest["indicators"][indicator].get("derived", {}):
        return ""
    released = {key[1] for key in report.headline.cells if key[0] == indicator}
    named = f"page.measure.{wording.indicator_key(indicator)}.denominator" in words
    return next((name for name in ("COUNT", "DENOMINATOR") if name in released and (name == "COUNT" or named)), "")


def _reports_for(source: str, area: str) -> bool:
    """Return whether an agency's records count in an area; one without a card here is assumed to report."""
    return area == COUNTRY or source not in source_names() or load_source(source).region in (area, COUNTRY)


def _cell_text(cell: ReleasedCell, words: Words) -> str:
    return " ".join(text for text in (wording.figure(cell, words), wording.mark(cell, words)) if text)
