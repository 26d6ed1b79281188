"""Every text of an XML part of a file, wherever it stands: names, attributes, instructions, texts between elements.

Belongs here: the complete walk over one XML part; which of its texts a person and not a program may have written; which
texts a program derives from the file itself: cell addresses on its own sheets, names of ranges.
Does not belong here: places with a reader of their own, which reports more about a text (`noncell_text.py`), cells
(`sheet_scan.py`), what is personal (`personal_data.py`).

A list of places to read would miss some. So everything is read, and a text is collected if a program would not have
written it: it has a letter that is not ASCII, a word of it is on a list of names, or it is personal by itself. The rest
are Latin words on no list of names: the words of the formats themselves.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from defusedxml.ElementTree import DefusedXMLParser

from ingestion.files.noncell_text import MAX_SMALL_PART_BYTES, NonCellText, local_name_of
from ingestion.files.safe_zip import Archive, Stop
from ingestion.personal.name_lexicon import fold_word, is_on_name_list, sections_of
from ingestion.personal.personal_text import personal_kind

_MAX_DEPTH = 100
_LETTER = re.compile(r"[^\W\d_]")
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_MANY_DIGITS = re.compile(r"\d{7}")
_SIGNS_OF_CODES = re.compile(r"[\d+/=]")
_UNIQUE_ID = re.compile(r"\{?[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}\}?")
_LEAST_PIECES = 4
_LONGEST_NAME = 200  # letters; a longer run without a space is a picture or printer settings in base64
_PLAIN = re.compile(  # cell addresses, numbers, colours, part numbers: most attribute values
    r"(?:\$?[A-Z]{1,3}\$?\d{1,7}(?::\$?[A-Z]{1,3}\$?\d{1,7})?[ ,]?)+|-?\d{1,6}(?:\.\d+)?(?:[eE]-?\d+)?(?:cm|pt|in|%)?"
    r"|[0-9A-Fa-f]{6}|[0-9A-Fa-f]{8}|rId\d+|true|false"
)
_TOKEN_OF_DRAWING = re.compile(r"([\w:.-]+)\s*=\s*(\"[^\"]*\"|'[^']*')|(?:>|<\?[\w:-]*)([^<>]*)")
_QUOTED = re.compile(r'"[^"]*"')
_REFERENCE = re.compile(r"\$?[A-Z]{1,3}\$?[0-9]{1,7}")
_NUMBER = re.compile(r"[-+]?\d*\.?\d*(?:[eE][-+]?\d+)?")
# Words of the formats (ECMA-376, OpenDocument 1.3) that are also on a list of names.
_WORDS_OF_FORMATS = frozenset(
    (
        *("alpha", "arab", "bar", "bin", "black", "butt", "dash", "double", "dur", "dynamic", "family", "grad"),
        *("hidden", "iri", "login", "main", "mar", "marker", "master", "max", "mean", "med", "media", "mime", "min"),
        *("rad", "safe", "same", "set", "sha", "sheet", "tail", "thin", "tif", "uri", "visible"),
    )
)
_TEXTS_OF_PROGRAMS = frozenset(sections_of(Path(__file__).with_name("texts_of_programs.txt"))["texts"])
"""How Office in other languages names its themes and the lists of a document's parts."""
# What a program fills in from its machine: font and script names, folders, checksums; formats and formulas, whose
# quoted texts are read elsewhere. There a single word on a list of names proves nothing.
_MACHINE_ATTRIBUTES = frozenset(
    (
        *("typeface", "script", "font-family", "font-name", "url", "formula", "formatCode", "documentId"),
        *("hashValue", "saltValue", "workbookHashValue", "workbookSaltValue"),
    )
)
_MACHINE_ELEMENTS = frozenset({"f", "formula", "formula1", "formula2", "config-item", "generator", "Application"})
_TEXTS_OF_COMMENTS = frozenset({"t", "text"})
_FONT_ELEMENTS = ("name", "rFont")
_TEXT_VALUES = ("str", "e", "d")
"""Kinds of cells whose value is a text in place; in all others it is a number."""
PAGE_CODES = re.compile(r'&(?:"[^"]*"|K[0-9A-Fa-f]{6}|[0-9]+|[A-Za-z])')
"""Codes in Excel headers and footers: side, font, size, page number."""

