"""The inbox at the front desk: one round over what was dropped, for a machine without the interface.

Does not belong here: which files are ready and what is written beside them (`ingestion/submissions/inbox.py`).
"""

from __future__ import annotations

import datetime
import time
from collections.abc import Callable

from ingestion.home import Home
from ingestion.submissions import inbox
from ingestion.text.folding import printable
from languages.words import Words
from marsad.terminal import console


def empty_inbox(home: Home, wait: float, words: Words, progress: Callable[[str], None], *, as_json: bool) -> list[str]:
    """Look twice, take what lay still, print each outcome, and return the verdict on each file."""
    seen = inbox.seen_at(inbox.look(home))
    if seen and wait:
        time.sleep(wait)

    def tell(outcome: inbox.Outcome) -> None:
        progress(f"{outcome.source}/{printable(outcome.label)}: {outcome.verdict}")

    round_ = inbox.take_what_lies_still(home, seen, now=datetime.datetime.now(tz=datetime.UTC), tell=tell)
    if as_json:
        console.document([_as_json(outcome) for outcome in round_.outcomes])
    else:
        _print(home, round_, words)
    return [outcome.verdict for outcome in round_.outcomes]


def _print(home: Home, round_: inbox.Round, words: Words) -> None:
    for outcome in round_.outcomes:
        if outcome.receipt:
            console.say(f"{printable(outcome.label)}: {console.verdict_line(outcome.receipt, words)}")
        elif outcome.refusal:
            console.refusal(outcome.refusal, words)
    left = len(round_.seen) - len(round_.outcomes)
    if left:
        console.say(words.text("desk.inbox_waiting", count=left))
    elif not round_.outcomes:
        console.say(words.text("desk.inbox_empty", inbox=str(home.inbox)))


def _as_json(outcome: inbox.Outcome) -> dict[str, object]:
    told: dict[str, object] = {"source": outcome.source, "file": outcome.label, "verdict": outcome.verdict}
    if outcome.refusal:
        told["refusal"] = outcome.refusal.code
    if outcome.receipt:
        told |= console.counts(outcome.receipt) | {"submission": outcome.receipt.submission}
    return told
