"""Texts that Marsad itself writes into workbooks, as whole texts: their words explain nothing elsewhere.

Belongs here: messages, guidelines, headings and examples of templates and marked copies, cut as spreadsheets cut them,
and which texts fill the placeholders of a message.
Does not belong here: the texts (`languages`, the cards), whether a filled-in text is explained
(`unexplained_texts.py`), Marsad's words that explain a sender's cell (`privacy_allowlist.py`).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache

from ingestion.cards.headings import all_headings
from ingestion.cards.source_card import load_shape, load_source, shape_names, source_names
from ingestion.findings import SEVERITIES
from ingestion.personal.name_lexicon import remove_marks
from languages.words import PLACEHOLDER, Words, languages

WRITTEN = ("desk.", "finding.", "guideline.", "htcds.", "mark.", "source.", "template.")
_WRITTEN_ALONE = ("notes.invented",)
"""Messages in workbooks that may come back: prefixes of their keys, and single keys."""
_LONGEST_TITLE, _LONGEST_PROMPT = 32, 255  # of a cell's prompts, where spreadsheets cut them
_SPACES = re.compile(r"\s+")
_WORD = re.compile(r"[^\W\d_]+")
_BEGINNING_OF_HASH = re.compile(r"[0-9a-f]{12}")

Pieces = tuple[str, ...]
"""A message without its placeholders: the text before, between and after them."""


def is_own_text(text: str) -> bool:
    """Return whether Marsad writes this text into workbooks, whole or cut like a prompt."""
    return _plain_text(text) in own_texts()


def texts_put_in(text: str) -> Iterator[list[str]]:
    """Yield, for each of our messages that a whole text matches, the texts in its placeholders, except hashes.

    In a comment a finding is preceded by its severity and followed by its remedy.

    Args:
        text: one line.
    """
    plain = _plain_text(text)
    # A verdict begins with a word that may also be a severity.
    lines = {plain, *(plain.removeprefix(mark) for mark in _severities())}
    for line in sorted(lines):
        for word in set(_WORD.findall(line)) & _messages().keys():
            for pieces in _messages()[word]:
                put_in = _texts_between(pieces, line)
                if put_in is not None:
                    yield [text for text in put_in if not _BEGINNING_OF_HASH.fullmatch(text)]


def _plain_text(text: str) -> str:
    return _SPACES.sub(" ", remove_marks(text)).strip()


def _texts_between(pieces: Pieces, text: str) -> list[str] | None:
    """Return the texts between the pieces of a message, each matched at its first position; None for another text."""
    first, *middle = pieces
    if not text.startswith(first):
        return None
    if not middle:
        return [] if text == first else None
    last = middle.pop()
    put_in: list[str] = []
    at = len(first)
    for piece in middle:
        start = text.find(piece, at)
        if start < 0:
            return None
        put_in.append(text[at:start])
        at = start + len(piece)
    end = len(text) - len(last)
    return [*put_in, text[at:end]] if end >= at and text.endswith(last) else None


@cache
def own_texts() -> frozenset[str]:
    """Return the texts without placeholders; slow, so only called for a workbook with a sheet that Marsad added."""
    texts = {
        text for words in _languages() for key in words.messages if _is_written(key) for text in _forms(words, key)
    }
    texts |= {*all_headings()}
    fields = [field for name in shape_names() for field in load_shape(name).fields.values()]
    texts |= {text for field in fields for text in (field.guideline, field.good, field.bad)}
    for source in map(load_source, source_names()):
        texts |= {heading for table in source.tables.values() for heading in (*table.headings, *table.also)}
    return frozenset(_plain_text(text[:end]) for text in texts for end in (_LONGEST_TITLE, _LONGEST_PROMPT, None))


@cache
def _messages() -> Mapping[str, list[Pieces]]:
    """Return the messages with placeholders by their longest word, so that few are tried on a text."""
    texts: set[str] = set()
    for words in _languages():
        for key in filter(_is_written, words.messages):
            texts |= set(_forms(words, key))
            for remedy in _forms(words, f"{key}.remedy"):
                texts |= {f"{message} {remedy}" for message in _forms(words, key)}
    by_word: defaultdict[str, list[Pieces]] = defaultdict(list)
    for text in texts:
        pieces = tuple(_plain_text(f"|{piece}|")[1:-1] for piece in PLACEHOLDER.split(text)[::2])
        longest = max(_WORD.findall(" ".join(pieces)), key=len, default="")
        if longest:
            by_word[longest].append(pieces)
    return by_word


@cache
def _severities() -> list[str]:
    return [f"{_plain_text(words.text(f'desk.{severity}'))}: " for words in _languages() for severity in SEVERITIES]


def _is_written(key: str) -> bool:
    return key.startswith(WRITTEN) or key in _WRITTEN_ALONE


def _forms(words: Words, key: str) -> tuple[str, ...]:
    message = words.messages.get(key)
    return (message.text or message.english) if message else ()


def _languages() -> list[Words]:
    return [Words.load(tag) for tag in languages()]
