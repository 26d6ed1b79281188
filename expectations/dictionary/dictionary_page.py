"""The dictionary as one page per language: an index, every entry under its own anchor, links both ways, no script.

Belongs here: how entries look, and which texts a language lacks. A page carries its style, fetches nothing and opens
from a memory stick; the browser's own search finds every word, code and line of SQL in it.
Does not belong here: the content of an entry (`dictionary_cards.py`), words (`languages`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from expectations.dictionary.dictionary_entries import (
    KINDS,
    DictionaryEntry,
    EntryCode,
    EntryLink,
    EntryText,
    Piece,
    invert_links,
)
from languages import html_page
from languages.catalogue import SOURCE
from languages.refusal import Refusal
from languages.words import Words

_FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class DictionaryPage:
    """The page of one language.

    Attributes:
        gaps: texts without a translation, shown in English, each once, sorted.
    """

    html: str
    gaps: tuple[str, ...]


@dataclass
class _Speaker:
    """Texts of one language; a missing one is shown in English and noted as a gap."""

    words: Words
    english: Words
    gaps: set[str] = field(default_factory=set[str])

    def translate_text(self, text: EntryText) -> dict[str, Any]:
        """Return the text and whether it is a gap: English on a page of another language."""
        own = self._own_text(text)
        if own is None:
            own = text.english or self.english.text(text.key, **text.arguments)
            if self.words.tag != SOURCE:
                self.gaps.add(own)
                return {"text": own, "is_gap": True}
        return {"text": own, "is_gap": False}

    def _own_text(self, text: EntryText) -> str | None:
        if not text.key:
            return text.others.get(self.words.tag)
        try:
            return self.words.text(text.key, **text.arguments)
        except Refusal:  # a language in progress lacks this text
            return None


def page(entries: Sequence[DictionaryEntry], words: Words, issued: Sequence[str]) -> DictionaryPage:
    """Return the dictionary in the language of `words`; the same entries and catalogue give the same bytes.

    Args:
        entries: all entries, in order.
        words: catalogue of the language.
        issued: tags of the languages in which pages are written, for the links between them.
    """
    speaker = _Speaker(words, Words.load(SOURCE))
    known = {EntryLink(entry.kind, entry.code): entry for entry in entries}
    back = invert_links(entries)
    shown = [_entry(entry, known, back.get(EntryLink(entry.kind, entry.code), []), speaker) for entry in entries]
    html = html_page.page(
        _FOLDER / "dictionary.html",
        [_FOLDER / "dictionary.css"],
        words,
        words=words,
        t=_labels(speaker),
        kinds=[(kind, [entry for entry in shown if entry["kind"] == kind]) for kind in KINDS],
        links=[(tag, Words.load(tag).text("language.name")) for tag in issued if tag != words.tag],
        gaps=len(speaker.gaps),
    )
    return DictionaryPage(html, tuple(sorted(speaker.gaps)))


def _labels(speaker: _Speaker) -> Any:  # noqa: ANN401 - a function for the template
    def label(key: str, **arguments: str | float) -> str:
        try:
            return speaker.words.text(key, **arguments)
        except Refusal:
            return speaker.english.text(key, **arguments)

    return label


def _entry(
    entry: DictionaryEntry, known: Mapping[EntryLink, DictionaryEntry], back: Sequence[EntryLink], speaker: _Speaker
) -> dict[str, Any]:
    return {
        "kind": entry.kind,
        "code": entry.code,
        "anchor": entry.anchor,
        "title": speaker.translate_text(entry.title) if entry.title else None,
        "facts": [(fact.name, [_piece(piece, known, speaker) for piece in fact.pieces]) for fact in entry.facts],
        "codes": [_code(entry, entry_code, known, speaker) for entry_code in entry.codes],
        "back": [_piece(link, known, speaker) for link in back],
        "sql": entry.sql,
    }


def _code(
    entry: DictionaryEntry, code: EntryCode, known: Mapping[EntryLink, DictionaryEntry], speaker: _Speaker
) -> dict[str, Any]:
    return {
        "code": code.code,
        "anchor": f"{entry.anchor}.{code.code}",
        "text": speaker.translate_text(code.text) if code.text else None,
        "pieces": [_piece(piece, known, speaker) for piece in code.pieces],
    }


def _piece(piece: Piece, known: Mapping[EntryLink, DictionaryEntry], speaker: _Speaker) -> dict[str, Any]:
    """Return a piece as the template shows it: a link, a text, or a word for machines."""
    if isinstance(piece, str):
        return {"machine": piece}
    if isinstance(piece, EntryText):
        return speaker.translate_text(piece)
    entry = known.get(piece)
    if entry is None:  # a name without an entry, such as an indicator of another home
        return {"machine": piece.code}
    title = speaker.translate_text(entry.title) if entry.title else None
    return {"href": f"#{entry.anchor}", "code": entry.code, "title": title}
