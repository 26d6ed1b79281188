"""Workbooks to fill in: for a source or a shape, with headers, drop-downs, guidance and totals.

Belongs here: the workbook that `marsad template` writes. Does not belong here: its texts
(`tables/template_texts.py`), what intake makes of a filled one (`landing.py`).

Nothing is hidden: code lists are on a visible sheet. Totals are formulas without a stored result, which would be a zero
that nobody counted; the program that saves the file calculates them. The sheets of guidance and codes are stamped as
holding no data (`template_sheets.py`).
"""

from __future__ import annotations

import datetime
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ingestion.cards.source_card import FieldCard, TableCard, load_shape
from ingestion.findings import column_letters
from ingestion.home import write_bytes
from ingestion.sealing.age_keys import DEMO_PUBLIC
from ingestion.tables.template_texts import GUIDANCE_TOP, TemplateTexts, sheet_name, template_texts
from languages.refusal import Refusal
from languages.spreadsheet_text import WORKBOOK_OPTIONS
from languages.words import Words

if TYPE_CHECKING:
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

ROWS = 500
"""Default number of rows to fill in; a full sheet takes inserted rows too."""

_HEADER_ROW, _FIRST_ROW = 1, 2  # from 0; one line of help precedes the header
_NUMBER_FORMATS = {"date": "dd/mm/yyyy", "integer": "General", "decimal": "General", "year": "0", "age": "General"}
_A4 = 9
_WIDTH, _WIDTHS = 22, {"date": 14, "token": 38}
_PROTECTION: dict[str, Any] = dict.fromkeys(
    ("format_cells", "format_columns", "format_rows", "insert_rows", "delete_rows", "sort", "autofilter"), True
)
_GUIDANCE_WIDTHS = (20, 26, 10, 70, 38, 30)
_COUNTABLE = ("label", "code", "codes", "citation")  # a row count below such a column cannot be mistaken for a value


def write_template(name: str, output: Path, words: Words, *, rows: int = ROWS, keys: Sequence[str] = ()) -> None:
    """Write the template of a source or of a shape.

    Args:
        name: the source or the shape.
        output: a new file ending in .xlsx.
        words: of the language of guidance and drop-downs.
        rows: rows to fill in, in each table.
        keys: public keys that the sender seals the file for; they stand on its first sheet.

    Raises:
        Refusal: `unknown_source` with the nearest source or shape; `template_output` for a file that exists already
            or is no .xlsx.
    """
    template_texts(name, words)  # refuses an unknown name before anything else
    if output.exists() or output.suffix.lower() != ".xlsx":
        raise Refusal("template_output", where=str(output))
    write_bytes(output, template_bytes(name, words, rows=rows, keys=keys))


def template_bytes(name: str, words: Words, *, rows: int = ROWS, keys: Sequence[str] = ()) -> bytes:
    """Return the template of a source or of a shape, as the bytes of an .xlsx; the arguments of `write_template`.

    Raises:
        Refusal: `unknown_source` with the nearest source or shape.
    """
    return _Template(template_texts(name, words), rows, tuple(keys)).content()


