"""Texts for readers, looked up by key in the catalogue of a language.

Belongs here: look-up, plural forms, the insertion of arguments, and which languages there are.
Does not belong here: the texts themselves, how catalogues are stored (`catalogue.py`), or layout.

To add a language, add `<tag>.po`: its direction and plural rule follow from the tag; its digits and the name of its
native reviewer are in its headers.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from babel.core import Locale

from languages import catalogue as catalogues
from languages.catalogue import FOLDER, SOURCE, Catalogue, Gap, Message, catalogue_path
from languages.marked_identifiers import is_identifier, mark_identifier
from languages.numbers import Numerals, number
from languages.refusal import Refusal

Direction = Literal["ltr", "rtl"]

PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")
_ARABIC_NUMBER = re.compile(r"[٠-٩٪]")
_LETTER = re.compile(r"[^\W\d_]")
_heard: ContextVar[dict[str, str] | None] = ContextVar("heard", default=None)
_RIGHT_TO_LEFT_ISOLATE, _FIRST_STRONG_ISOLATE, _END_OF_ISOLATE = "\u2067", "\u2068", "\u2069"


def languages(folder: Path = FOLDER) -> list[str]:
    """Return the tags of all languages: the source language first, the others by name."""
    return [SOURCE, *sorted(path.stem for path in folder.glob("*.po"))]


def gaps(tag: str, folder: Path = FOLDER) -> list[Gap]:
    """Return what the catalogue of `tag` lacks compared with the English one; if empty, its pages may be issued.

    Raises:
        Refusal: `language_unknown`.
    """
    return list(_gaps(tag, folder))


@contextmanager
def listening() -> Generator[Mapping[str, str]]:
    """Yield the first text that is made of each key meanwhile: what a native reader sees of a message."""
    heard: dict[str, str] = {}
    token = _heard.set(heard)
    try:
        yield heard
    finally:
        _heard.reset(token)


def forget_catalogues() -> None:
    """Clear the cache of catalogues after one was written."""
    _catalogue.cache_clear()
    _gaps.cache_clear()
    _words.cache_clear()


def placeholders(text: str) -> list[str]:
    """Return the names of the placeholders in a text, sorted, each once."""
    return sorted(set(PLACEHOLDER.findall(text)))


@dataclass(frozen=True, eq=False)  # by identity: figures are cached by it, and comparing all messages takes long
class Words:
    """The texts of one language, read once.

    Attributes:
        tag: `en`, `ar`, `ckb`, …
        direction: of its script.
        numerals: which digits readers see.
        reviewer: the native reader who approved the texts; empty until then, and pages say so.
        messages: by key.
    """

    tag: str
    direction: Direction
    numerals: Numerals
    reviewer: str
    messages: Mapping[str, Message]

    @classmethod
    def load(cls, tag: str, folder: Path = FOLDER) -> Words:
        """Return the texts of the language `tag`.

        Raises:
            Refusal: `language_unknown`, naming the languages there are.
        """
        return _words(tag, folder)

    @property
    def is_reviewed(self) -> bool:
        """Whether a native reader has approved these texts; the source language needs none."""
        return self.tag == SOURCE or bool(self.reviewer)

    def __contains__(self, key: str) -> bool:
        return key in self.messages

    def text(self, key: str, /, **arguments: str | float) -> str:
        """Return the text of `key` with its arguments.

        Numbers are written with the language's own digits; in a right-to-left language arguments are wrapped in
        directional isolates, so that a file name or a version cannot reorder the sentence. A message with plural forms
        is selected by the argument `count`.

        Raises:
            Refusal: `message_missing` for a key that is absent, untranslated or fuzzy, naming it.
            KeyError: a placeholder without its argument.
        """
        forms = self._forms(key)
        form = self._form(arguments["count"]) if len(forms) > 1 else 0
        text = PLACEHOLDER.sub(lambda match: self._write_argument(arguments[match[1]]), forms[form])
        if (heard := _heard.get()) is not None:
            heard.setdefault(key, text)
        return text

    def label(self, code_list: str, code: str) -> str:
        """Return the label of a code, e.g. `label("sex", "F")`. Raises as `text` does."""
        return self.text(f"code.{code_list}.{code}")

    def _forms(self, key: str) -> tuple[str, ...]:
        message = self.messages.get(key)
        texts: tuple[str, ...] = ()
        if message and not message.is_fuzzy:
            texts = message.text or (message.english if self.tag == SOURCE else ())
        if not texts:
            raise Refusal("message_missing", where=key, file=f"languages/{catalogue_path(self.tag).name}")
        return texts

    def _form(self, count: str | float) -> int:
        category = Locale.parse(self.tag).plural_form(float(count))
        return catalogues.plural_forms(self.tag).index(category)

    def _write_argument(self, argument: str | float) -> str:
        text = argument if isinstance(argument, str) else number(argument, self.numerals, decimals=_decimals(argument))
        return isolate(text) if self.direction == "rtl" else text


def isolate(text: str) -> str:
    """Return `text` as a directional isolate for a right-to-left sentence.

    An identifier is marked as such. The first strong letter of another text decides its direction, with two exceptions
    that are isolated as right-to-left: a number in Arabic digits has no strong letter and would be taken for
    left-to-right, which puts `٪` on the wrong side; and in a text composed of parts, the letters inside its isolates do
    not count as first.
    """
    if is_identifier(text):
        return mark_identifier(text)
    is_number = bool(_ARABIC_NUMBER.search(text)) and not _LETTER.search(text)
    is_composed = _END_OF_ISOLATE in text
    opening = _RIGHT_TO_LEFT_ISOLATE if is_number or is_composed else _FIRST_STRONG_ISOLATE
    return f"{opening}{text}{_END_OF_ISOLATE}"


def _decimals(value: float) -> int:
    return 0 if float(value).is_integer() else len(f"{value:.4f}".rstrip("0").partition(".")[2])


def _path(tag: str, folder: Path) -> Path:
    known = languages(folder)
    if tag not in known:
        raise Refusal("language_unknown", where=tag, known=", ".join(known))
    return catalogue_path(tag, folder)


@cache
def _catalogue(tag: str, folder: Path) -> Catalogue:
    return catalogues.read_catalogue(_path(tag, folder))


@cache  # called for each label of a file; comparing two catalogues takes a twentieth of a second
def _gaps(tag: str, folder: Path) -> tuple[Gap, ...]:
    return tuple(catalogues.gaps(_catalogue(SOURCE, folder), _catalogue(tag, folder)))


@cache
def _words(tag: str, folder: Path) -> Words:
    catalogue = catalogues.read_on_demand(_path(tag, folder))
    return Words(
        tag=tag,
        direction="rtl" if Locale.parse(tag).character_order == "right-to-left" else "ltr",
        numerals="arab" if catalogue.headers.get("X-Marsad-Numerals") == "arab" else "latn",
        reviewer=catalogue.headers.get("X-Marsad-Reviewer", ""),
        messages=catalogue.messages,
    )
