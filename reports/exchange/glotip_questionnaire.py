"""The tables of UNODC's questionnaire on trafficking in persons as a workbook, for the last four years.

Belongs here: one sheet for each question, one line for each row of the form; for each year the figure and its status
(rounded, exact, withheld, not reported); a line says so if no indicator answers it.
Does not belong here: the questions (`reports/questions/glotip.yml`), UNODC's published table (`glotip.py`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any, NamedTuple

from languages.words import Words
from reports.exchange.formats import ExportedFiles, workbook_bytes
from reports.exchange.treaty_questions import LAST_YEARS, frozen_sentences, missing_reason
from reports.phrases import answer_text, labels
from reports.questions import question_card
from reports.questions.question_answers import WITHOUT_ROW, QuestionAnswer, answers
from reports.questions.question_card import TreatyCard
from reports.released.released_figures import ReleasedFigures, base_of, figures_of
from reports.released.released_folder import ReleasedFolder

if TYPE_CHECKING:
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

TREATY = "glotip"
_COLUMNS = ("what", "indicator", "area", "unit")
_WIDTHS = (46, 12, 30, 16)
_YEAR_WIDTHS = (10, 26)


class FormCell(NamedTuple):
    """A year of a row: the figure as entered in the form (empty for none), and its status."""

    figure: int | float | str
    mark: str


class FormLine(NamedTuple):
    """One line of a table: its first columns, and its years; no years for a gap."""

    head: tuple[str, ...]
    cells: tuple[FormCell, ...]


def export(released: ReleasedFolder, words: Words) -> ExportedFiles:
    """Return the workbook `glotip_questionnaire.xlsx` in the language of `words`.

    Raises:
        Refusal: `export_unsuited` for a release without figures of the country or a region.
    """
    figures = figures_of(released, "glotip_questionnaire", "ref_area IQ, IQ-FED")
    return ExportedFiles({"glotip_questionnaire.xlsx": workbook(figures, words)})


def tables(figures: ReleasedFigures, words: Words) -> dict[str, list[FormLine]]:
    """Return the lines of each question of the form, by the name of the question.

    A row is given for the country if it has a total whenever federal Iraq has, else for federal Iraq; the line says
    which.

    Args:
        figures: of one release.
        words: of the language of the lines.

    Returns:
        Question -> lines, both in the order of the form.
    """
    treaty_answers = answers(question_card.load(TREATY), figures)
    return {
        question: list(_lines(list(several), figures, words))
        for question, several in groupby(treaty_answers, lambda answer: answer.question)
    }


def years(figures: ReleasedFigures) -> tuple[str, ...]:
    """Return the years for which the form is filled in: the last four of the release."""
    return figures.years[-LAST_YEARS:]


def workbook(figures: ReleasedFigures, words: Words) -> bytes:
    """Return the workbook: a sheet about it, then a sheet for each question; the same release gives the same bytes."""

    def fill(book: Workbook) -> None:
        formats = _formats(book, words)
        about = _sheet(book, words.text("questionnaire.about"), words)
        about.set_column(0, 0, 110)
        for place, text in enumerate(_about(question_card.load(TREATY), figures, words)):
            about.write_string(place, 0, answer_text.cell_text(text), formats["text"])
        for question, lines in tables(figures, words).items():
            sheet = _sheet(book, question.partition("_")[0].upper(), words)
            sheet.write_string(0, 0, words.text(f"question.{TREATY}.{question}"), formats["title"])
            _write_headings(sheet, years(figures), words, formats)
            for place, line in enumerate(lines, start=3):
                _write_line(sheet, place, line, formats)
            sheet.freeze_panes(3, 1)

    return workbook_bytes(fill)


def _about(treaty: TreatyCard, figures: ReleasedFigures, words: Words) -> Iterator[str]:
    released = figures.released
    yield from (words.text(f"question.{treaty.name}"), treaty.reference)
    if released.is_invented:
        yield words.text("notes.invented")
    yield words.text("question.release", dataset=released.dataset, version=released.version)
    yield from (words.text(f"questionnaire.{name}") for name in ("area", "marks", "gaps"))
    yield words.text("question.incomplete")
    yield from frozen_sentences(figures, words)


def _lines(question_answers: Sequence[QuestionAnswer], figures: ReleasedFigures, words: Words) -> Iterator[FormLine]:
    for _, several in groupby(question_answers, lambda answer: (answer.row, answer.measure, answer.codes)):
        rows = list(several)
        first = rows[0]
        if first.state in WITHOUT_ROW:
            yield FormLine((missing_reason(first, words), first.indicator), ())
            continue
        area = figures.area_of(first.indicator, first.measure) or figures.areas[0]
        yearly = {answer.year: answer for answer in rows if answer.area == area}
        about = answer_text.row_subject(first.indicator, first.measure, first.codes, words) or words.text("page.total")
        head = (
            about,
            first.indicator,
            labels.code("ref_area", area, words),
            labels.code("unit_measure", first.released["unit_measure"], words),
        )
        yield FormLine(head, tuple(_cell(yearly.get(year), figures, words) for year in years(figures)))


def _cell(answer: QuestionAnswer | None, figures: ReleasedFigures, words: Words) -> FormCell:
    """Return the figure and its status. Missing, withheld, zero and a count that rounds to 0 are distinct."""
    if answer is None or answer.state in ("missing", "withheld"):
        return FormCell("", words.text(f"questionnaire.mark.{answer.state if answer else 'not_released'}"))
    row, base = answer.released, base_of(answer.released)
    after = answer_text.coverage_note(row, words)
    if answer.indicator in figures.frozen.get(answer.year, ()):
        after += f"; {words.text('questionnaire.mark.frozen')}"
    if answer.state == "low" and base:
        return FormCell(f"<{base}", words.text("questionnaire.mark.low", greatest=base - 1) + after)
    value = float(row["obs_value"])
    return FormCell(int(value) if value.is_integer() else value, _method(row["disclosure_method"], words) + after)


def _method(method: str, words: Words) -> str:
    name, number = re.fullmatch(r"([A-Z]+)(?:_(\d+))?", method).groups()  # pyright: ignore[reportOptionalMemberAccess] - every method has a name
    if name == "ROUNDED":
        return words.text("questionnaire.mark.rounded", base=int(number))
    return words.text("questionnaire.mark.derived" if name == "DERIVED" else "questionnaire.mark.exact")


def _sheet(book: Workbook, name: str, words: Words) -> Worksheet:
    sheet = book.add_worksheet(name)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    if words.direction == "rtl":
        sheet.right_to_left()
    return sheet


def _formats(book: Workbook, words: Words) -> dict[str, Any]:
    """Return the cell formats: texts run in the direction of their language, `<5` always from left to right."""
    # 2 is right-to-left, so that a Latin word or a bracket does not reverse the line
    text = {"text_wrap": True, "valign": "top", "reading_order": 2 if words.direction == "rtl" else 1}
    return {
        "text": book.add_format(text),
        "title": book.add_format({**text, "text_wrap": False, "bold": True}),
        "head": book.add_format({**text, "bold": True, "bg_color": "#DCE6F1", "border": 1}),
        "gap": book.add_format({**text, "text_wrap": False, "italic": True, "font_color": "#7F3F00"}),
        "figure": book.add_format({"valign": "top", "align": "right", "reading_order": 1}),
    }


def _write_headings(sheet: Worksheet, in_years: Sequence[str], words: Words, formats: Mapping[str, Any]) -> None:
    """Write the headings; a year is a number, so that the sheet can be filtered by it."""
    names = [words.text(f"question.column.{name}") for name in _COLUMNS]
    for year in in_years:
        names += [year, words.text("question.column.mark")]
    for column, (name, width) in enumerate(zip(names, _WIDTHS + _YEAR_WIDTHS * len(in_years), strict=True)):
        sheet.write(2, column, int(name) if name.isdecimal() else name, formats["head"])
        sheet.set_column(column, column, width)


def _write_line(sheet: Worksheet, place: int, line: FormLine, formats: Mapping[str, Any]) -> None:
    for column, text in enumerate(line.head):
        sheet.write_string(place, column, answer_text.cell_text(text), formats["text" if line.cells else "gap"])
    for number, cell in enumerate(line.cells):
        column = len(_COLUMNS) + 2 * number
        # an empty text is a blank cell; a number is a number, `<5` a text
        sheet.write(place, column, cell.figure, formats["figure"])
        sheet.write_string(place, column + 1, answer_text.cell_text(cell.mark), formats["text"])