_PLACE = r"(?:\$?[A-Z]{1,3}\$?\d{1,7}(?!\w)|\$\d{1,7}(?!\w)|\$[A-Z]{1,3}(?!\w))"
_NAMES = r"(?:Print_Area|Print_Titles|_?FilterDatabase)"
_SHEET = r"\$?(?:'((?:[^']|'')+)'|((?:\w|-)+))"
_ADDRESS = re.compile(rf"{_SHEET}(?:[!.]{_PLACE}(?::\.?{_PLACE})?|!{_NAMES}\b|!#REF!|!(?=\s*(?:[^\w\s]|$)))")
"""A sheet and an address on it; in a formula whose addresses have been removed, a sheet followed by a sign."""
_PAGE_STYLE = re.compile(r"PageStyle_(?:5f_)?(.+)")
_SIGN = re.compile(r"_([0-9a-f]{2,4})_")  # how OpenDocument encodes a space in a style name
_FUNCTION = re.compile(  # not words of a language
    r"\b(?:COUNTIFS?|COUNTA|COUNTBLANK|SUMIFS?|SUMPRODUCT|IFERROR|ISNUMBER|ISTEXT|ISBLANK|ISERROR|MID|TRIM|WEEKDAY|MOD"
    r"|INDIRECT|OFFSET|[VHX]LOOKUP|MAX|MIN|INT|SUBSTITUTE|DATEVALUE|CONCATENATE)(?=\()"
)
_OF_PROGRAMS = re.compile(  # of ranges and rules in LibreOffice; kinds of rules and views in Excel
    r"val\d+|__Anonymous_(?:Sheet_)?DB__\d*|unnamed_var\d+|dataBar|iconSet|uniqueValues|duplicateValues|num|min|max"
    r"|percentile|autoM(?:in|ax)|\dArrows(?:Gray)?|\dSymbols2?|\dRedToBlack|\dStars|fullAlpha|pageBreakPreview"
    r"|gridLines|asDisplayed"
)


class PartTexts:
    """The target of the XML parser: collects every text of a part.

    Args:
        skipped: the elements whose text another reader takes.
    """

    def __init__(self, skipped: frozenset[str] = frozenset()) -> None:
        self.texts: set[str] = set()
        self.of_machines: set[str] = set()
        self._skipped = skipped
        self._stack: list[str] = []
        self._pieces: list[str] = []
        self._cell_kind = "n"
        self._values = 0  # number of values of the cell so far: programs show the first

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Collect the names and attributes of an element that opens."""
        self._end_text()
        name = local_name_of(tag)
        self._stack.append(name)
        if len(self._stack) > _MAX_DEPTH:
            raise Stop("unreadable")
        if name == "c":
            self._cell_kind, self._values = attributes.get("t", "n"), 0
        elif name in ("v", "is"):
            self._values += 1
        self.take(tag, attributes)

    def take(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Collect the names and attributes of an element."""
        self.texts.add(tag)
        for key, value in attributes.items():
            self.texts.add(key)
            if not _PLAIN.fullmatch(value):
                is_font = key == "val" and local_name_of(tag) in _FONT_ELEMENTS
                is_of_machine = is_font or local_name_of(key) in _MACHINE_ATTRIBUTES
                (self.of_machines if is_of_machine else self.texts).add(value)

    def end(self, tag: str) -> None:
        """Collect the text before the end of an element."""
        self._end_text()
        self._stack.pop()

    def data(self, data: str) -> None:
        """Collect a text between elements."""
        self._pieces.append(data)

    def start_ns(self, prefix: str, uri: str) -> None:
        """Collect a namespace prefix and its URI."""
        self.texts.update((prefix or "", uri))

    def pi(self, target: str, data: str | None = None) -> None:
        """Collect a processing instruction."""
        self.texts.update((target, data or ""))

    def close(self) -> None:
        """End the part."""
        self._end_text()

    def _end_text(self) -> None:
        if not self._pieces:
            return
        text = "".join(self._pieces).strip()
        self._pieces.clear()
        if text:
            self.take_text(text)

    def take_text(self, text: str) -> None:
        """Collect a text of the innermost element."""
        if self._is_cell(text):
            return
        if self._stack and self._stack[-1] in _MACHINE_ELEMENTS:
            self.of_machines.add(_REFERENCE.sub(" ", _QUOTED.sub(" ", text)))
        else:
            self.texts.add(text)

    def _is_cell(self, text: str) -> bool:
        """Return whether another reader takes a text; a phonetic reading (`rPh`) is taken by none."""
        if not self._stack or "rPh" in self._stack:
            return False
        if self._stack[-1] == "v":
            is_shown = self._cell_kind in _TEXT_VALUES and self._values == 1
            return is_shown or _NUMBER.fullmatch(text) is not None
        if "is" in self._stack and not (self._cell_kind == "inlineStr" and self._values == 1):
            return False
        return self._stack[-1] in self._skipped


def feed_parts(target: PartTexts, pieces: Iterable[bytes]) -> PartTexts:
    """Read the pieces of an XML part into a target, and return it.

    Raises:
        Stop: as `Archive.stream`; `unreadable` for too deep nesting.
    """
    parser, is_empty = DefusedXMLParser(target=target, forbid_dtd=True), True
    for piece in pieces:
        parser.feed(piece)
        is_empty = False
    if not is_empty:  # LibreOffice writes parts of zero bytes
        parser.close()
    return target


def texts_of_persons(archive: Archive, names: Iterable[str], known: frozenset[str]) -> Iterator[NonCellText]:
    """Yield the texts of small parts that no program writes by itself and that no other reader took.

    Args:
        archive: the parts.
        names: the parts to read.
        known: the texts that other readers took, and the names of the sheets, squeezed.
    """
    for name in names:
        skipped = _TEXTS_OF_COMMENTS if "comments" in name.lower() else frozenset[str]()
        yield from written_by_persons(feed_parts(PartTexts(skipped), archive.stream(name)), known)


