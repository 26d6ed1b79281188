"""Workbooks to fill in: for a source or a shape, with headers, drop-downs, guidance and totals.

Belongs here: what `marsad template` writes, and which word of a code list stands in a drop-down.
Does not belong here: what the door makes of a filled one (`landing.py`), the words (`languages`), the cards.

A source's template bears the headers of its card, whatever the language of the guidance; a shape's bears the headings
of its language (`headings.py`), with all fields, for a sender who has no table of its own. Nothing is hidden, since
hidden parts refuse a file: code lists stand on a sheet that can be read. Totals are formulas without a stored result,
which would be a zero that nobody counted; the program that saves the file calculates them. The sheets of guidance and
codes bear a stamp and are no data (`template_sheets.py`).
"""

from __future__ import annotations

import datetime
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ingestion.cards.headings import LANGUAGES, heading_of, sheet_of
from ingestion.cards.source_card import (
    FieldCard,
    TableCard,
    load_codes,
    load_shape,
    load_source,
    shape_names,
    source_names,
)
from ingestion.files.template_sheets import stamp_text
from ingestion.findings import column_letters
from ingestion.home import write_bytes
from ingestion.tables.cell_values import code_words, split_codes
from ingestion.tables.template_versions import is_shape, template_of
from ingestion.text.folding import SORANI_LETTERS, fold, nearest_or_all
from languages.refusal import Refusal
from languages.words import Words

if TYPE_CHECKING:
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

ROWS = 500
"""Rows to fill in, if nobody asks for more; a full sheet takes inserted rows too."""

_LETTERS_OF = {"en": re.compile("[A-Za-z]{2}"), "ckb": SORANI_LETTERS}
_HEADER_ROW, _FIRST_ROW = 1, 2  # from 0; above the header stands one line of help
_LONGEST_PROMPT, _LONGEST_PROMPT_TITLE = 255, 32  # what spreadsheet programs allow
_NUMBER_FORMATS = {"date": "dd/mm/yyyy", "integer": "General", "decimal": "General", "year": "0", "age": "General"}
_A4 = 9
_WIDTH, _WIDTHS = 22, {"date": 14, "token": 38}
_PROTECTION: dict[str, Any] = dict.fromkeys(
    ("format_cells", "format_columns", "format_rows", "insert_rows", "delete_rows", "sort", "autofilter"), True
)
_GUIDANCE = ("sheet", "heading", "required", "guideline", "good", "bad")
_GUIDANCE_WIDTHS = (20, 26, 10, 70, 38, 30)
_HELP = ("fill", "zero", "not_received", "not_held", "names", "send")
_OLDEST_FILE = datetime.date(1980, 1, 1)  # what a zip archive takes for the day of a file without one
_COUNTABLE = ("label", "code", "codes", "citation")  # a number of rows under such a column is no value of it


def write_template(name: str, output: Path, words: Words, *, rows: int = ROWS) -> None:
    """Write the template of a source or of a shape.

    Args:
        name: the source or the shape.
        output: a new file ending in .xlsx.
        words: of the language of guidance and drop-downs.
        rows: rows to fill in, in each table.

    Raises:
        Refusal: `unknown_source` with the nearest source or shape; `template_output` for a file that is there already
            or no .xlsx.
    """
    form = _form_of(name, words)
    if output.exists() or output.suffix.lower() != ".xlsx":
        raise Refusal("template_output", where=str(output))
    write_bytes(output, _Template(form, words, rows).content())


def guideline(shape: str, name: str, words: Words) -> str:
    """Return what to write in a field; a shape's own words go before those that all shapes share.

    Raises:
        Refusal: `message_missing` for a field without words.
    """
    own = f"guideline.{shape}.{name}"
    return words.text(own if own in words else f"guideline.{name}")


