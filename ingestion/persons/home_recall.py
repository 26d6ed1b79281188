"""Which measure of linkage counts in a home: pairs that persons read twice, or pairs whose tokens were held back.

Here: the choice, and of which records it holds. Not here: the two measures (`pair_readings.py`, `linkage_recall.py`).

The choice does not look at the result: a sample that was read far enough stands before tokens, because it is of the
very pairs that linking has to judge.
"""

from __future__ import annotations

from dataclasses import dataclass

from ingestion.home import Home
from ingestion.persons import linkage_recall, pair_readings


@dataclass(frozen=True)
class HomeRecall:
    """How well a home links.

    Attributes:
        lower: lower 95 % limit of the share of true pairs that are found; None where it is not measured.
        agreed: share of pairs on which two readings say the same; None where tokens measured it.
        shapes: of the records that were compared; empty for all.
        since: first year of them.
    """

    lower: float | None
    agreed: float | None = None
    shapes: tuple[str, ...] = ()
    since: int = 0

    def covers(self, shape: str) -> bool:
        """Return whether records of a shape were compared: of the others nobody knows how well they are linked."""
        return not self.shapes or shape in self.shapes


def read_recall(home: Home) -> HomeRecall | None:
    """Return the measure of the last run of linking; None where nothing was linked.

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