def texts_of_drawings(archive: Archive, known: frozenset[str]) -> Iterator[NonCellText]:
    """Yield such texts in the drawings of comments (.vml), which are not always well-formed XML."""
    for name in archive.names:
        if name.lower().endswith(".vml"):
            part = PartTexts()
            content = archive.read(name, MAX_SMALL_PART_BYTES).decode("utf-8", "replace")
            for attribute, value, text in _TOKEN_OF_DRAWING.findall(content):
                part.texts.update((attribute, html.unescape(value.strip("\"'")), html.unescape(text.strip())))
            yield from written_by_persons(part, known)


def written_by_persons(part: PartTexts, known: frozenset[str], label: str = "") -> Iterator[NonCellText]:
    """Yield the texts of a part that no program writes by itself.

    Args:
        part: the collected texts.
        known: the texts that another reader already took, squeezed; references to a sheet among them are known too.
        label: the sheet, as findings name it.
    """
    texts = [("text", text) for text in sorted(part.texts) if _is_of_person(text)]
    texts += [("author", text) for text in sorted(part.of_machines) if _is_personal(text)]
    for place, text in texts:
        plain = squeeze(text)
        if plain not in known and not is_address(plain, known):
            yield NonCellText(place, text if personal_kind(text) else _part_words(text), label)


def squeeze_all(texts: Iterable[str]) -> frozenset[str]:
    """Return the texts with single spaces, as XML normalises attributes."""
    return frozenset(filter(None, map(squeeze, texts)))


def squeeze(text: str) -> str:
    """Return a text with single spaces."""
    return " ".join(text.split())


@lru_cache(maxsize=65536)
def _is_of_person(text: str) -> bool:
    """Return whether a text holds what no program writes by itself: non-ASCII letters, a listed name, an identifier."""
    if not _LETTER.search(text):
        return bool(_MANY_DIGITS.search(text) and personal_kind(text))
    if not text.isascii() or text in _TEXTS_OF_PROGRAMS:
        return text not in _TEXTS_OF_PROGRAMS
    words = {fold_word(word) for word in _WORD.findall(text) if len(word) > 2}
    return any(map(is_on_name_list, words - _WORDS_OF_FORMATS)) or _is_personal(text)


def _is_personal(text: str) -> bool:
    """Return whether a text is personal by itself, as written or with its words separated."""
    return bool(personal_kind(text) or personal_kind(_part_words(text)))


def _part_words(text: str) -> str:
    """Return a Latin text with its words separated (`AliHassan`, `Ali_Hassan`); all others unchanged."""
    if not text.isascii() or len(text) > _LONGEST_NAME or "(" in text or _MANY_DIGITS.search(text):
        return text
    words = _WORD.findall(text)
    return text if _is_code(text, words) else " ".join(words)


def _is_code(text: str, words: Sequence[str]) -> bool:
    """Return whether all words are one or two letters between digits: checksums, identifiers, addresses."""
    if _UNIQUE_ID.fullmatch(text):
        return True
    short = sum(len(word) <= 2 for word in words)
    return len(words) >= _LEAST_PIECES and 2 * short > len(words) and _SIGNS_OF_CODES.search(text) is not None


def drop_program_texts(texts: Iterable[NonCellText], sheets: Iterable[str]) -> Iterator[NonCellText]:
    """Yield the non-cell texts without those that a program wrote; comments and authors are left as they are.

    Args:
        texts: the non-cell texts.
        sheets: the names of the file's own sheets; only these are removed from an address.
    """
    names = frozenset(sheets)
    for text in texts:
        if text.cell or text.place != "text":
            yield text
        elif not is_of_program(text.text, names):
            plain = _FUNCTION.sub(" ", remove_addresses(text.text, names))
            yield text if plain == text.text else replace(text, text=plain)


def is_of_program(text: str, sheets: frozenset[str]) -> bool:
    """Return whether a whole text is a program's name for something, or consists of addresses on known sheets."""
    page = _PAGE_STYLE.fullmatch(text)
    if page and (page[1] in sheets or _SIGN.sub(lambda sign: chr(int(sign[1], 16)), page[1]) in sheets):
        return True
    return _OF_PROGRAMS.fullmatch(text) is not None or is_address(text, sheets)


def is_address(text: str, sheets: frozenset[str]) -> bool:
    """Return whether a text consists of addresses on known sheets."""
    plain = remove_addresses(text, sheets)
    return plain != text and not any(map(str.isalnum, plain))


def remove_addresses(text: str, sheets: frozenset[str]) -> str:
    """Return a text without the addresses on known sheets; others stay."""
    if "!" not in text and "." not in text:
        return text
    return _ADDRESS.sub(_address_remover(sheets), text)


def _address_remover(sheets: frozenset[str]) -> Callable[[re.Match[str]], str]:
    def replace_address(match: re.Match[str]) -> str:
        name = match[2] or match[1].replace("''", "'")
        return " " if name in sheets else match[0]

    return replace_address
