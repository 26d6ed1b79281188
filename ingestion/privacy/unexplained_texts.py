"""Unexplained texts: texts of a file that are not known to be harmless.

Belongs here: the walk over sheets, columns and non-cell texts, and what explains a text: a known word, a date, a
pseudonymous ID, a place or nationality in a column of that kind, or words that are all ordinary.
Does not belong here: what is certainly personal (`personal_data.py`), the words themselves (`ordinary_words.py`,
`place_words.py`), what the sender is asked.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache

from ingestion.cards.headings import headings_of, spell_out
from ingestion.cards.source_card import FieldCard, SourceCard, load_shape, load_source, shape_names, source_names
from ingestion.files.noncell_text import NonCellText
from ingestion.files.reader import CellValue, Sheet, Workbook
from ingestion.files.template_sheets import stamp_of, stamp_on
from ingestion.findings import cell_name
from ingestion.personal.column_words import CELL_KINDS, headings_of_cells
from ingestion.personal.identifiers import is_public_contact, is_token
from ingestion.personal.name_lexicon import fold_word, is_name_near_code, is_on_name_list
from ingestion.personal.ordinary_words import is_ordinary_text
from ingestion.personal.personal_headers import header_kind
from ingestion.personal.personal_text import sheet_label
from ingestion.personal.place_words import PLACE_KINDS, headings_of_kind, is_country_code
from ingestion.personal.unexplained_words import ColumnKind, has_letters, unexplained_words
from ingestion.privacy.house_texts import is_own_text, own_texts, texts_put_in
from ingestion.privacy.privacy_allowlist import is_heading, is_known, is_known_beside_places, is_read_as
from ingestion.privacy.search_clock import SearchClock
from ingestion.sealing.age_keys import is_public_key
from ingestion.tables.cell_values import code_words, mark_of
from ingestion.tables.footnotes import is_dated_line
from ingestion.tables.header_rows import heading_of
from ingestion.tables.template_texts import Grid, WrittenTexts, written_texts
from ingestion.text.folding import fold, nearest_word
from ingestion.text.number_words import small_number

_LEAST_HEADINGS = 2  # in a row, before it counts as the heading of what follows
_SHARE_OF_HEADINGS = 4  # one in four
_KINDS: dict[str, ColumnKind] = {
    **{"governorate": "place", "citizenship": "nationality", "date": "date", "age": "age"},
    **dict.fromkeys(("deciding_body", "detecting_body", "organising_body", "referral_body"), "agency"),
}
_WITH_PLACES: tuple[ColumnKind, ...] = (*PLACE_KINDS, "published", "house")
_AREA_CODE = re.compile(r"[A-Z]{3}")
_LONGEST_HEADING = 80
_LEAST_WORDS = 5  # of a sentence that Marsad wrote
_MOST_OF_AUTHOR = 4  # words in the name of a public table's author
_LINK = re.compile(r"'?(.{1,31}?)'?![A-Z]{1,3}\d{1,7}")
_AUTHOR_OF_HTCDS = "b541dee0d17490573878c451bf72f8577b26121dcc33ef81b6751f138cedfc7c"
"""Hash of the author in IOM's public HTCDS 2.0 workbooks; hashed, since no person's name stands in this tree."""


@dataclass(frozen=True, slots=True)
class AskedWord:
    """An unexplained word.

    Args:
        text: as typed, without vowel signs and invisible characters: this is what is shown, hashed and confirmed.
        is_on_name_list: on a list of names; then two persons of the task force have to confirm it.
    """

    text: str = field(repr=False)
    is_on_name_list: bool


@dataclass(frozen=True, slots=True)
class AskedText:
    """An unexplained text, at its cell; sheet names and non-cell texts have none.

    Args:
        sheet: as findings name it; empty for what belongs to the whole file.
        cell: address like `C7`, or empty.
        words: the unexplained words, each once.
        is_outside_cells: it stands outside the cells even if it names one, like a comment.
    """

    sheet: str
    cell: str
    words: tuple[AskedWord, ...] = field(repr=False)
    is_outside_cells: bool = False


def find_unexplained(
    workbook: Workbook, sender: SourceCard, *, is_confirmed: Callable[[str], bool], clock: SearchClock | None = None
) -> list[AskedText]:
    """Return every unexplained text of a workbook.

    Args:
        workbook: read, and not refused by `personal_data.inspect`.
        sender: who sends it; its public contacts are explained.
        is_confirmed: whether persons have confirmed that a word, as typed, names nobody.
        clock: how long the search may take; by default a new one.

    Raises:
        Stop: `search_too_long`.
    """
    names = frozenset(sheet.name for sheet in workbook.sheets)
    is_ours = any(map(stamp_on, workbook.sheets))
    written = written_texts(workbook) if is_ours else WrittenTexts({}, frozenset(), is_whole=True)
    asking = _Asking(sender, is_confirmed, is_ours=is_ours, sheets=names, written=written)
    asking.clock = clock or asking.clock
    asked = [text for number, sheet in enumerate(workbook.sheets, start=1) for text in asking.ask_sheet(sheet, number)]
    return asked + list(asking.ask_texts_beside(workbook.beside))


@dataclass
class _Asking:
    """One pass over one workbook; each distinct text of a kind of column is judged once."""

    sender: SourceCard
    is_confirmed: Callable[[str], bool]
    is_ours: bool  # a sheet that Marsad added shows that the workbook began as a template
    sheets: frozenset[str]
    written: WrittenTexts
    clock: SearchClock = field(default_factory=SearchClock)
    judged: dict[tuple[ColumnKind, str], tuple[AskedWord, ...]] = field(
        default_factory=dict[tuple[ColumnKind, str], tuple[AskedWord, ...]]
    )

    @property
    def is_published(self) -> bool:
        """Whether the file is a public table, whose authors are public and which has area codes of its own."""
        return self.sender.kind == "publisher"

    def ask_sheet(self, sheet: Sheet, ordinal: int) -> Iterator[AskedText]:
        label = sheet_label(sheet.name, ordinal)
        if words := self.words_of(sheet.name, "place"):
            yield AskedText(f"#{ordinal}", "", words)
            label = f"#{ordinal}"
        if sheet.name in self.written.cells:
            yield from self._ask_written(sheet, label, self.written.cells[sheet.name])
            return
        columns = list(zip(*sheet.rows, strict=True))
        texts = list(map(_texts_of, columns))
        heads = _head_rows(sheet.rows, columns, texts)
        for number, (column, own) in enumerate(zip(columns, texts, strict=True), start=1):
            for start, end, heading in _parts(column, heads):
                here = self._kind_here(kind_of_column(heading), is_ours=stamp_on(sheet) is not None)
                for row, words in self._ask_part(column[start:end], own, here, _codes_under(heading)):
                    yield AskedText(label, cell_name(start + row, number), words)

    def _ask_written(self, sheet: Sheet, label: str, written: Grid) -> Iterator[AskedText]:
        """Judge the texts on a template's sheet that the template itself did not write."""
        texts = (
            (row, column, value)
            for row, values in enumerate(sheet.rows)
            for column, value in enumerate(values)
            if isinstance(value, str) and value.strip() != written.get((row, column), "").strip()
        )
        for row, column, text in texts:
            if words := self.words_of(text, ""):
                yield AskedText(label, cell_name(row + 1, column + 1), words)

    def _kind_here(self, kind: ColumnKind, *, is_ours: bool) -> ColumnKind:
        if is_ours:
            return "house"
        return "published" if self.is_published and kind == "nationality" else kind

    def _ask_part(
        self, part: Sequence[CellValue], texts: frozenset[str], kind: ColumnKind, codes: str
    ) -> Iterator[tuple[int, tuple[AskedWord, ...]]]:
        """Yield the asked words of a part of a column with these texts, each with its row (from 1)."""
        asked = {
            text: words
            for text in texts.intersection(part)
            if (words := self.words_of(text, kind)) and not (codes and _misspells_code(text, codes))
        }
        for row, text in enumerate(part if asked else (), start=1):
            if isinstance(text, str) and text in asked:
                yield row, asked[text]

    def ask_texts_beside(self, texts: Sequence[NonCellText]) -> Iterator[AskedText]:
        for text in texts:
            is_known_author = self.is_published and is_bare_name(text.text)
            is_known = text.place == "author" and (is_known_author or _is_author_of_htcds(text.text))
            if is_known or text.text in self.written.beside:
                continue
            if words := self.words_of(text.text, "" if self.written.is_whole else "house"):
                yield AskedText(text.sheet, text.cell, words, is_outside_cells=True)

    def words_of(self, text: str, kind: ColumnKind) -> tuple[AskedWord, ...]:
        """Return the unexplained words of a text in a column of a kind."""
        key = (kind, text)
        if key not in self.judged:
            self.clock.check("")
            self.judged[key] = self._judge(text.strip(), kind)
        return self.judged[key]

    def _judge(self, text: str, kind: ColumnKind) -> tuple[AskedWord, ...]:
        words = [] if is_token(text) or not has_letters(text) else unexplained_words(text, kind)
        if not words or self._is_known(text, kind):  # the words first: most texts have no unexplained one
            return ()
        if kind == "house":
            words = [word for line in text.splitlines() for word in self._unexplained_words(line)]
        asked = (word for word in dict.fromkeys(words) if not self.is_confirmed(word))
        return tuple(AskedWord(word, is_on_name_list(fold_word(word))) for word in asked)

    def _unexplained_words(self, line: str) -> list[str]:
        """Return the unexplained words of a line on a sheet that Marsad added, or in a comment on a cell.

        Marsad's messages contain words that are also names (على); these are explained only as part of a whole message
        with its filled-in texts, or of a link to a sheet. Marsad's other words explain any sentence, since templates of
        older versions have other messages.
        """
        words = unexplained_words(line, "house")
        link = _LINK.fullmatch(line)
        if not words or is_own_text(line) or (link and link[1] in self.sheets):
            return []
        if any(not any(self.words_of(text, "house") for text in put_in) for put_in in texts_put_in(line)):
            return []
        is_sentence = len(line.split()) >= _LEAST_WORDS
        return [word for word in words if not (is_sentence and fold_word(word) in _own_words())]

    def _is_known(self, text: str, kind: ColumnKind) -> bool:
        """Return whether a text is known as a whole."""
        return (
            is_public_contact(text.removeprefix("mailto:").casefold(), self.sender.public_contacts)
            or (kind == "nationality" and is_country_code(text))
            or (kind == "published" and _AREA_CODE.fullmatch(text) is not None)
            or (self.is_ours and (is_own_text(text) or is_public_key(text)))
            or is_read_as(kind, text)
            or _is_known_to_the_house(text, with_places=kind in _WITH_PLACES)
        )


