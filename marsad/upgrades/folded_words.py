"""Confirmations by folded form, from before words were confirmed as spelled: doubtful ones are withdrawn.

Belongs here: comparing the record of confirmed words with the files that rely on it. Does not belong here: the record
(`ingestion/privacy/confirmed_words.py`), which files ask then (`asked_again.py`), the upgrade that calls it.

Words used to be confirmed by their folded form: confirming that `على` names nobody also admitted `علي`. A confirmation
stays valid if each file that holds the word spells it exactly as it was confirmed; for all others the intended spelling
is unknown, and their files ask again.
"""

from __future__ import annotations

import datetime

from ingestion.home import Home
from ingestion.personal.name_lexicon import fold_word
from ingestion.privacy import confirmed_words
from ingestion.privacy.asked_texts import distinct_words
from ingestion.privacy.confirmed_words import ConfirmedWords
from ingestion.submissions import receipts
from ingestion.submissions.preview import examine_unconfirmed
from languages.refusal import Refusal


def take_back_folded(home: Home) -> None:
    """Withdraw each confirmation that depends on a folded form; a second run withdraws nothing more.

    Args:
        home: whose locks the caller holds.
    """
    held = {line.source: ConfirmedWords(home, line.source) for line in confirmed_words.read_confirmations(home)}
    today = datetime.datetime.now(tz=datetime.UTC).date()
    for source, words in sorted(held.items()):
        spelled = _hashes_spelled_so(home, source, words) if words.confirmed else set[str]()
        confirmed_words.take_back_folded(home, source, words.confirmed - spelled, day=today)


def _hashes_spelled_so(home: Home, source: str, held: ConfirmedWords) -> set[str]:
    """Return the keyed hashes of the words that every received file spells as they were confirmed."""
    exact: set[str] = set()
    folded: set[str] = set()
    for receipt in (receipt for receipt in receipts.live_receipts(home) if receipt.source == source):
        try:
            asked = distinct_words(examine_unconfirmed(home, receipt).asked)
        except Refusal:
            continue  # the next landing reports it
        exact |= {held.name(word.text) for word in asked}
        folded |= {held.name(form) for word in asked if (form := fold_word(word.text)) != word.text}
    return exact - folded
