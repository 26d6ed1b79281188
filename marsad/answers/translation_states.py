"""The state of each language: its gaps, its reviewer, deviations from the glossary; and messages found by their text.

Does not belong here: what a gap is (`languages/words.py`), or bringing catalogues in line with cards
(`expectations/cards/indicator_messages.py`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from languages import catalogue, glossary, words
from languages.catalogue import Gap
from languages.glossary import StrayTerm


@dataclass(frozen=True)
class TranslationState:
    """A language: what its catalogue lacks, who approved it, and texts that deviate from the glossary."""

    tag: str
    gaps: Sequence[Gap]
    reviewer: str
    strays: Sequence[StrayTerm]


def translation_states() -> list[TranslationState]:
    """Return the state of each language. A deviation is for a translator to look at and blocks nothing."""
    return [
        TranslationState(tag, words.gaps(tag), words.Words.load(tag).reviewer, glossary.stray_terms(tag))
        for tag in words.languages()
    ]


@dataclass(frozen=True)
class FoundMessage:
    """A message that holds a text: its key, and its text by the file of each language."""

    key: str
    texts: Mapping[str, str]


def found_messages(text: str) -> list[FoundMessage]:
    """Return the messages that hold a text in one of the languages, by key, as they stand in each catalogue.

    A heading of a page is found so by the words that a reader sees. Forms of the plural are joined by a bar.
    """
    catalogues = {tag: catalogue.read_catalogue(catalogue.catalogue_path(tag)) for tag in words.languages()}
    files = {tag: f"languages/{catalogue.catalogue_path(tag).name}" for tag in catalogues}
    return [
        FoundMessage(
            key,
            {
                files[tag]: " | ".join(message.text or message.english)
                for tag, known in catalogues.items()
                if (message := known.messages.get(key))
            },
        )
        for key in catalogue.find_messages(text, catalogues.values())
    ]
