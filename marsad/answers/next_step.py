"""The next step of a home: what somebody does so that what was received comes closer to being published.

Belongs here: deriving it from what lies in the home, once, for every refusal whose remedy depends on it.
Does not belong here: the step itself (`assets/building.py`, `acting.py`), or which refusals ask (`answer_forms.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from ingestion.home import Home
from ingestion.storage import refusal_of
from ingestion.submissions.receipts import live_receipts
from languages.refusal import Refusal
from languages.words import Words

Step = Literal["receive", "build", "found", "approve", "sign", "correct", "nothing", "doctor"]
"""What is next: receive a file; build; enter the first people; prepare an act; sign the one that waits; correct what
the gate refused; nothing, for all that was received is published or withdrawn; find out what is damaged.
"""


@dataclass(frozen=True)
class NextStep:
    """The next step of a home.

    Attributes:
        name: of the step; its texts are `next_step.<name>` and, on a page of the desk, `browser.next_step.<name>`.
        arguments: values for the placeholders of these texts.
    """

    name: Step
    arguments: Mapping[str, str] = field(default_factory=dict[str, str])


def find_next_step(home: Home) -> NextStep:
    """Return the next step of a home; of one that cannot be read, to find out what is damaged."""
    try:
        home.existing()
        return _waiting_step(home) or _building_step(home)
    except Exception as error:
        refused = refusal_of(error, home.root)
        if refused is None:
            raise
        return NextStep("receive" if refused.code == "home_empty" else "doctor")


def describe_next_step(home: Home, words: Words, *, by_page: bool = False) -> str:
    """Return the next step of a home as a sentence: by a command, or by a page of the desk."""
    step = find_next_step(home)
    key = f"{'browser.' if by_page else ''}next_step.{step.name}"
    return words.text(key, **step.arguments)


def _waiting_step(home: Home) -> NextStep | None:
    """Return the step of what waits for signatures; None if nothing does."""
    from ingestion.people.roster import roster_path
    from marsad.answers import acting

    if not roster_path(home).exists():
        return NextStep("found") if _is_proposed(home) else None
    try:
        waiting = acting.find_waiting(home)
    except Refusal as refusal:
        if refusal.code == "act_of_before":  # the ledger has grown since: what was proposed is proposed anew
            return NextStep("build")
        raise
    if waiting is None:
        return None
    people = ", ".join(waiting.may_sign) or "-"
    return NextStep("sign" if waiting.folder else "approve", {"people": people})


def _is_proposed(home: Home) -> bool:
    from expectations.releases import proposal

    return bool(proposal.additions(home))


def _building_step(home: Home) -> NextStep:
    from assets import stages
    from expectations.gate.stored_verdict import last_verdicts

    if not live_receipts(home):
        return NextStep("receive")
    stale = stages.stale_from(home)
    is_judged = stale is None or stale > stages.STAGE_NAMES.index("gates")
    broken = [verdict.dataset for verdict in last_verdicts(home) if not (verdict.passed or verdict.is_silent)]
    if broken and is_judged:
        return NextStep("correct", {"dataset": ", ".join(broken)})
    return NextStep("nothing" if stale is None else "build")
