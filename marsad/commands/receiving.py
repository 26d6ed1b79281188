"""Printing what arrived files change and their receipts, and asking before one replaces rows.

Does not belong here: the commands' texts (`command.py`), receiving (`answers/arrived_files.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from ingestion.entry.file_check import Examination
from ingestion.home import Home
from ingestion.people import machine_key
from ingestion.sealing.sealing_keys import SealingKey
from ingestion.submissions.inbox import Outcome, Round
from ingestion.submissions.preview import Letter
from ingestion.submissions.receipts import Receipt, Verdict
from ingestion.text.folding import printable
from languages.words import Words
from marsad.answers.answer_forms import verdict_as_json, verdict_counts, verdict_line
from marsad.answers.arrived_files import examine_file, receive_file, receive_inbox, write_receipt
from marsad.terminal import console, passphrases
from marsad.terminal.chosen_language import named_language

Manner = Literal["take", "ask", "look"]
"""Whether a file that replaces rows is received, received if the person at the terminal agrees, or only shown."""


@dataclass(frozen=True)
class _Outcome:
    """What became of one file: its receipt, or the examination of one too large to read; where its page was written."""

    result: Receipt | Examination
    is_taken: bool = False
    page: Path | None = None


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

    What a file changes compared with its predecessor is printed before it is received. With `page` each receipt is
    also written as a page to print, in the language that was chosen, else in the sender's.
    """
    outcomes: list[_Outcome] = []
    if page:
        machine_key.check(home)  # refuses before anything is received
    key = passphrases.key_for(files, words)
    for file in files:
        outcome = _receive_file(home, source, file, letter, words, manner, key, as_json=as_json)
        if page and outcome.is_taken and isinstance(outcome.result, Receipt):
            written = write_receipt(home, outcome.result, page, named_language(), alone=len(files) == 1)
            outcome = replace(outcome, page=written)
        outcomes.append(outcome)
        if not as_json:
            _print_outcome(file, outcome, words)
    if as_json:
        console.document([_outcome_as_json(source, outcome, words) for outcome in outcomes])
    return [outcome.result.verdict for outcome in outcomes]


def _receive_file(
    home: Home,
    source: str,
    file: Path,
    letter: Letter,
    words: Words,
    manner: Manner,
    key: SealingKey | None,
    *,
    as_json: bool,
) -> _Outcome:
    """Examine a file, show what it would change, and receive it if wanted."""
    arrival = examine_file(home, source, file, letter, key)
    if isinstance(arrival, Examination):
        return _Outcome(arrival)
    if not as_json:
        console.effects(arrival.effects, words)
        console.changes_table(arrival.receipt.row_changes, words)
    if manner == "take" or (manner == "ask" and console.agrees(arrival.receipt.row_changes, words)):
        return _Outcome(receive_file(home, arrival), is_taken=True)
    return _Outcome(arrival.receipt)


def _outcome_as_json(source: str, outcome: _Outcome, words: Words) -> dict[str, object]:
    result = outcome.result
    own: dict[str, object] = {"source": source, "taken": outcome.is_taken}
    if isinstance(result, Receipt):
        own |= {"changes": [change.as_json() for change in result.row_changes], "submission": result.submission}
    return verdict_as_json(result, words) | own | ({"page": str(outcome.page)} if outcome.page else {})


def _print_outcome(file: Path, outcome: _Outcome, words: Words) -> None:
    console.verdict(printable(file.name), outcome.result, words)
    if isinstance(outcome.result, Receipt) and not outcome.is_taken:
        console.say(words.text("desk.not_taken"))
    if outcome.page:
        console.say(words.text("desk.page_written", path=str(outcome.page)))


# From the inbox


def empty_inbox(
    home: Home, wait: float, words: Words, progress: Callable[[str], None], key: SealingKey | None, *, as_json: bool
) -> list[str]:
    """Receive the files of the inbox that did not change, print each outcome, and return the verdicts."""

    def tell_outcome(outcome: Outcome) -> None:
        progress(f"{outcome.source}/{printable(outcome.label)}: {outcome.verdict}")

    round_ = receive_inbox(home, wait, tell_outcome, key)
    if as_json:
        console.document([_file_as_json(outcome) for outcome in round_.outcomes])
    else:
        print_round(home, round_, words)
    return [outcome.verdict for outcome in round_.outcomes]


def print_round(home: Home, round_: Round, words: Words) -> None:
    """Print the outcome of each file of a round, and how many wait."""
    for outcome in round_.outcomes:
        if outcome.receipt:
            console.say(f"{printable(outcome.label)}: {verdict_line(outcome.receipt, words)}")
            if outcome.verdict == "refused":
                console.say("  " + words.text("desk.inbox_left"))
        elif outcome.refusal:
            console.refusal(outcome.refusal, words)
    left = len(round_.seen) - len(round_.outcomes)
    if left:
        console.say(words.text("desk.inbox_waiting", count=left))
    elif not round_.outcomes:
        console.say(words.text("desk.inbox_empty", inbox=str(home.inbox)))


def _file_as_json(outcome: Outcome) -> dict[str, object]:
    answer: dict[str, object] = {"source": outcome.source, "file": outcome.label, "verdict": outcome.verdict}
    if outcome.receipt:
        answer |= verdict_counts(outcome.receipt) | {"submission": outcome.receipt.submission}
    if outcome.refusal:
        answer["refusal"] = outcome.refusal.code
    return answer
