"""Confirmations from before words were confirmed as they are spelled: those that rest on a fold are taken back.

Belongs here: holding the record of confirmed words against the files that it let in. Does not belong here: the record
(`ingestion/privacy/confirmed_words.py`), which files ask then (`asked_again.py`), the upgrade that calls it.

Words were confirmed by their folded form: who said that `على` names nobody had let in `علي` as well. A confirmation
stands where each file that holds the word spells it exactly as it was confirmed; of all others nobody knows what was
meant, and their files ask again.
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
    """Take back each confirmation that rests on a fold; run again it takes back nothing more.

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
            continue  # the next landing tells it
        exact |= {held.name(word.text) for word in asked}
        folded |= {held.name(form) for word in asked if (form := fold_word(word.text)) != word.text}
    return exact - folded