def labels_of(card: FieldCard, own: Mapping[str, str], tag: str) -> list[str]:
    """Return one word for each code of a field, in the list's order: a word that the door reads as that code.

    Args:
        card: the field.
        own: the source's own words for its codes, which go first.
        tag: of the language; where a list has no word of it, the first one stands.
    """
    known = code_words(card.codes, own)
    labels: list[str] = []
    for code, typed in load_codes(card.codes).items():
        choice = [word for word, of in own.items() if of == code] or [
            word for word in typed if known[fold(word)] == code
        ]
        letters = _LETTERS_OF.get(tag)
        labels.append(next((word for word in choice if not letters or letters.search(word)), [*choice, code][0]))
    return labels


def example_of(card: FieldCard, own: Mapping[str, str], tag: str) -> str:
    """Return a good example of a field: codes in the words of the drop-down, all else as the shape has it."""
    codes = split_codes(card.good, code_words(card.codes, own)) if card.codes else None
    if not codes:
        return card.good
    label = dict(zip(load_codes(card.codes), labels_of(card, own, tag), strict=True))
    return "، ".join(label[code] for code in load_codes(card.codes) if code in codes)


@dataclass(frozen=True)
class _Form:
    """What a template is made for: its stamp, its title, its tables, and the day that stands for its making."""

    stamp: str
    title: str
    tables: Mapping[str, TableCard]
    since: datetime.date


def _form_of(name: str, words: Words) -> _Form:
    known = [*source_names(), *shape_names()]
    if name not in known:
        raise Refusal("unknown_source", where=name, nearest=nearest_or_all(name, known))
    if is_shape(name):
        tables = {name: _table_of_shape(name, words.tag)}
        title, since = tables[name].sheets[0], _OLDEST_FILE
    else:
        card = load_source(name)
        tables, title, since = card.tables, words.text(f"source.{name}.title"), card.agreement.since
    return _Form(stamp_text("template", name, template_of(name).version, words.tag), title, tables, since)


def _table_of_shape(shape: str, tag: str) -> TableCard:
    """Return a table with all fields of a shape under the headings of a language, or English where there are none."""
    language = tag if tag in LANGUAGES else LANGUAGES[0]
    fields = load_shape(shape).fields
    columns = {heading_of(shape, name, language): name for name in fields}
    period = next(name for name, card in fields.items() if card.type in ("date", "year"))
    return TableCard(shape=shape, sheets=[sheet_of(shape, language)], period_field=period, columns=columns, required=[])


