"""The share of true pairs that linking finds in this home, measured on pairs whose IDs were withheld from the model.

Belongs here: the measure, its lower limit, the sealed file `links/recall.json`. Does not belong here: judging the pairs
(`methods/linkage/record_links.py`), or what may be estimated from such links (the layer above).

It applies to this home and its last run only: a measure of another home, or of the invented country, says nothing here.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from ingestion.home import Home
from ingestion.seals import read_sealed, write_sealed
from ingestion.storage import parse_json
from methods.linkage.name_codes import PARTS
from methods.linkage.record_links import HeldBackPairs, ProbableLinks

if TYPE_CHECKING:
    import pandas as pd

LEAST_PAIRS = 200
"""With fewer pairs nothing is measured."""
_NAME = "recall.json"
_LEVEL = 0.95


@dataclass(frozen=True)
class LinkageRecall:
    """The recall of a run of linking.

    Attributes:
        coded: pairs of which both records had codes of names.
        plain: the other pairs.
        coded_share: among the pairs that linking has to judge, the share with codes on both records, 0 to 1.
        model: version of the model that judged them.
        shapes: of the records that the run compared; empty for all.
        since: first year of them, 0 for all.
    """

    coded: HeldBackPairs
    plain: HeldBackPairs
    coded_share: float
    model: str
    shapes: tuple[str, ...] = ()
    since: int = 0

    @property
    def pairs(self) -> int:
        """Number of pairs whose pseudonymous IDs were withheld from the model."""
        return self.coded.pairs + self.plain.pairs

    @property
    def lower(self) -> float | None:
        """The lower 95 % limit of the share of true pairs found, weighted like records without a pseudonymous ID.

        Wilson's limit for each kind of pair; a kind that was not measured counts as never found. None if too few pairs
        were withheld.
        """
        if self.pairs < LEAST_PAIRS:
            return None
        return self.coded_share * _lower(self.coded) + (1 - self.coded_share) * _lower(self.plain)


def _lower(held: HeldBackPairs) -> float:
    from methods.intervals import wilson

    return float(wilson(held.found, held.pairs, level=_LEVEL).lower) if held.pairs else 0.0


def measure_recall(
    records: pd.DataFrame, links: ProbableLinks, shapes: Collection[str] = (), since: int = 0
) -> LinkageRecall:
    """Return the recall of a run.

    Args:
        records: that it compared.
        links: that it found.
        shapes: that were requested; empty for all.
        since: first year that was requested.
    """
    coded = records[[f"{part}_code" for part in PARTS]].notna().any(axis=1)
    asked = coded[records["token"].isna()]
    share = float((asked if len(asked) else coded).mean() * coded.mean()) if len(records) else 0.0
    none = HeldBackPairs(0, 0, 0)
    kinds = links.held_back.get(True, none), links.held_back.get(False, none)
    return LinkageRecall(*kinds, share, links.model, tuple(sorted(shapes)), since)


def write(home: Home, recall: LinkageRecall) -> None:
    """Store the measure of the last run, sealed."""
    write_sealed(home, home.links / _NAME, (json.dumps(asdict(recall), sort_keys=True) + "\n").encode())


def read_measure(home: Home) -> LinkageRecall | None:
    """Return the measure of the last run; None if nothing was linked.

    Raises:
        Refusal: `seal_broken` if the file is not the one that linking wrote.
    """
    path = home.links / _NAME
    if not path.exists():
        return None
    stored = parse_json(read_sealed(home, path))
    kinds = {kind: HeldBackPairs(**stored[kind]) for kind in ("coded", "plain")}
    return LinkageRecall(**stored | kinds | {"shapes": tuple(stored["shapes"])})
