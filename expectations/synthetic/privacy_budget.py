"""The privacy budget: what has been spent on synthetic files, line by line, before any noise is drawn.

Belongs here: the hash-chained log, how much a registration year may still spend, and recording it.
Does not belong here: the arithmetic of a loss (`methods/disclosure/noise/privacy_loss.py`), or making the file.

    ledger/privacy_budget.jsonl    one line per issue; writing the line spends the budget, whatever is published later

A line reveals nothing about anybody and may be shown. It is never removed: noise that was drawn and not published was
still drawn, and a second draw of the same year would let a reader of both average out the noise.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from expectations.cards.cells import text_hash
from ingestion.home import Home, write_bytes
from ingestion.storage import parse_json
from languages.refusal import Refusal

FIRST_EPSILON = 4.0  # decision 22
REVISED_EPSILON = 2.0
CAP = FIRST_EPSILON + REVISED_EPSILON
DELTA = 1e-5


@dataclass(frozen=True)
class Spending:
    """One line of the log.

    Attributes:
        order: 1, 2, 3, … over all years.
        year: year of registration.
        issue: 1 for the first file of the year, 2 for the one after revisions.
        previous: hash of the previous line; it chains the log.
    """

    order: int
    year: str
    issue: int
    epsilon: float
    delta: float
    previous: str

    @property
    def line(self) -> str:
        """The spending as a line of the log."""
        return json.dumps(asdict(self), sort_keys=True)


def spendings(home: Home, year: str | None = None) -> list[Spending]:
    """Return the log, oldest first; with `year`, that year's lines only.

    Raises:
        Refusal: `ledger_broken`, naming the line at which the chain breaks, or if a published file has no line.
    """
    chain: list[Spending] = []
    path = _log(home)
    *lines, rest = path.read_text(encoding="utf-8").split("\n") if path.exists() else [""]
    for number, line in enumerate([*lines, rest] if rest else lines, start=1):
        spending = _parse_spending(line)
        chained = text_hash(chain[-1].line) if chain else ""
        if spending is None or (spending.order, spending.previous) != (number, chained):
            raise Refusal("ledger_broken", where=path.name, line=number)
        chain.append(spending)
    if unpaid_folders(home, chain):
        raise Refusal("ledger_broken", where=path.name, line=len(chain) + 1)
    return [spending for spending in chain if year in (None, spending.year)]


def unpaid_folders(home: Home, known: list[Spending]) -> set[str]:
    """Return the folders of research files without a line: the log was lost or truncated."""
    paid = {f"{dataset_of(spending.year)}/{spending.issue:06d}" for spending in known}
    out = {f"{path.parent.name}/{path.name[:6]}" for path in home.research.glob("*/[!.]*") if path.is_dir()}
    return out - paid


def dataset_of(year: str) -> str:
    """Return the name of the synthetic file of a registration year."""
    return f"synthetic_victims_{year}"


def next_spending(home: Home, year: str, epsilon: float | None, *, revised: bool) -> Spending:
    """Return the line that would pay for the next file of `year`; nothing is written.

    Args:
        home: a data home with the log.
        year: year of registration.
        epsilon: privacy loss of the file; by default the largest allowed.
        revised: whether the year was revised since its first file, and a second one is wanted.

    Raises:
        Refusal: `budget_spent` for a second run that is not a revision, or a third in any case; `budget_no_first` for a
            revision without a first file; `budget_epsilon` for a negative or too large epsilon.
    """
    earlier = spendings(home, year)
    if revised and not earlier:
        raise Refusal("budget_no_first", where=year)
    if len(earlier) > int(revised):
        spent = f"{sum(spending.epsilon for spending in earlier):g}"
        raise Refusal("budget_spent", where=year, spent=spent, cap=f"{CAP:g}")
    limit = REVISED_EPSILON if revised else FIRST_EPSILON
    epsilon = limit if epsilon is None else epsilon
    if not 0 < epsilon <= limit:
        raise Refusal("budget_epsilon", where=year, epsilon=f"{epsilon:g}", limit=f"{limit:g}")
    everything = spendings(home)
    previous = text_hash(everything[-1].line) if everything else ""
    return Spending(len(everything) + 1, year, len(earlier) + 1, float(epsilon), DELTA, previous)


def spend(home: Home, spending: Spending) -> None:
    """Write the line, rewriting the whole log and forcing it to disk: after this the budget is spent."""
    lines = [earlier.line for earlier in spendings(home)]
    write_bytes(_log(home), ("\n".join([*lines, spending.line]) + "\n").encode("utf-8"))


def _parse_spending(line: str) -> Spending | None:
    try:
        return Spending(**parse_json(line))
    except (ValueError, TypeError):
        return None


def _log(home: Home) -> Path:
    return home.ledger / "privacy_budget.jsonl"
