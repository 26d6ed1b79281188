"""Files that arrive, by hand or in the inbox: what each would change, receiving it, its receipt.

Does not belong here: checking a file without receiving it (`checked_file.py`), asking a person whether it replaces rows
(`commands/receiving.py`), or rules about files (`ingestion`).
"""

from __future__ import annotations

import datetime
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from ingestion.cards.source_card import load_source
from ingestion.entry.file_check import Examination
from ingestion.files.uploads import read_upload, refuse_missing
from ingestion.home import Home
from ingestion.people import machine_key
from ingestion.people.roster import RECEIPT
from ingestion.sealing.sealed_files import open_upload
from ingestion.sealing.sealing_keys import SealingKey
from ingestion.submissions import inbox, landing
from ingestion.submissions.invented_files import refuse_invented
from ingestion.submissions.preview import Arrival, Letter, examine_arrival
from ingestion.submissions.receipts import Receipt
from languages.refusal import Refusal
from languages.words import Words
from marsad.answers.answer_forms import page_path
from marsad.answers.checked_file import examine_too_large


def home_for_files() -> Home:
    """Return the home that receives real files; a new one is made with the first file that it stores something of.

    Raises:
        Refusal: `home_is_invented`, and those of `Home.open`.
    """
    home = Home.at()
    return (home if home.is_new else home.open()).for_real_files()


def examine_file(home: Home, source: str, path: Path, letter: Letter, key: SealingKey | None) -> Arrival | Examination:
    """Return a file as it would be received, with nothing stored; the examination of a file too large to read.

    Raises:
        Refusal: as `examine_arrival`, `read_upload`, `open_upload`, `refuse_invented`.
    """
    if unread := examine_too_large(path):
        return unread
    arrival = examine_arrival(home, source, open_upload(read_upload(path), key), letter)
    refuse_invented(home, arrival, "".join(filter(str.isprintable, str(path))))
    return arrival


def receive_file(home: Home, arrival: Arrival) -> Receipt:
    """Receive an arrived file, in a new home if there is none, and return its receipt; refuses as `landing.take`."""
    return landing.take(home.open(), arrival)


def write_receipt(home: Home, receipt: Receipt, page: Path, language: str | None, *, alone: bool) -> Path:
    """Write a receipt to be printed, with the machine's signature beside it, and return its path.

    Args:
        home: that holds it.
        receipt: of a received file.
        page: an .html file if it is the only one, or a folder.
        language: of the page; None for the sender's.
        alone: whether it is the only one.

    Raises:
        Refusal: `page_not_written`; as `machine_key.write_signed`.
    """
    from ingestion.submissions.receipt_page import receipt_page
    from ingestion.submissions.receipt_state import state_of

    path = page_path(page, f"receipt-{receipt.n:06d}.html", alone=alone)
    tag = language or load_source(receipt.source).language
    text = receipt_page(receipt, Words.load(tag), state_of(home, receipt), is_invented=home.is_invented)
    try:
        machine_key.write_signed(home, path, text.encode("utf-8"), RECEIPT)
    except OSError as error:
        raise Refusal("page_not_written", where=str(path)) from error
    return path


def refuse_wrong_words(source: str, files: Sequence[Path]) -> None:
    """Refuse a misspelt sender or file before any file is read.

    Raises:
        Refusal: `unknown_source`, `upload_missing`.
    """
    load_source(source)
    refuse_missing(*files)


def receive_inbox(
    home: Home, wait: float, tell: Callable[[inbox.Outcome], None], key: SealingKey | None
) -> inbox.Round:
    """Look into the inbox twice, `wait` seconds apart, and receive the files that did not change in between."""
    seen = inbox.stamps_by_key(inbox.list_waiting(home))
    if seen and wait:
        time.sleep(wait)
    return inbox.take_unchanged_files(home, seen, now=datetime.datetime.now(tz=datetime.UTC), key=key, tell=tell)
