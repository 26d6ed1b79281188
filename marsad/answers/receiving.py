"""Receiving files, by hand or from the inbox: what each changes, its receipt, storing it.

Does not belong here: the command's texts (`command.py`), checking a file without storing it (`checking.py`), questions
to a person about words (`confirming.py`), or rules about files (`ingestion`).
"""

from __future__ import annotations

import datetime
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Literal

from ingestion.cards.source_card import load_source
from ingestion.entry.file_check import Examination
from ingestion.files.uploads import read_upload, refuse_missing
from ingestion.home import Home, write_bytes
from ingestion.submissions import inbox, landing
from ingestion.submissions.invented_files import refuse_invented
from ingestion.submissions.preview import Arrival, Letter, examine_arrival
from ingestion.submissions.receipts import Receipt, Verdict
from ingestion.text.folding import printable
from languages.refusal import Refusal
from languages.words import Words
from marsad.answers import confirming
from marsad.answers.checking import examine_too_large
from marsad.terminal import console
from marsad.terminal.chosen_language import named_language

Manner = Literal["take", "ask", "look"]
"""Whether a file that replaces rows is received, received if the person at the terminal agrees, or only shown."""


def receive(
    home: Home,
    source: str,
    files: Sequence[Path],
    letter: Letter,
    words: Words,
    manner: Manner,
    *,
    page: Path | None = None,
    as_json: bool,
) -> list[Verdict]:
    """Receive files, print a receipt for each, and return their verdicts.

    A file that asks is answered on a terminal, by a role of the task force; elsewhere nothing of it is stored. What a
    file changes compared with its predecessor is printed before it is received. With `page` each receipt is also
    written as a page to print, in the language that was chosen, else in the sender's.
    """
    answers: list[dict[str, object]] = []
    verdicts: list[Verdict] = []
    for file in files:
        if unread := examine_too_large(file):
            verdicts.append(_tell_unread(file, source, unread, answers, words, as_json=as_json))
            continue
        upload = read_upload(file)
        arrival = examine_arrival(home, source, upload, letter)
        refuse_invented(home, arrival, "".join(filter(str.isprintable, str(file))))
        if arrival.receipt.verdict == "asks" and not as_json and manner != "look":
            arrival = confirming.ask_in_house(home, arrival, letter, words)
        receipt, is_taken = _take_file(home, arrival, words, manner, as_json=as_json)
        written = _write_page(home, receipt, page, alone=len(files) == 1) if page and is_taken else None
        answers.append(_receipt_as_json(receipt, words) | {"taken": is_taken})
        verdicts.append(receipt.verdict)
        if written:
            answers[-1]["page"] = str(written)
        if not as_json:
            _tell_receipt(file, receipt, written, words, is_taken=is_taken)
    if as_json:
        console.document(answers)
    return verdicts


def _tell_unread(
    file: Path, source: str, examination: Examination, answers: list[dict[str, object]], words: Words, *, as_json: bool
) -> Verdict:
    """Report a file that was not read; the other files are received all the same."""
    findings = [console.finding_as_json(finding, words) for finding in examination.findings]
    answers.append(console.verdict_counts(examination) | {"findings": findings, "source": source, "taken": False})
    if not as_json:
        console.say(f"{printable(file.name)}: {console.verdict_line(examination, words)}")
        console.findings_table(examination.findings, words)
    return "refused"


def _take_file(home: Home, arrival: Arrival, words: Words, manner: Manner, *, as_json: bool) -> tuple[Receipt, bool]:
    """Show what a file would change, receive it if wanted, and return its receipt and whether it was received."""
    if not as_json:
        console.changes_table(arrival.receipt.row_changes, words)
    is_taken = manner == "take" or (manner == "ask" and console.agrees(arrival.receipt.row_changes, words))
    return landing.take(home, arrival) if is_taken else arrival.receipt, is_taken


def _receipt_as_json(receipt: Receipt, words: Words) -> dict[str, object]:
    findings = [console.finding_as_json(finding, words) for finding in receipt.findings]
    changes = [change.as_json() for change in receipt.row_changes]
    own = {"findings": findings, "changes": changes, "submission": receipt.submission, "source": receipt.source}
    return console.verdict_counts(receipt) | own


def _tell_receipt(file: Path, receipt: Receipt, page: Path | None, words: Words, *, is_taken: bool) -> None:
    console.say(f"{printable(file.name)}: {console.verdict_line(receipt, words)}")
    if receipt.findings:
        console.findings_table(receipt.findings, words)
    if not is_taken:
        console.say(words.text("desk.not_taken"))
    if page:
        console.say(words.text("desk.page_written", path=str(page)))


def _write_page(home: Home, receipt: Receipt, page: Path, *, alone: bool) -> Path:
    """Write the receipt as a page at `page`, or under its number in it if it is a folder or there are several."""
    from ingestion.submissions.receipt_page import receipt_page

    is_file = alone and page.suffix.lower() in (".html", ".htm") and not page.is_dir()
    path = page if is_file else page / f"receipt-{receipt.n:06d}.html"
    tag = named_language() or load_source(receipt.source).language
    text = receipt_page(receipt, Words.load(tag), is_invented=home.is_invented)
    try:
        write_bytes(path, text.encode("utf-8"))
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


# From the inbox


def empty_inbox(home: Home, wait: float, words: Words, progress: Callable[[str], None], *, as_json: bool) -> list[str]:
    """Check the inbox twice, receive the files that did not change, print each outcome, and return the verdicts."""
    seen = inbox.stamps_by_key(inbox.list_waiting(home))
    if seen and wait:
        time.sleep(wait)

    def tell_outcome(outcome: inbox.Outcome) -> None:
        progress(f"{outcome.source}/{printable(outcome.label)}: {outcome.verdict}")

    round_ = inbox.take_unchanged_files(home, seen, now=datetime.datetime.now(tz=datetime.UTC), tell=tell_outcome)
    if as_json:
        console.document([_outcome_as_json(outcome) for outcome in round_.outcomes])
    else:
        print_round(home, round_, words)
    return [outcome.verdict for outcome in round_.outcomes]


def print_round(home: Home, round_: inbox.Round, words: Words) -> None:
    """Print the outcome of each file of a round, whether it is still in the inbox, and how many wait."""
    for outcome in round_.outcomes:
        if outcome.receipt:
            console.say(f"{printable(outcome.label)}: {console.verdict_line(outcome.receipt, words)}")
            if outcome.verdict in ("refused", "asks"):
                console.say("  " + words.text(f"desk.inbox_{'left' if outcome.is_left else 'removed'}"))
        elif outcome.refusal:
            console.refusal(outcome.refusal, words)
    left = len(round_.seen) - len(round_.outcomes)
    if left:
        console.say(words.text("desk.inbox_waiting", count=left))
    elif not round_.outcomes:
        console.say(words.text("desk.inbox_empty", inbox=str(home.inbox)))


def _outcome_as_json(outcome: inbox.Outcome) -> dict[str, object]:
    answer: dict[str, object] = {"source": outcome.source, "file": outcome.label, "verdict": outcome.verdict}
    if outcome.receipt:
        answer["left_in_inbox"] = outcome.is_left
    if outcome.refusal:
        answer["refusal"] = outcome.refusal.code
    if outcome.receipt:
        answer |= console.verdict_counts(outcome.receipt) | {"submission": outcome.receipt.submission}
    return answer