@dataclass
class _Template:
    """One template while it is written."""

    texts: TemplateTexts
    rows: int
    keys: tuple[str, ...]
    lists: dict[tuple[str, ...], str] = field(default_factory=dict[tuple[str, ...], str])  # labels -> range

    @property
    def words(self) -> Words:
        return self.texts.words

    def content(self) -> bytes:
        import xlsxwriter

        stream = io.BytesIO()
        with xlsxwriter.Workbook(stream, WORKBOOK_OPTIONS) as book:
            # a fixed time: one card gives one file
            book.set_properties({"created": datetime.datetime.combine(self.texts.since, datetime.time())})
            self.book: Workbook = book
            guidance = self._sheet(self.words.text("template.guidance_sheet"))
            tables = [(self._sheet(sheet_name(name, table)), table) for name, table in self.texts.tables.items()]
            codes = self._sheet(self.words.text("template.codes_sheet"))
            self._write_codes(codes)
            self._write_guidance(guidance)
            for sheet, table in tables:
                self._write_table(sheet, table)
            tables[0][0].activate()
        return stream.getvalue()

    @cached_property
    def formats(self) -> Mapping[str, Any]:
        head = {"bold": True, "text_wrap": True, "valign": "top", "bg_color": "#DCE6F1", "border": 1}
        # 2 is right-to-left, so that a leading Latin word does not reverse the line
        text = {"text_wrap": True, "valign": "top", "reading_order": 2 if self.words.direction == "rtl" else 1}
        return {
            "head": self.book.add_format(head),
            "total": self.book.add_format({"bold": True, "top": 1}),
            "text": self.book.add_format(text),
            "title": self.book.add_format({**text, "text_wrap": False, "bold": True}),
            # at the sheet's own edge, so that the line does not run off the page
            "stamp": self.book.add_format(
                {"font_color": "#A0A0A0", "font_size": 8, "align": "right" if self.words.direction == "rtl" else "left"}
            ),
        }

    def _sheet(self, name: str) -> Worksheet:
        sheet = self.book.add_worksheet(name)
        sheet.set_landscape()
        sheet.set_paper(_A4)
        sheet.fit_to_pages(1, 0)
        if self.words.direction == "rtl":
            sheet.right_to_left()
        return sheet

    # Code lists and guidance

    def _write_codes(self, sheet: Worksheet) -> None:
        for column, labels in enumerate(self.texts.code_lists()):
            sheet.set_column(column, column, _WIDTH)
            letter = column_letters(column + 1)
            self.lists[labels] = f"='{sheet.get_name()}'!${letter}$3:${letter}${len(labels) + 2}"
        for (row, column), text in self.texts.codes().items():
            sheet.write_string(row, column, text, self.formats["stamp"] if not row else self._format_of_list(row))
        sheet.protect("", _PROTECTION)

    def _format_of_list(self, row: int) -> Any:  # noqa: ANN401 - of xlsxwriter
        return self.formats["head"] if row == 1 else None

    def _write_guidance(self, sheet: Worksheet) -> None:
        for column, width in enumerate(_GUIDANCE_WIDTHS):
            sheet.set_column(column, column, width)
        for (row, column), text in self.texts.guidance().items():
            look = "title" if row < GUIDANCE_TOP else "head" if row == GUIDANCE_TOP else "text"
            sheet.write_string(row, column, text, self.formats[look if row else "stamp"])
        self._write_keys(sheet)
        sheet.protect("", _PROTECTION)

    def _write_keys(self, sheet: Worksheet) -> None:
        """Write how to seal the file above the guidance, and the keys under it."""
        if not self.keys:
            return
        sheet.write_string(GUIDANCE_TOP - 1, 0, self.words.text("template.seal"), self.formats["title"])
        invented = [self.words.text("template.seal_invented")] if DEMO_PUBLIC in self.keys else []
        last_row = max(row for row, _ in self.texts.guidance())
        for row, text in enumerate((*invented, *self.keys), start=last_row + 2):
            sheet.write_string(row, 0, text, self.formats["title"])

    # Tables

    def _write_table(self, sheet: Worksheet, table: TableCard) -> None:
        fields = load_shape(table.shape).fields
        sheet.write_string(0, 0, self.words.text("template.head"), self.formats["title"])
        for column, (header, name) in enumerate(table.headings.items()):
            card = fields[name]
            sheet.write_string(_HEADER_ROW, column, header, self.formats["head"])
            sheet.set_column(column, column, _WIDTHS.get(card.type, _WIDTH))
            self._write_blanks(sheet, column, card)
            self._advise(sheet, column, self.texts.prompt(table, header), self.texts.labels(table, name), card)
        self._write_total(sheet, [fields[name] for name in table.headings.values()])
        sheet.freeze_panes(_FIRST_ROW, 0)
        sheet.protect("", _PROTECTION)

    def _write_blanks(self, sheet: Worksheet, column: int, card: FieldCard) -> None:
        number_format = _NUMBER_FORMATS.get(card.type, "@")  # as text, `6/1` of a citation does not become a date
        open_cell = self.book.add_format({"locked": False, "num_format": number_format})
        for row in range(_FIRST_ROW, _FIRST_ROW + self.rows):
            sheet.write_blank(row, column, None, open_cell)

    def _advise(
        self, sheet: Worksheet, column: int, prompt: tuple[str, str], labels: tuple[str, ...], card: FieldCard
    ) -> None:
        """Show the guideline next to the cell, and the list if there is one; a list only advises."""
        title, advice = prompt
        rule: dict[str, Any] = {"validate": "any", "input_title": title, "input_message": advice}
        if labels:
            rule |= {"validate": "list", "source": self.lists[labels], "error_type": "warning"}
            rule["show_error"] = card.type == "code"  # several codes in one cell match no entry of the list
        sheet.data_validation(_FIRST_ROW, column, _FIRST_ROW + self.rows - 1, column, rule)

    def _write_total(self, sheet: Worksheet, cards: Sequence[FieldCard]) -> None:
        """Sum the counts; under the first text column, count the rows that hold anything."""
        row = _FIRST_ROW + self.rows
        sheet.write_string(row, 0, self.words.text("template.total"), self.formats["total"])
        ranges = [f"{letter}{_FIRST_ROW + 1}:{letter}{row}" for letter in map(column_letters, range(1, len(cards) + 1))]
        counted = next((place for place, card in enumerate(cards) if place and card.type in _COUNTABLE), None)
        for column, card in enumerate(cards):
            formula = f"=SUM({ranges[column]})" if column and card.type == "integer" else ""
            if column == counted:
                formula = f'=SUMPRODUCT(--(({"&".join(ranges)})<>""))'
            if formula:
                sheet.write_formula(row, column, formula, self.formats["total"], "")  # pyright: ignore[reportArgumentType] - no result
