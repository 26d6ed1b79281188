"""The texts of Marsad's templates, cell by cell: guidance, code lists, the head of each table, prompts.

Belongs here: these texts in one language. Does not belong here: writing the workbook (`forms/templates.py`), which
versions there were (`template_versions.py`).

A source's template has the headings of its card, whatever the language of the guidance; a shape's has the headings of
its language (`headings.py`), with all fields, for a sender who has no table of its own.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

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
from ingestion.tables.cell_values import code_words, split_codes
from ingestion.tables.template_versions import is_shape, template_of
from ingestion.text.folding import SORANI_LETTERS, fold, nearest_word_or_all
from languages.refusal import Refusal
from languages.words import Words

LONGEST_PROMPT, LONGEST_PROMPT_TITLE = 255, 32  # limits of spreadsheet programs
GUIDANCE_TOP = 9
"""The row of the headings of the guidance, from 0: after stamp, title and lines of help."""

_LETTERS_OF = {"en": re.compile("[A-Za-z]{2}"), "ckb": SORANI_LETTERS}
_GUIDANCE = ("sheet", "heading", "required", "guideline", "good", "bad")
_HELP = ("fill", "zero", "not_received", "not_held", "names", "send")
_OLDEST_FILE = datetime.date(1980, 1, 1)  # the day that a zip archive gives to a file without one

Grid = Mapping[tuple[int, int], str]
"""Row and column, from 0 -> text."""


def guideline(shape: str, name: str, words: Words) -> str:
    """Return what to write in a field; a shape's own guideline takes precedence over one that all shapes share.

    Raises:
        Refusal: `message_missing` for a field without a guideline.
    """
    own = f"guideline.{shape}.{name}"
    return words.text(own if own in words else f"guideline.{name}")


def labels_of(card: FieldCard, own: Mapping[str, str], tag: str) -> list[str]:
    """Return one word for each code of a field, in the list's order: a word that intake reads as that code.

    Args:
        card: the field.
        own: the source's own words for its codes, which come first.
        tag: of the language; if a list has no word in it, the first one is used.
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
    """Return a good example of a field: codes in the words of the drop-down, all else as in the shape."""
    codes = split_codes(card.good, code_words(card.codes, own)) if card.codes else None
    if not codes:
        return card.good
    label = dict(zip(load_codes(card.codes), labels_of(card, own, tag), strict=True))
    return "، ".join(label[code] for code in load_codes(card.codes) if code in codes)


@dataclass(frozen=True)
class TemplateTexts:
    """All texts of a template in one language.

    Args:
        stamp: of its guidance.
        title: of what it is for.
        tables: its tables, by name.
        since: the day recorded as its creation.
        words: of its language.
    """

    stamp: str
    title: str
    tables: Mapping[str, TableCard]
    since: datetime.date
    words: Words

    def guidance(self) -> Grid:
        """Return the sheet of guidance."""
        cells = {(0, 0): self.stamp, (1, 0): self.title}
        cells |= {(row, 0): self.words.text(f"template.{line}") for row, line in enumerate(_HELP, start=2)}
        cells |= {(GUIDANCE_TOP, at): self.words.text(f"template.{heading}") for at, heading in enumerate(_GUIDANCE)}
        for row, texts in enumerate(self._guidelines(), start=GUIDANCE_TOP + 1):
            cells |= {(row, column): text for column, text in enumerate(texts)}
        return cells

    def _guidelines(self) -> Iterator[tuple[str, ...]]:
        for table_name, table in self.tables.items():
            for header, name in table.guided.items():
                card = load_shape(table.shape).fields[name]
                required = self.words.text("template.yes") if header in table.required_headers else ""
                good = example_of(card, table.codes.get(name, {}), self.words.tag)
                sheet, advice = sheet_name(table_name, table), guideline(table.shape, name, self.words)
                yield sheet, header, required, advice, good, card.bad

    def labels(self, table: TableCard, name: str) -> tuple[str, ...]:
        """Return the words of a field's list; empty for a field without one."""
        card = load_shape(table.shape).fields[name]
        return tuple(labels_of(card, table.codes.get(name, {}), self.words.tag)) if card.codes else ()

    def code_lists(self) -> Mapping[tuple[str, ...], str]:
        """Return the words of each list -> the heading over them, in their order."""
        lists: dict[tuple[str, ...], str] = {}
        for table in self.tables.values():
            for header, name in table.headings.items():
                if labels := self.labels(table, name):
                    lists.setdefault(labels, header)
        return lists

    def codes(self) -> Grid:
        """Return the sheet of code lists."""
        cells = {(0, 0): stamp_text("codes")}
        for column, (labels, header) in enumerate(self.code_lists().items()):
            cells |= {(row, column): text for row, text in enumerate((header, *labels), start=1)}
        return cells

    def prompt(self, table: TableCard, header: str) -> tuple[str, str]:
        """Return title and text of the prompt of the cells under a heading, cut as programs cut them."""
        advice = guideline(table.shape, table.guided[header], self.words)
        return header[:LONGEST_PROMPT_TITLE], advice[:LONGEST_PROMPT]


def template_texts(name: str, words: Words) -> TemplateTexts:
    """Return the texts of the template of a source or of a shape.

    Args:
        name: the source or the shape.
        words: of the language of guidance and drop-downs.

    Raises:
        Refusal: `unknown_source` with the nearest source or shape.
    """
    known = [*source_names(), *shape_names()]
    if name not in known:
        raise Refusal("unknown_source", where=name, nearest=nearest_word_or_all(name, known))
    if is_shape(name):
        tables = {name: _table_of_shape(name, words.tag)}
        title, since = tables[name].sheets[0], _OLDEST_FILE
    else:
        card = load_source(name)
        tables, title, since = card.tables, words.text(f"source.{name}.title"), card.agreement.since
    stamp = stamp_text("template", name, template_of(name).version, words.tag)
    return TemplateTexts(stamp, title, tables, since, words)


def _table_of_shape(shape: str, tag: str) -> TableCard:
    """Return a table with all fields of a shape under the headings of a language, or English where it has none."""
    language = tag if tag in LANGUAGES else LANGUAGES[0]
    fields = load_shape(shape).fields
    columns = {heading_of(shape, name, language): name for name in fields}
    period = next(name for name, card in fields.items() if card.type in ("date", "year"))
    return TableCard(shape=shape, sheets=[sheet_of(shape, language)], period_field=period, columns=columns, required=[])


def sheet_name(name: str, table: TableCard) -> str:
    """Return a sheet's name: the first in the card; for a table that may be in any sheet, the table's own name."""
    return name if "*" in table.sheets else table.sheets[0]