def is_bare_name(text: str) -> bool:
    """Return whether a text may be one person's name and no more; any explained word makes it a sentence."""
    words = text.split()
    return len(words) <= _MOST_OF_AUTHOR and list(unexplained_words(text)) == words


def _is_author_of_htcds(text: str) -> bool:
    return hashlib.sha256(fold(text).encode()).hexdigest() == _AUTHOR_OF_HTCDS


@cache
def _own_words() -> frozenset[str]:
    """Return the words of Marsad's messages that nothing else explains, except those on a list of names."""
    words = {fold_word(word) for text in own_texts() for word in unexplained_words(text)}
    return frozenset(word for word in words if not is_on_name_list(word))


def _is_known_to_the_house(text: str, *, with_places: bool) -> bool:
    """Return whether a text is a heading, a code, a mapped value, a mark, a date, a letter's weekday, or a stamp."""
    if mark_of(text) or is_heading(text) or stamp_of(text) or is_dated_line(text) or _heads_a_kind(text):
        return True
    if small_number(text) is not None or is_ordinary_text(text):
        return True
    return is_known(text) if with_places else is_known_beside_places(text)


def _heads_a_kind(text: str) -> bool:
    """Return whether a text is a heading for a column of a kind, and no name (Faith)."""
    return fold(text) in _kinds() and not any(is_on_name_list(fold_word(word)) for word in unexplained_words(text))


