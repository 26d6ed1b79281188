"""The way through the courts as a funnel: from reports to convictions, with those whose trial is still open.

Belongs here: its steps. Cases and persons are counted separately and never added; each step names its unit. Persons
with a known trial are among the suspects of one year (PRS-06, a cohort): no step holds anybody from another year.
Does not belong here: how far a cohort came after one, two and three years (`chapters/unseen/court_section.py`).
"""

from __future__ import annotations

from collections.abc import Iterator

from languages import dates
from languages.words import Words
from reports.analysis import report_scope
from reports.answers.found_answers import answer_in
from reports.chapters import printed
from reports.chapters.picture_blocks import told_picture
from reports.editions.printed_parts import PictureBlock, PictureRow, PrintedFigure
from reports.phrases import wording
from reports.released.report_model import Report

QUESTION = "where_do_cases_stop"
"""Its answer is the sentence above the picture; both are of the same year, most of whose trials are known."""
_CASES = ("PRS-01", "PRS-02")
_SUSPECTS, _TRIED = "PRS-03", "PRS-06"
_BREAKDOWN, _OPEN = "cust_breakdown", "TRIAL_PENDING"
_ENDS = (_OPEN, "TRIAL_CONVICTED_L28", "TRIAL_CONVICTED_OTHER", "TRIAL_NOT_CONVICTED", "TRIAL_U")
_ASIDE = _ENDS[2:]
_ABSENT = ("n", "x")


def court_funnel(report: Report, words: Words) -> Iterator[PictureBlock]:
    """Yield the funnel of the year that the courts' question answers, unless its suspects or trials are not out."""
    area = report_scope.main_area(report)
    year = answer_in(report, QUESTION, area).year or report_scope.latest_year(report)
    whole = [report.cell(_SUSPECTS, "COUNT", area, year), report.cell(_TRIED, "NUMERATOR", area, year)]
    if any(cell.value is None for cell in whole):
        return
    rows = (*_cases(report, area, year, words), *_persons(report, area, year, words))
    columns = tuple(words.text(f"edition.picture.funnel.{name}") for name in ("number", "share"))
    name = words.text("edition.picture.funnel", place=wording.area(area, words), year=dates.year(words, year))
    yield PictureBlock(
        id="way-through-courts",
        form="funnel",
        title=name,
        alternative=told_picture.alternative(name, rows, columns, words),
        row_heading=words.text("edition.picture.funnel.step"),
        columns=columns,
        rows=rows,
        notes=(words.text("edition.picture.funnel.note"), words.text("caveat.cohort_still_growing")),
        table=told_picture.table_of(report, printed.name_of("four-ps-national-prs-06-cust-breakdown")),
    )


def _cases(report: Report, area: str, year: str, words: Words) -> Iterator[PictureRow]:
    heading = words.text("unit.CASE")
    for code in _CASES:
        cell = report.cell(code, "COUNT", area, year)
        if cell.mark not in _ABSENT:
            figures = (printed.figure(cell, words), PrintedFigure())
            yield PictureRow(label=wording.title(code, words), figures=figures, heading=heading)
            heading = ""


def _persons(report: Report, area: str, year: str, words: Words) -> Iterator[PictureRow]:
    suspects = printed.figure(report.cell(_SUSPECTS, "COUNT", area, year), words)
    heading = words.text("unit.ACCUSED")
    yield PictureRow(label=wording.title(_SUSPECTS, words), figures=(suspects, PrintedFigure()), heading=heading)
    tried = _trial_figures(report, area, year, words)
    yield PictureRow(label=words.text("edition.picture.funnel.tried"), figures=tried)
    for code in _ENDS:
        figures = _trial_figures(report, area, year, words, code)
        if figures[0].mark not in _ABSENT:
            label = words.label(_BREAKDOWN, code)
            yield PictureRow(label=label, figures=figures, is_open=code == _OPEN, is_aside=code in _ASIDE)


def _trial_figures(
    report: Report, area: str, year: str, words: Words, code: str = ""
) -> tuple[PrintedFigure, PrintedFigure]:
    """Return the count of a step, and its released share among the suspects."""
    at = {_BREAKDOWN: code} if code else {}
    count, share = (report.cell(_TRIED, measure, area, year, **at) for measure in ("NUMERATOR", "SHARE"))
    printed_share = PrintedFigure() if share.mark in (*_ABSENT, "low") else printed.figure(share, words)
    return printed.figure(count, words), printed_share
