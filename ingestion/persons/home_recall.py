"""Which recall of linkage is used in a home: from pairs read twice by persons, or from pairs with withheld IDs.

Belongs here: the choice, and the records to which it applies. Does not belong here: the two measures
(`pair_readings.py`, `linkage_recall.py`).

The choice does not depend on the result: a sufficiently read sample takes precedence over pseudonymous IDs, because it
consists of the very pairs that linking has to judge.
"""

from __future__ import annotations

from dataclasses import dataclass

from ingestion.home import Home
from ingestion.persons import linkage_recall, pair_readings


@dataclass(frozen=True)
class HomeRecall:
    """How well a home links.

    Attributes:
        lower: lower 95 % limit of the share of true pairs that are found; None if not measured.
        agreed: share of pairs on which two readings agree; None if it was measured by pseudonymous IDs.
        shapes: of the records that were compared; empty for all.
        since: first year of them.
    """

    lower: float | None
    agreed: float | None = None
    shapes: tuple[str, ...] = ()
    since: int = 0

    def covers(self, shape: str) -> bool:
        """Return whether records of a shape were compared; for other shapes the quality of linking is unknown."""
        return not self.shapes or shape in self.shapes


def read_recall(home: Home) -> HomeRecall | None:
    """Return the measure of the last run of linking; None if nothing was linked.

    Raises:
        Refusal: `seal_broken`, `decisions_broken`.
    """
    tokens = linkage_recall.read_measure(home)
    if tokens is None:
        return None
    pairs = pair_readings.measure_readings(home)
    if pairs and pairs.recall.lower is not None:
        return HomeRecall(pairs.recall.lower, pairs.agreed, tokens.shapes, tokens.since)
    return HomeRecall(tokens.lower, None, tokens.shapes, tokens.since)