def _texts_of(column: Sequence[CellValue]) -> frozenset[str]:
    """Return the texts of a column without pseudonymous IDs, which need no explanation and fill long columns."""
    return frozenset(text for text in set(column) if isinstance(text, str) and not is_token(text))


def _head_rows(
    rows: Sequence[Sequence[CellValue]], columns: Sequence[Sequence[CellValue]], texts: Sequence[frozenset[str]]
) -> list[int]:
    """Return the rows (from 0) in which a quarter of the cells are headings: at least two, or one of one column.

    A row with a pseudonymous ID is a record, however many of its words are headings elsewhere (رجال, الشرطة, دار
    الإيواء).
    """
    counted: Counter[int] = Counter()
    for column, own in zip(columns, texts, strict=True):
        headings = set(filter(_is_heading, own))
        if headings:
            counted.update(row for row, value in enumerate(column) if value in headings)
    least = min(_LEAST_HEADINGS, len(columns))
    filled = {row: sum(value is not None for value in rows[row]) for row, count in counted.items() if count >= least}
    heads = (row for row, count in filled.items() if _SHARE_OF_HEADINGS * counted[row] >= count)
    return sorted(row for row in heads if not any(isinstance(value, str) and is_token(value) for value in rows[row]))


def _is_heading(text: str) -> bool:
    if len(text) > _LONGEST_HEADING:
        return False
    return is_heading(text) or fold(text) in _kinds() or bool(header_kind(text, in_parts=True))


