"""The template of the Human Trafficking Case Data Standard 2.0 (HTCDS): case sheet, dictionary, our codes beside its.

Belongs here: the sheets of the workbook. HTCDS is a standard for cases, and Marsad releases no case: the case sheet is
empty, with a drop-down where a field has a list, for an agency that begins to keep cases.
Does not belong here: the terms of the standard (`htcds_words.py`), reading a filled workbook (the source
`iom_caseload`, whose card says how each value is read).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ingestion.cards.source_card import load_shape, load_source
from ingestion.files.template_sheets import stamp_text
from ingestion.findings import column_letters
from ingestion.tables.cell_values import code_words
from ingestion.text.folding import fold
from languages.words import Words
from reports.exchange.formats import ExportedFiles, ExportRemark, workbook_bytes
from reports.exchange.htcds_words import FIELDS, PICKLISTS
from reports.phrases.answer_text import cell_text
from reports.released.released_folder import ReleasedFolder

if TYPE_CHECKING:
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

CASES = "Case Sheet"
ROWS = 1000
"""Rows with drop-downs, as many as HTCDS's own workbook has."""
_SOURCE, _TABLE = "iom_caseload", "caseload"
_HEADINGS = ("field", "heading", "kind", "list", "ours")
_MAP_HEADINGS = ("field", "value", "read_as")
_ABOUT = ("what", "no_cases", "licence")


def export(released: ReleasedFolder, words: Words) -> ExportedFiles:
    """Return the workbook `htcds.xlsx`: the HTCDS case sheet, then sheets about it, stamped as holding no data.

    Args:
        released: whether it is invented is said on the sheet about the workbook.
        words: of the language of the sheets about it.
    """

    def fill(book: Workbook) -> None:
        head = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bg_color": "#DCE6F1", "border": 1})
        cases = book.add_worksheet(CASES)
        about = _house_sheet(book, words.text("htcds.sheet.about"), words)
        dictionary = _house_sheet(book, words.text("htcds.sheet.dictionary"), words)
        codes = _house_sheet(book, words.text("htcds.sheet.codes"), words)
        lists = _house_sheet(book, words.text("htcds.sheet.lists"), words)
        _write_lines(about, [[text] for text in _about(released, words)], None)
        _write_lines(
            dictionary, [[words.text(f"htcds.column.{name}") for name in _HEADINGS], *_dictionary(words)], head
        )
        _write_lines(codes, [[words.text(f"htcds.column.{name}") for name in _MAP_HEADINGS], *_code_map()], head)
        ranges = _write_lists(lists, head)
        _write_cases(cases, ranges, head)

    return ExportedFiles({"htcds.xlsx": workbook_bytes(fill)}, (ExportRemark("export.htcds.empty"),))


def codes_by_value(name: str) -> dict[str, str]:
    """Return each value of a field's picklist with the code that ingestion reads it as; empty if it reads none."""
    card = load_source(_SOURCE).tables[_TABLE]
    heading = next(field.heading for field in FIELDS if field.name == name)
    ours = card.columns.get(heading)
    if ours is None:
        return {}
    known = code_words(load_shape(card.shape).fields[ours].codes, card.codes.get(ours, {}))
    return {value: known.get(fold(value), "") for value in PICKLISTS[name]}


def _about(released: ReleasedFolder, words: Words) -> Iterator[str]:
    if released.is_invented:
        yield words.text("notes.invented")
    yield from (words.text(f"htcds.about.{name}") for name in _ABOUT)
    personal = (f"{field.heading} ({field.name})" for field in FIELDS if field.is_personal)
    yield words.text("htcds.about.personal", columns=words.text("page.separator").join(personal))


def _dictionary(words: Words) -> Iterator[list[str]]:
    """Yield a description of each non-personal column; ingestion refuses headings of personal ones (see `_about`)."""
    columns = load_source(_SOURCE).tables[_TABLE].columns
    for field in (field for field in FIELDS if not field.is_personal):
        ours = columns.get(field.heading, "")
        has_list = words.text("template.yes") if field.name in PICKLISTS else ""
        yield [field.name, field.heading, words.text(f"htcds.kind.{field.kind}"), has_list, ours]


def _code_map() -> Iterator[list[str]]:
    """Yield each value of the picklists that Marsad reads: field, value, the code that it is read as."""
    for name in PICKLISTS:
        for value, code in codes_by_value(name).items():
            yield [name, value, code]


def _house_sheet(book: Workbook, name: str, words: Words) -> Worksheet:
    sheet = book.add_worksheet(name)
    stamp = {"font_color": "#A0A0A0", "font_size": 8}
    sheet.write_string(0, 0, stamp_text("codes"), book.add_format(stamp))
    if words.direction == "rtl":
        sheet.right_to_left()
    sheet.set_column(0, 5, 34)
    return sheet


def _write_lines(sheet: Worksheet, lines: Iterable[Sequence[str]], head: Any) -> None:  # noqa: ANN401 - xlsxwriter's
    for row, line in enumerate(lines, start=1):
        for column, text in enumerate(line):
            if text:
                sheet.write_string(row, column, cell_text(text), head if row == 1 else None)


def _write_lists(sheet: Worksheet, head: Any) -> dict[str, str]:  # noqa: ANN401 - xlsxwriter's
    """Write the picklists side by side and return the range of each by field name."""
    ranges: dict[str, str] = {}
    for column, (name, values) in enumerate(PICKLISTS.items()):
        sheet.write_string(1, column, name, head)
        for row, value in enumerate(values, start=2):
            sheet.write_string(row, column, value)
        letter = column_letters(column + 1)
        ranges[name] = f"='{sheet.get_name()}'!${letter}$3:${letter}${len(values) + 2}"
    return ranges


def _write_cases(sheet: Worksheet, ranges: Mapping[str, str], head: Any) -> None:  # noqa: ANN401 - xlsxwriter's
    """Write the hidden row of field names, the headings, the drop-downs; HTCDS's serial number stays blank."""
    sheet.set_row(0, None, None, {"hidden": True})
    for column, field in enumerate(FIELDS, start=1):
        sheet.write_string(0, column, field.name)
        sheet.write_string(1, column, field.heading, head)
        if field.name in ranges:
            # a warning only, since a cell may hold several values
            rule = {"validate": "list", "source": ranges[field.name], "error_type": "warning"}
            sheet.data_validation(2, column, ROWS + 1, column, rule)
    sheet.set_column(1, len(FIELDS), 22)
    sheet.freeze_panes(2, 0)
