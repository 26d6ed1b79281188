"""What nothing explains: texts of a file of which the house does not know that they are harmless.

Belongs here: the walk over sheets, columns and texts beside the cells, and what explains a text: a known word of the
house, a date, a token, a place or nationality in a column of that kind, or words that are all ordinary.
Does not belong here: what is surely personal (`privacy.py`), the words themselves (`ordinary_words.py`,
`place_words.py`), what is asked of the person who sends the file.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import Literal

from ingestion.beside import Beside
from ingestion.card import SourceCard, load_shape, load_source, shape_names, source_names
from ingestion.cells import mark_of
from ingestion.citations import parse_citation
from ingestion.dates import read_date
from ingestion.findings import cell_name
from ingestion.header_rows import heading_of
from ingestion.headings import headings_of
from ingestion.house_sheets import stamp_of
from ingestion.identifiers import is_token
from ingestion.name_parts import fold_word, is_on_name_list
from ingestion.notes import is_dated_line
from ingestion.ordinary_words import is_ordinary_word
from ingestion.personal_headers import header_kind
from ingestion.personal_text import sheet_label
from ingestion.place_words import PLACE_KINDS, headings_of_kind, is_place, longest, phrases_of
from ingestion.reader import CellValue, Sheet, Workbook
from ingestion.text import fold
from ingestion.typed_numbers import states_number
from ingestion.vocabulary import is_heading, is_known

ColumnKind = Literal["place", "nationality", "text", ""]
"""What may stand in a column: places, nationalities, free text or tokens (where neither explains), or anything else."""

_LEAST_HEADINGS = 2  # of a row, before it says what stands below
_CODES: dict[str, ColumnKind] = {"governorate": "place", "citizenship": "nationality"}
_MARKS_OF_SCRIPTS = "\u0300-\u036f\u0900-\u109f"  # vowels of India and Burma are marks, and part of their words
_RUN = re.compile(rf"(?:[^\W_]|[{_MARKS_OF_SCRIPTS}])+")
_LETTERS = re.compile(rf"(?:[^\W\d_]|[{_MARKS_OF_SCRIPTS}])+")
_AREA_CODE = re.compile(r"[A-Z]{3}")
_DIGIT = re.compile(r"\d")
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")
_PCODE = re.compile(r"IQG?\d{1,2}(?:Q\d{2}(?:N\d{2})?)?|IQ-[A-Z]{2}", re.IGNORECASE)
_LONGEST_CITATION = 300


@dataclass(frozen=True, slots=True)
class AskedWord:
    """A word that nothing explains.

    Args:
        text: its folded form, the one that is hashed and confirmed.
        is_on_name_list: a list of names has it; then two persons of the task force confirm it.
    """

    text: str = field(repr=False)
    is_on_name_list: bool


@dataclass(frozen=True, slots=True)
class AskedText:
    """A text that nothing explains, at its cell; the name of a sheet and what stands beside the cells have none.

    Args:
        sheet: as findings name it; empty for what belongs to the whole file.
        cell: place like `C7`, or empty.
        words: those that are not explained, each once.
    """

    sheet: str
    cell: str
    words: tuple[AskedWord, ...] = field(repr=False)


def unexplained(workbook: Workbook, sender: SourceCard, *, is_confirmed: Callable[[str], bool]) -> list[AskedText]:
    """Return every text of a workbook that nothing explains.

    Args:
        workbook: what was read and `privacy.inspect` did not refuse.
        sender: who sends it; its public contacts are explained.
        is_confirmed: whether persons have said of a folded word that it is no person.
    """
    asking = _Asking(sender, is_confirmed)
    asked = [text for number, sheet in enumerate(workbook.sheets, start=1) for text in asking.of_sheet(sheet, number)]
    return asked + list(asking.of_texts_beside(workbook.beside))


@dataclass
class _Asking:
    """One pass over one workbook; each distinct text of a kind of column is judged once."""

    sender: SourceCard
    is_confirmed: Callable[[str], bool]
    judged: dict[tuple[ColumnKind, str], tuple[AskedWord, ...]] = field(
        default_factory=dict[tuple[ColumnKind, str], tuple[AskedWord, ...]]
    )

    @property
    def is_published(self) -> bool:
        """Whether the file is a public table: its authors are known to the world, and areas have codes of its own."""
        return self.sender.kind == "publisher"

    def of_sheet(self, sheet: Sheet, ordinal: int) -> Iterator[AskedText]:
        label = sheet_label(sheet.name, ordinal)
        if words := self.words_of(sheet.name, "place"):
            yield AskedText(f"#{ordinal}", "", words)
            label = f"#{ordinal}"
        heads = _head_rows(sheet)
        for number, column in enumerate(zip(*sheet.rows, strict=True), start=1):
            for start, end, kind in _parts(column, heads):
                part = column[start:end]
                asked = {
                    text: words for text in set(part) if isinstance(text, str) and (words := self.words_of(text, kind))
                }
                if asked:
                    for row, text in enumerate(part, start=start + 1):
                        if isinstance(text, str) and text in asked:
                            yield AskedText(label, cell_name(row, number), asked[text])

    def of_texts_beside(self, beside: Sequence[Beside]) -> Iterator[AskedText]:
        for one in beside:
            is_published = one.place == "author" and self.is_published
            if not is_published and (words := self.words_of(one.text, "")):
                yield AskedText(one.sheet, one.cell, words)

    def words_of(self, text: str, kind: ColumnKind) -> tuple[AskedWord, ...]:
        """Return the words of a text that nothing explains in a column of a kind."""
        key = (kind, text)
        if key not in self.judged:
            self.judged[key] = () if self._is_explained(text, kind) else self._asked_words(text, kind)
        return self.judged[key]

    def _is_explained(self, text: str, kind: ColumnKind) -> bool:
        plain = text.strip()
        return (
            not _LETTERS.search(plain)
            or is_token(plain)
            or plain.removeprefix("mailto:").casefold() in self.sender.public_contacts
            or (self.is_published and kind == "nationality" and _AREA_CODE.fullmatch(plain) is not None)
            or _is_known_to_the_house(plain, kind)
        )

    def _asked_words(self, text: str, kind: ColumnKind) -> tuple[AskedWord, ...]:
        words = [word for word in unexplained_words(text, kind) if not self.is_confirmed(word)]
        return tuple(AskedWord(word, is_on_name_list(word)) for word in dict.fromkeys(words))


def unexplained_words(text: str, kind: ColumnKind = "") -> list[str]:
    """Return the folded words of a text that are neither ordinary nor, in a column of their kind, a place.

    One letter alone is no name (`دار أ`); two are initials, but in a citation of law.
    """
    words = [word for run in _RUN.findall(_HUMP.sub(" ", text)) for word in _words_of_run(run)]
    if sum(len(word) == 1 for word in words) <= 1 or _is_citation(text):
        words = [word for word in words if len(word) > 1]
    found: list[str] = []
    at = 0
    while at < len(words):
        length = _phrase_at(words, at, kind)
        if not length and not is_ordinary_word(words[at]):
            found.append(words[at])
        at += length or 1
    return found


def _is_citation(text: str) -> bool:
    """Return whether laws are cited in a text, in which single letters stand for articles and paragraphs."""
    return len(text) <= _LONGEST_CITATION and _DIGIT.search(text) is not None and parse_citation(text) is not None


def _words_of_run(run: str) -> list[str]:
    """Return the words of a run of letters and digits; one or two letters on digits are a unit or a mark (5م, A5)."""
    words = [fold_word(word) for word in _LETTERS.findall(run)]
    has_digits = any(sign.isdigit() for sign in run)
    return [] if _PCODE.fullmatch(run) else [word for word in words if word and not (has_digits and len(word) <= 2)]


def _phrase_at(words: Sequence[str], at: int, kind: ColumnKind) -> int:
    """Return how many words from a place on are the name of a place or nationality that may stand here."""
    if kind not in PLACE_KINDS:
        return 0
    for length in range(min(longest(kind), len(words) - at), 0, -1):
        if tuple(words[at : at + length]) in phrases_of(kind):
            return length
    return 0


def _is_known_to_the_house(text: str, kind: ColumnKind) -> bool:
    """Return whether a whole text is known: a heading, a code, a mapped value, a mark, a date, a citation, a stamp."""
    if mark_of(text) or states_number(text) or is_heading(text) or stamp_of(text):
        return True
    if read_date(text, day_first=True).day is not None or is_dated_line(text):
        return True
    return is_known(text) and (kind in PLACE_KINDS or not _is_of_places(text))


def _is_of_places(text: str) -> bool:
    return is_place(tuple(fold_word(word) for word in _LETTERS.findall(text)))


def _head_rows(sheet: Sheet) -> list[int]:
    """Return the rows, from 0, in which headings of cards stand."""
    return [place for place, row in enumerate(sheet.rows) if _is_head(row)]


def _is_head(row: Sequence[CellValue]) -> bool:
    first = next((cell for cell in row if cell is not None), None)
    if not isinstance(first, str):
        return False
    known = sum(isinstance(cell, str) and is_heading(cell) for cell in row)
    return known >= min(_LEAST_HEADINGS, len(row))


def _parts(column: Sequence[CellValue], heads: Sequence[int]) -> Iterator[tuple[int, int, ColumnKind]]:
    """Yield the parts of a column between its headings: first row, row behind the last one, kind of column."""
    start, kind = 0, ""
    for row in heads:
        heading = heading_of(column[row])
        if heading:
            yield start, row + 1, kind
            start, kind = row + 1, kind_of_column(heading)
    yield start, len(column), kind


@lru_cache(maxsize=8192)
def kind_of_column(heading: str) -> ColumnKind:
    """Return which words of places may stand under a heading."""
    known = _kinds().get(fold(heading))
    return known or ("text" if header_kind(heading, in_parts=True) else "")


@cache
def _kinds() -> dict[str, ColumnKind]:
    kinds: dict[str, ColumnKind] = {fold(heading): kind for kind in PLACE_KINDS for heading in headings_of_kind(kind)}
    tables = [(table.shape, table.headings) for name in source_names() for table in load_source(name).tables.values()]
    tables += [
        (shape, {word: name for name in load_shape(shape).fields for word in headings_of(shape, name)})
        for shape in shape_names()
    ]
    for shape, headings in tables:
        for heading, name in headings.items():
            field = load_shape(shape).fields[name]
            if field.codes in _CODES:
                kinds |= dict.fromkeys(
                    (fold(part) for part in (heading, *heading.split(" / ")[1:])), _CODES[field.codes]
                )
    return kinds
