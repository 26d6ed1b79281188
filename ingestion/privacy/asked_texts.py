"""Findings about unexplained texts without showing any of their words, there or in other findings.

Belongs here: from `AskedText` to findings with places and counts, and removing the asked words from all other findings
of the file. Does not belong here: which texts those are (`unexplained_texts.py`), who may confirm a word
(`confirmed_words.py`, `answer_file.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace

from ingestion.findings import Finding
from ingestion.personal.name_lexicon import fold_word
from ingestion.personal.unexplained_words import unexplained_words
from ingestion.privacy.confirmed_words import MOST_WORDS
from ingestion.privacy.safe_excerpt import safe_argument
from ingestion.privacy.unexplained_texts import AskedText, AskedWord

MOST_PLACES = 200
"""Most words reported one by one, and most cells of each; of the others only the number is reported."""
_CELLS_IN_WORDS = 5  # of one word, in its message


def _nothing_is_confirmed(_text: str) -> bool:
    return False


def _nothing_is_stated(_word: AskedWord) -> bool:
    return False


@dataclass(frozen=True)
class Known:
    """Which words somebody has confirmed.

    Args:
        is_confirmed: whether a word is confirmed for any file of the source.
        is_stated: whether it is confirmed for this file.
        most: number of asked words above which a file is refused; None for a file that was received.
    """

    is_confirmed: Callable[[str], bool] = _nothing_is_confirmed
    is_stated: Callable[[AskedWord], bool] = _nothing_is_stated
    most: int | None = MOST_WORDS


def distinct_words(texts: Iterable[AskedText]) -> list[AskedWord]:
    """Return each asked word once, in the order of the file; it is marked as listed if any of its occurrences is.

    Args:
        texts: the asked texts of a file, in its order.

    Returns:
        The words, without repetition; no cell and no count.
    """
    by_text: dict[str, AskedWord] = {}
    for word in (word for text in texts for word in text.words):
        if word.text not in by_text or word.is_on_name_list:
            by_text[word.text] = word
    return list(by_text.values())


def drop_stated_words(texts: Iterable[AskedText], is_stated: Callable[[AskedWord], bool]) -> list[AskedText]:
    """Return the texts reduced to the words that nobody has stated to name nobody; texts without any are dropped.

    Args:
        texts: the asked texts of a file, in its order.
        is_stated: whether somebody stated that a word names nobody.

    Returns:
        The same texts in the same order, each with its remaining words; empty if none is left to ask about.
    """
    left = (replace(text, words=tuple(word for word in text.words if not is_stated(word))) for text in texts)
    return [text for text in left if text.words]


def drop_refused_texts(texts: Iterable[AskedText], findings: Iterable[Finding]) -> list[AskedText]:
    """Return the texts that do not belong to another reason to refuse the file, so that each error is reported once.

    A misspelt heading is reported as such at its cell. A table of counts where records are wanted has its months and
    places in columns that no heading explains; all of it belongs in another form.

    Args:
        texts: the asked texts of a file.
        findings: the other findings, with their sheets and cells.

    Returns:
        Texts whose cell is in no refusing finding, and whose sheet is no table of counts.
    """
    refusing = [finding for finding in findings if finding.severity == "refuse"]
    places = {(finding.sheet, finding.cell) for finding in refusing if finding.cell}
    sheets = {finding.sheet for finding in refusing if finding.kind == "counts_instead_of_records"}
    return [text for text in texts if text.sheet not in sheets and (text.sheet, text.cell) not in places]


def findings_of_words(texts: Sequence[AskedText]) -> list[Finding]:
    """Return where each asked word stands; never a word.

    Args:
        texts: the asked texts of a file.

    Returns:
        One finding per word with its cells, whose number is `count`; if there are too many words, one more with the
        number of the others. Safe to store and to print.
    """
    words = distinct_words(texts)
    findings = [_finding_of_word(word, [text for text in texts if word in text.words]) for word in words[:MOST_PLACES]]
    if len(words) > MOST_PLACES:
        findings.append(Finding("ask", "unexplained_more", arguments={"count": str(len(words) - MOST_PLACES)}))
    return findings


def _finding_of_word(word: AskedWord, texts: Sequence[AskedText]) -> Finding:
    places = tuple((text.sheet, text.cell) for text in texts)
    named = [cell for _, cell in places if cell]
    shown = ", ".join(named[:_CELLS_IN_WORDS]) + (", …" if len(named) > _CELLS_IN_WORDS else "")
    arguments = {"count": str(len(texts)), "cells": shown or "-"}
    first = texts[0]
    return Finding("ask", "unexplained_text", first.sheet, first.cell, arguments, places[:MOST_PLACES])


def hide_words(findings: Iterable[Finding], texts: Sequence[AskedText], ordinals: Mapping[str, int]) -> list[Finding]:
    """Return findings without any asked word, neither in a message nor as a sheet name.

    Args:
        findings: of the same file.
        texts: its asked texts.
        ordinals: name of a sheet -> its position in the workbook, which replaces a name that is asked about.
    """
    words = {fold_word(word.text) for word in distinct_words(texts)}
    return [
        replace(
            finding,
            sheet=_label(finding.sheet, words, ordinals),
            arguments={
                name: safe_argument(name, finding) if _holds_words(value, words) else value
                for name, value in finding.arguments.items()
            },
        )
        for finding in findings
    ]


def _label(sheet: str, words: AbstractSet[str], ordinals: Mapping[str, int]) -> str:
    return f"#{ordinals.get(sheet, 0)}" if _holds_words(sheet, words) else sheet


def _holds_words(text: str, words: AbstractSet[str]) -> bool:
    return not words.isdisjoint(map(fold_word, unexplained_words(text)))
