"""Received submissions that now ask again: a word was withdrawn, or today's rules ask about one.

Belongs here: which those are; nothing of them counts until the words are confirmed or the submission is withdrawn.
Does not belong here: how landing leaves them out (`landing.py`), what a word needs (`confirmed_words.py`).
"""

from __future__ import annotations

from collections.abc import Iterator

from ingestion.home import Home
from ingestion.privacy.confirmed_words import ConfirmedWords
from ingestion.submissions import receipts
from ingestion.submissions.landed_submission import landed_submission
from ingestion.submissions.receipts import Receipt


def receipts_that_ask(home: Home) -> list[Receipt]:
    """Return the receipts of live submissions that ask, oldest first.

    A submission is listed as soon as a word that it relied on is no longer confirmed; after a change of the rules, from
    the next landing on.

    Raises:
        Refusal: `receipts_broken`, `words_broken`, `words_key_gone`.
    """
    return [
        receipt
        for receipt, held in _join_words(home)
        if _is_still_asking(home, receipt) or not all(held.lets_in(name, receipt.sha256) for name in receipt.words)
    ]


def receipts_let_in_once(home: Home) -> list[Receipt]:
    """Return the receipts of live submissions with a word confirmed for them alone: a second role may confirm it.

    Raises:
        Refusal: as `receipts_that_ask`.
    """
    return [
        receipt
        for receipt, held in _join_words(home)
        if any(held.lets_in(name, receipt.sha256) and not held.lets_in(name, "") for name in receipt.words)
    ]


def _is_still_asking(home: Home, receipt: Receipt) -> bool:
    landed = landed_submission(home, receipt)
    return landed is not None and landed.asked > 0


def _join_words(home: Home) -> Iterator[tuple[Receipt, ConfirmedWords]]:
    held: dict[str, ConfirmedWords] = {}
    for receipt in receipts.live_receipts(home):
        if receipt.source not in held:
            held[receipt.source] = ConfirmedWords(home, receipt.source)
        yield receipt, held[receipt.source]
