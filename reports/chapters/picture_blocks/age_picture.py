"""Identified victims by age and sex as a pyramid, children in their own colour.

Belongs here: its bands. Victims whose sex or age is not known have bands of their own or a note: they are not assigned
to any group. Does not belong here: presumed victims, who have charts over years.
"""

from __future__ import annotations

from collections.abc import Iterator

from languages import dates
from languages.words import Words
from reports.analysis import report_scope
from reports.chapters import printed
from reports.chapters.picture_blocks import told_picture
from reports.editions.printed_parts import PictureBlock, PictureRow
from reports.phrases import wording
from reports.released.report_model import Report

IDENTIFIED = "PRT-02"
QUESTION = "how_many_victims_are_identified_in_the_year"
"""Its answer is the sentence above the picture."""
_AGES = ("Y0T17", "AMBIGUOUS", "Y_GE18", "_U")
_SEXES = ("F", "M")
_UNKNOWN = "_U"
_LEAST_BANDS = 2
_ABSENT = ("n", "x")


def age_pyramid(report: Report, words: Words) -> Iterator[PictureBlock]:
    """Yield the pyramid of the report's latest year, unless fewer than two of its bands have a figure."""
    area, year = report_scope.main_area(report), report_scope.latest_year(report)
    rows = tuple(_bands(report, area, year, words))
    if sum(any(figure.value is not None for figure in row.figures) for row in rows) < _LEAST_BANDS:
        return
    columns = tuple(words.label("sex", code) for code in _SEXES)
    name = words.text(
        "edition.picture.pyramid",
        indicator=wording.title(IDENTIFIED, words),
        place=wording.area(area, words),
        year=dates.year(words, year),
    )
    yield PictureBlock(
        id="identified-by-age-and-sex",
        form="pyramid",
        title=name,
        alternative=told_picture.alternative(name, rows, columns, words),
        row_heading=words.text("page.heading.age"),
        columns=columns,
        rows=rows,
        notes=tuple(_unknown(report, area, year, words)),
        table=told_picture.table_of(report, "four-ps-national-prt-02-sex-age"),
    )


def _bands(report: Report, area: str, year: str, words: Words) -> Iterator[PictureRow]:
    for age in _AGES:
        cells = [report.cell(IDENTIFIED, "COUNT", area, year, sex=sex, age=age) for sex in _SEXES]
        if any(cell.mark not in _ABSENT for cell in cells):
            figures = tuple(printed.figure(cell, words) for cell in cells)
            is_certain = age in ("Y0T17", "Y_GE18")
            label = words.label("age", age)
            yield PictureRow(label=label, figures=figures, is_of_children=age == "Y0T17", is_aside=not is_certain)


def _unknown(report: Report, area: str, year: str, words: Words) -> Iterator[str]:
    """Yield the number of victims whose sex is not known, if the release has it."""
    cell = report.cell(IDENTIFIED, "COUNT", area, year, sex=_UNKNOWN)
    if cell.mark not in _ABSENT:
        label = words.label("sex", _UNKNOWN)
        yield words.text("edition.measured", indicator=label, measure=printed.figure(cell, words).told)
