"""Words that only a person can explain: of which submissions, and confirming them with the file open.

Does not belong here: showing a word, which happens on a terminal only (`commands/confirming.py`), or which words are
asked about (`ingestion/privacy`).
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from ingestion import intake_lock
from ingestion.entry.file_check import examine
from ingestion.files.uploads import read_upload
from ingestion.home import Home
from ingestion.privacy import confirmed_words
from ingestion.privacy.asked_texts import Known, distinct_words
from ingestion.privacy.confirmed_words import ConfirmedWords
from ingestion.privacy.unexplained_texts import AskedText, AskedWord
from ingestion.sealing.sealed_files import open_upload
from ingestion.sealing.sealing_keys import SealingKey
from ingestion.submissions import asked_again, receipts
from ingestion.submissions.preview import examine_unconfirmed, fault_of
from ingestion.text.folding import nearest_word_or_all
from languages.refusal import Refusal


@dataclass(frozen=True)
class WaitingSubmission:
    """A submission that asks about words, or whose word one role has confirmed once."""

    submission: str
    source: str
    state: Literal["asks", "once"]


def waiting_submissions(home: Home) -> list[WaitingSubmission]:
    """Return the submissions that ask, and those with a word that a second role may confirm; never a word."""
    asking, once = asked_again.receipts_that_ask(home), asked_again.receipts_let_in_once(home)
    return [
        *(WaitingSubmission(receipt.submission, receipt.source, "asks") for receipt in asking),
        *(WaitingSubmission(receipt.submission, receipt.source, "once") for receipt in once),
    ]


@dataclass(frozen=True)
class OpenedWords:
    """An opened file, with every word in it that only a person can explain."""

    source: str
    sha256: str
    held: ConfirmedWords
    texts: Sequence[AskedText] = field(repr=False)

    @property
    def words(self) -> list[AskedWord]:
        """The words, each once."""
        return distinct_words(self.texts)


def open_words(home: Home, what: str, source: str | None, key: SealingKey | None) -> OpenedWords:
    """Open a submission, or a file on this machine, as if nobody had ever confirmed a word of it.

    Raises:
        Refusal: `submission_unknown`, `words_source_missing`, `words_file_refused`, `words_too_many`, and those of
            `examine_unconfirmed`, `open_upload` and `examine`.
    """
    live = {receipt.submission: receipt for receipt in receipts.live_receipts(home)}
    if what in live:
        receipt = live[what]
        texts = examine_unconfirmed(home, receipt).asked
        return OpenedWords(receipt.source, receipt.sha256, ConfirmedWords(home, receipt.source), texts)
    if not Path(what).is_file():
        raise Refusal("submission_unknown", where="-", nearest=nearest_word_or_all(what, live))
    if not source:
        raise Refusal("words_source_missing", where="-")
    upload, held = open_upload(read_upload(Path(what)), key), ConfirmedWords(home, source)
    today = datetime.datetime.now(tz=datetime.UTC).date()
    name, known = upload.plain_path.name, Known(held.stands)
    examination = fault_of(upload) or examine(upload.data, name, source, today=today, known=known)
    if examination.verdict == "refused":
        kinds = sorted({finding.kind for finding in examination.findings if finding.severity == "refuse"})
        raise Refusal("words_file_refused", where="-", kinds=", ".join(kinds))
    return OpenedWords(source, examination.sha256, held, examination.asked)


def confirm_stated(home: Home, opened: OpenedWords, stated: Sequence[AskedWord], *, by: str) -> int:
    """Record the words of an opened file that a role confirms, and return how many of them count now."""
    day = datetime.datetime.now(tz=datetime.UTC).date()
    with intake_lock.lock(home, "marsad review words"):
        confirmed_words.confirm(home, opened.source, opened.sha256, stated, by=by, day=day)
    held = ConfirmedWords(home, opened.source)
    return sum(held.stands(word.text) for word in stated)
