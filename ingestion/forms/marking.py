"""The sender's own workbook, marked: findings as colours and comments in place, and all of them on one sheet.

Belongs here: what `marsad check --mark` writes, and clearing the marks of an earlier run.
Does not belong here: the findings (`landing.py`), their texts (`languages`), a data home: the copy is the sender's own
file on the sender's own machine, whatever was refused in it, and is never written into a home.

A comment repeats nothing from its cell. Colours are a conditional format on top of the sender's own, recognised by its
formula, so that the next marking removes them and restores the sheet. Comments, colours and the sheet of findings may
stay in the mended file: intake recognises them. Formulas lose their stored results in the copy and get them back when
Excel or LibreOffice saves it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from ingestion.files.guard import guard
from ingestion.files.template_sheets import HOUSE_AUTHOR, stamp_of, stamp_text
from ingestion.findings import SEVERITIES, Finding, Severity, finding_in_words, sheet_in_words
from ingestion.forms.copies import check_output, open_styled, write_copy
from ingestion.text.folding import fold, printable
from languages.refusal import Refusal
from languages.words import Words

if TYPE_CHECKING:
    from openpyxl.cell.cell import Cell
    from openpyxl.workbook import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

COLOURS: Mapping[Severity, str] = {
    "refuse": "FFF4B0B0",
    "quarantine": "FFFFD9A0",
    "flag": "FFFFF7B0",
}
"""Red, orange and yellow, light enough for black text."""

_MARK = 'LEN("marsad")=6'  # always true: identifies our conditional format
_MOST_COMMENTS = 2_000  # a sheet with more opens slowly; colours and list are complete
_BEFORE_SENDERS = "\n———\n"  # between our comment and the sender's own
_HEADINGS = ("severity", "sheet", "cell", "finding", "read", "expected", "remedy")
_WIDTHS = (14, 22, 8, 60, 24, 24, 70)
_COMMENT_WIDTH, _LINE_HEIGHT, _LETTERS_A_LINE = 340, 20, 42


def mark(file: Path, data: bytes, findings: Sequence[Finding], verdict: str, output: Path, words: Words) -> None:
    """Write a copy of a workbook with its findings marked, readable by its owner only.

    Args:
        file: where the workbook lies.
        data: its bytes, as examined.
        findings: what was found in them.
        verdict: the line that says whether it would be accepted.
        output: where to write the copy.
        words: of the language of the comments; a right-to-left one turns the sheets.

    Raises:
        Refusal: `mark_output` for a file that exists already (it may hold mended cells), is no .xlsx or lies in a data
            home; as `marked_workbook`.
    """
    check_output(output, Refusal("mark_output", where=str(output)))
    write_copy(output, marked_workbook(file.name, data, findings, verdict, words))


def marked_workbook(name: str, data: bytes, findings: Sequence[Finding], verdict: str, words: Words) -> bytes:
    """Return a copy of a workbook with its findings marked, made in memory: nothing of it touches the disk.

    Args:
        name: of the file.
        data: its bytes, as examined.
        findings: what was found in them.
        verdict: the line that says whether it would be accepted.
        words: of the language of the comments; a right-to-left one turns the sheets.

    Raises:
        Refusal: `mark_unopened` for what is no xlsx workbook, what the guard refuses (such a file is never opened) or
            what openpyxl cannot read.
    """
    workbook = open_styled(data) if guard(data).form == "xlsx" else None
    if workbook is None:
        raise Refusal("mark_unopened", where=printable(name))
    from ingestion.forms.workbook_bytes import workbook_bytes

    _clear(workbook)
    ordered = sorted(findings, key=lambda finding: SEVERITIES.index(finding.severity))
    placed = [cell_finding for finding in ordered for cell_finding in _split_by_cell(finding)]
    sheets = _sheets_named({finding.sheet for finding in placed}, workbook)
    for label, sheet in sheets.items():
        _mark_sheet(sheet, [finding for finding in placed if finding.sheet == label and finding.cell], words)
    for sheet in workbook.worksheets:
        sheet.sheet_view.tabSelected = False  # two selected sheets would be edited together
    _list(workbook, ordered, verdict, {label: sheet.title for label, sheet in sheets.items()}, words)
    if words.direction == "rtl":
        for sheet in workbook.worksheets:
            sheet.sheet_view.rightToLeft = True
    return workbook_bytes(workbook)


def _sheets_named(labels: Collection[str], workbook: Workbook) -> dict[str, Worksheet]:
    """Return the sheets that findings name: by their number, or by the card's spelling of their title."""
    numbered = {f"#{place}": sheet for place, sheet in enumerate(workbook.worksheets, start=1)}
    by_title = {fold(sheet.title): sheet for sheet in reversed(workbook.worksheets)}
    found = {label: numbered.get(label) or by_title.get(fold(label)) for label in labels}
    return {label: sheet for label, sheet in found.items() if sheet is not None}


def _split_by_cell(finding: Finding) -> list[Finding]:
    """Return a finding once for each of its cells."""
    places = finding.cells or ((finding.sheet, finding.cell),)
    return [replace(finding, sheet=sheet, cell=cell, cells=()) for sheet, cell in places]


