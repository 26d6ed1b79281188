"""The state of each language: its gaps, its reviewer, deviations from the glossary.

Does not belong here: what a gap is (`languages/words.py`), or bringing catalogues in line with cards
(`expectations/cards/indicator_messages.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from languages import glossary, words
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