@dataclass
class _Template:
    """One template in the making."""

    form: _Form
    words: Words
    rows: int
    lists: dict[tuple[str, ...], str] = field(default_factory=dict[tuple[str, ...], str])  # labels -> range

    def content(self) -> bytes:
        import xlsxwriter

        stream = io.BytesIO()
        with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
            # no clock in the file: one card gives one file
            book.set_properties({"created": datetime.datetime.combine(self.form.since, datetime.time())})
            self.book: Workbook = book
            guidance = self._sheet(self.words.text("template.guidance_sheet"))
            tables = [(self._sheet(_sheet_name(name, table)), table) for name, table in self.form.tables.items()]
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
        # 2 is right-to-left, so that a Latin word does not turn the line round
        text = {"text_wrap": True, "valign": "top", "reading_order": 2 if self.words.direction == "rtl" else 1}
        return {
            "head": self.book.add_format(head),
            "total": self.book.add_format({"bold": True, "top": 1}),
            "text": self.book.add_format(text),
            "title": self.book.add_format({**text, "text_wrap": False, "bold": True}),
            # at the sheet's own edge, so that its end does not run off the page
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
        sheet.write_string(0, 0, stamp_text("codes"), self.formats["stamp"])
        sheet.protect("", _PROTECTION)
        for table in self.form.tables.values():
            for header, name in table.headings.items():
                labels = self._labels(table, name)
                if not labels or labels in self.lists:
                    continue
                column = len(self.lists)
                sheet.set_column(column, column, _WIDTH)
                sheet.write_string(1, column, header, self.formats["head"])
                for row, label in enumerate(labels, start=2):
                    sheet.write_string(row, column, label)
                letter = column_letters(column + 1)
                self.lists[labels] = f"='{sheet.get_name()}'!${letter}$3:${letter}${len(labels) + 2}"

    def _labels(self, table: TableCard, name: str) -> tuple[str, ...]:
        card = load_shape(table.shape).fields[name]
        return tuple(labels_of(card, table.codes.get(name, {}), self.words.tag)) if card.codes else ()

    def _write_guidance(self, sheet: Worksheet) -> None:
        sheet.write_string(0, 0, self.form.stamp, self.formats["stamp"])
        sheet.write_string(1, 0, self.form.title, self.formats["title"])
        for row, line in enumerate(_HELP, start=2):
            sheet.write_string(row, 0, self.words.text(f"template.{line}"), self.formats["title"])
        top = len(_HELP) + 3
        for column, width in enumerate(_GUIDANCE_WIDTHS):
            sheet.set_column(column, column, width)
            sheet.write_string(top, column, self.words.text(f"template.{_GUIDANCE[column]}"), self.formats["head"])
        row = top
        for table_name, table in self.form.tables.items():
            for header, name in table.guided.items():
                row += 1
                card = load_shape(table.shape).fields[name]
                required = self.words.text("template.yes") if header in table.required_headers else ""
                advice = guideline(table.shape, name, self.words)
                good = example_of(card, table.codes.get(name, {}), self.words.tag)
                texts = (_sheet_name(table_name, table), header, required, advice, good, card.bad)
                for column, text in enumerate(texts):
                    sheet.write_string(row, column, text, self.formats["text"])
        sheet.protect("", _PROTECTION)

    # Tables

    def _write_table(self, sheet: Worksheet, table: TableCard) -> None:
        fields = load_shape(table.shape).fields
        sheet.write_string(0, 0, self.words.text("template.head"), self.formats["title"])
        for column, (header, name) in enumerate(table.headings.items()):
            card = fields[name]
            sheet.write_string(_HEADER_ROW, column, header, self.formats["head"])
            sheet.set_column(column, column, _WIDTHS.get(card.type, _WIDTH))
            self._write_blanks(sheet, column, card)
            advice = guideline(table.shape, table.guided[header], self.words)
            self._advise(sheet, column, header, advice, self._labels(table, name), card)
        self._write_total(sheet, [fields[name] for name in table.headings.values()])
        sheet.freeze_panes(_FIRST_ROW, 0)
        sheet.protect("", _PROTECTION)

    def _write_blanks(self, sheet: Worksheet, column: int, card: FieldCard) -> None:
        number_format = _NUMBER_FORMATS.get(card.type, "@")  # as text, `6/1` of a citation does not become a date
        open_cell = self.book.add_format({"locked": False, "num_format": number_format})
        for row in range(_FIRST_ROW, _FIRST_ROW + self.rows):
            sheet.write_blank(row, column, None, open_cell)

    def _advise(
        self, sheet: Worksheet, column: int, header: str, advice: str, labels: tuple[str, ...], card: FieldCard
    ) -> None:
        """Show the guideline beside the cell, and the list where there is one; a list advises and never forbids."""
        rule: dict[str, Any] = {
            "validate": "any",
            "input_title": header[:_LONGEST_PROMPT_TITLE],
            "input_message": advice[:_LONGEST_PROMPT],
        }
        if labels:
            rule |= {"validate": "list", "source": self.lists[labels], "error_type": "warning"}
            rule["show_error"] = card.type == "code"  # several codes in one cell are no word of the list
        sheet.data_validation(_FIRST_ROW, column, _FIRST_ROW + self.rows - 1, column, rule)

    def _write_total(self, sheet: Worksheet, cards: Sequence[FieldCard]) -> None:
        """Sum the counts; under the first column of words, count the rows in which anything stands."""
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


def _sheet_name(name: str, table: TableCard) -> str:
    """Return the sheet's name: the first that the card knows; a table that may stand in any sheet lends its own."""
    return name if "*" in table.sheets else table.sheets[0]