def _parts(column: Sequence[CellValue], heads: Sequence[int]) -> Iterator[tuple[int, int, str]]:
    """Yield the parts of a column between its headings: first row, row after the last one, the heading above."""
    start, above = 0, ""
    for row in heads:
        heading = heading_of(column[row])
        if heading:
            yield start, row + 1, above
            start, above = row + 1, heading
    yield start, len(column), above


@lru_cache(maxsize=65536)
def _misspells_code(text: str, codes: str) -> bool:
    """Return whether a text differs from a word of a code list by one slip; its row then waits, with a suggestion.

    A word on a list of names is asked about all the same.
    """
    words = [fold_word(word) for word in unexplained_words(text)]
    if any(is_on_name_list(word) or is_name_near_code(word) for word in words):
        return False
    return bool(nearest_word(text, code_words(codes, {})))


@lru_cache(maxsize=8192)
def kind_of_column(heading: str) -> ColumnKind:
    """Return which words, names elsewhere, may stand under a heading; none without a heading."""
    kinds = _kinds()
    known: ColumnKind = kinds.get(fold(heading)) or kinds.get(fold(spell_out(heading)), "")
    if known:
        return known
    if header_kind(heading, in_parts=True):
        return "text"
    words = [form for word in heading.split() for form in (fold(word), f"ال{fold(word)}")]
    place_kinds: list[ColumnKind] = [kinds[word] for word in words if kinds.get(word) in PLACE_KINDS]  # بلد العودة
    return place_kinds[0] if place_kinds else known


@cache
def _kinds() -> dict[str, ColumnKind]:
    kinds: dict[str, ColumnKind] = {fold(heading): kind for kind in CELL_KINDS for heading in headings_of_cells(kind)}
    kinds |= {fold(heading): kind for kind in PLACE_KINDS for heading in headings_of_kind(kind)}
    for heading, card in _fields().items():
        kind = _kind_of_field(card)
        if kind and not (kind == "agency" and heading in kinds):  # a court is also a place
            kinds[heading] = kind
    for table in (table for name in source_names() for table in load_source(name).tables.values()):
        for other, heading in table.also.items():
            kinds.setdefault(fold(other), kinds.get(fold(heading), ""))
    return kinds


@cache
def _codes_under(heading: str) -> str:
    """Return the code list of the field under a heading, or an empty string."""
    field = _fields().get(fold(heading)) or _fields().get(fold(spell_out(heading)))
    return field.codes if field else ""


@cache
def _fields() -> dict[str, FieldCard]:
    """Return the fields of all cards by their folded headings."""
    tables = [(table.shape, table.headings) for name in source_names() for table in load_source(name).tables.values()]
    tables += [
        (shape, {word: name for name in load_shape(shape).fields for word in headings_of(shape, name)})
        for shape in shape_names()
    ]
    return {
        fold(part): load_shape(shape).fields[name]
        for shape, headings in tables
        for heading, name in headings.items()
        for part in (heading, *heading.split(" / ")[1:])
    }


def _kind_of_field(field: FieldCard) -> ColumnKind:
    return _KINDS.get(field.codes or field.type, "")