def _clear(workbook: Workbook) -> None:
    """Remove what an earlier marking left, and nothing of the sender's."""
    for sheet in workbook.worksheets:
        stamp = stamp_of(str(sheet["A1"].value or ""))
        if stamp and stamp.kind == "findings":
            workbook.remove(sheet)
        else:
            _clear_colours(sheet)
            _clear_comments(sheet)


def _clear_colours(sheet: Worksheet) -> None:
    from openpyxl.formatting.formatting import ConditionalFormattingList

    remaining = ConditionalFormattingList()
    for formats in sheet.conditional_formatting:
        for rule in formats.rules:
            if _MARK not in rule.formula:
                remaining.add(str(formats.sqref), rule)
    sheet.conditional_formatting = remaining


def _clear_comments(sheet: Worksheet) -> None:
    from openpyxl.comments import Comment

    for row in sheet.iter_rows():
        for cell in row:
            if cell.comment and cell.comment.author == HOUSE_AUTHOR:
                own = cell.comment.text.partition(_BEFORE_SENDERS)[2]
                cell.comment = Comment(own, "") if own else None


def _mark_sheet(sheet: Worksheet, findings: Sequence[Finding], words: Words) -> None:
    """Colour and comment the cells of one sheet; the worst finding of a cell decides its colour."""
    at: dict[str, list[Finding]] = {}
    for finding in findings:
        at.setdefault(_visible_cell(sheet, finding.cell), []).append(finding)
    for severity, colour in COLOURS.items():
        _colour(sheet, [place for place, cell_findings in at.items() if cell_findings[0].severity == severity], colour)
    for place, cell_findings in list(at.items())[:_MOST_COMMENTS]:
        _write_comment(sheet[place], cell_findings, words)


def _visible_cell(sheet: Worksheet, cell: str) -> str:
    """Return the cell that is displayed, for a cell under a merged one."""
    block = next((block for block in sheet.merged_cells.ranges if cell in block), None)
    return str(block.coord).partition(":")[0] if block else cell


def _colour(sheet: Worksheet, places: Sequence[str], colour: str) -> None:
    from openpyxl.formatting.rule import Rule
    from openpyxl.styles import PatternFill
    from openpyxl.styles.differential import DifferentialStyle

    if places:
        style = DifferentialStyle(fill=PatternFill(bgColor=colour, fill_type="solid"))
        sheet.conditional_formatting.add(" ".join(places), Rule(type="expression", dxf=style, formula=[_MARK]))


def _write_comment(cell: Cell, findings: Iterable[Finding], words: Words) -> None:
    from openpyxl.comments import Comment

    messages = (
        f"{words.text(f'desk.{finding.severity}')}: {' '.join(finding_in_words(finding, words))}"
        for finding in findings
    )
    text = "\n".join(dict.fromkeys(messages))
    if cell.comment:
        text += _BEFORE_SENDERS + cell.comment.text
    lines = sum(1 + len(line) // _LETTERS_A_LINE for line in text.splitlines())
    cell.comment = Comment(text, HOUSE_AUTHOR, height=_LINE_HEIGHT * (lines + 1), width=_COMMENT_WIDTH)


def _list(
    workbook: Workbook, findings: Sequence[Finding], verdict: str, titles: Mapping[str, str], words: Words
) -> None:
    """Insert a first sheet that lists all findings; each place is a link to its cell."""
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.worksheet.hyperlink import Hyperlink
    from openpyxl.worksheet.properties import PageSetupProperties

    sheet = workbook.create_sheet(words.text("mark.sheet"), 0)
    workbook.active = 0
    reading_order = 2 if words.direction == "rtl" else 1
    for row in ([stamp_text("findings")], [verdict], [words.text("mark.how" if findings else "mark.nothing")], []):
        sheet.append(row)
    sheet["A2"].alignment = sheet["A3"].alignment = Alignment(readingOrder=reading_order)
    sheet.append([words.text(f"desk.{heading}") for heading in _HEADINGS])
    for place, width in enumerate(_WIDTHS):
        sheet.column_dimensions["ABCDEFG"[place]].width = width
    sheet["A1"].font, sheet["A2"].font = Font(color="FFA0A0A0", size=8), Font(bold=True, size=13)
    for cell in sheet[5]:
        cell.font = Font(bold=True)
    sheet.freeze_panes = "A6"
    sheet.page_setup.orientation, sheet.page_setup.fitToHeight = "landscape", 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    for row, finding in enumerate(findings, start=6):
        message, remedy = finding_in_words(finding, words)
        texts = (
            words.text(f"desk.{finding.severity}"),
            sheet_in_words(finding.sheet, words),
            finding.cell,
            message,
            finding.read,
            finding.expected,
            remedy,
        )
        for column, text in enumerate(texts, start=1):
            cell = sheet.cell(row, column)
            cell.value, cell.data_type = text or None, "s" if text else "n"  # so that no text is taken for a formula
            cell.alignment = Alignment(wrap_text=True, vertical="top", readingOrder=reading_order)
        sheet.cell(row, 1).fill = PatternFill("solid", fgColor=COLOURS[finding.severity])
        if finding.cell and finding.sheet in titles:
            target = f"'{titles[finding.sheet]}'!{finding.cell}"
            sheet.cell(row, 3).hyperlink = Hyperlink(ref=f"C{row}", location=target)
            sheet.cell(row, 3).font = Font(underline="single", color="FF1F4E9E")
