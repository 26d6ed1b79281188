"""The pairs of members that persons read to measure recall: drawn while codes are in memory, and sealed.

Belongs here: drawing `links/sample.json`, reading it. Does not belong here: how many of which stratum
(`methods/linkage/clerical_sample.py`), what readers answer (`pair_readings.py`).

Pairs are ranked by a keyed number of their own, so that the next run of linking draws the same ones if they are still
in their stratum, and their readings stay valid. No stratum and no probability is shown to a reader.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from itertools import islice
from typing import TYPE_CHECKING

from ingestion.home import Home, sha256_of_bytes
from ingestion.seals import read_sealed, write_sealed
from ingestion.storage import parse_json
from methods.linkage import clerical_sample, record_links
from methods.linkage.clerical_sample import stratum_of
from methods.linkage.record_links import ProbableLinks

if TYPE_CHECKING:
    import pandas as pd

_NAME = "sample.json"
_STRATA = len(clerical_sample.EDGES) + 1
_TURNS = 500  # random draws for one far pair: if all fail, there are hardly any


@dataclass(frozen=True)
class SampledPair:
    """A pair to be read.

    Attributes:
        left: a member.
        right: the other one, later in the order of names.
        stratum: 0 for the lowest.
    """

    left: str
    right: str
    stratum: int

    @property
    def item(self) -> str:
        """Its ID in the sheet: the same for the same two members."""
        return sha256_of_bytes(f"pair_reading\0{self.left}\0{self.right}".encode())[:12]


@dataclass(frozen=True)
class PairSample:
    """The sample of the last run of linking.

    Attributes:
        strata: number of pairs in each stratum, the lowest first.
        pairs: those to be read, in random order.
    """

    strata: tuple[int, ...]
    pairs: tuple[SampledPair, ...]


def draw(home: Home, records: pd.DataFrame, links: ProbableLinks) -> PairSample:
    """Return the sample of a run.

    Args:
        home: whose key determines the draw.
        records: that the run compared.
        links: that it found.
    """
    placed = [SampledPair(pair.left, pair.right, stratum_of(pair.probability)) for pair in links.judged]
    near = [[pair for pair in placed if pair.stratum == stratum] for stratum in range(_STRATA)]
    far = max(0, record_links.count_compared_pairs(records) - len(placed)) if links.judged else 0
    strata = (far, *map(len, near[1:]))
    far_size, *wanted = clerical_sample.sizes(strata)
    known = {(pair.left, pair.right) for pair in placed}
    drawn = list(islice(_far_pairs(home, records, known), far_size))
    for count, pairs in zip(wanted, near[1:], strict=True):
        drawn += sorted(pairs, key=lambda pair: _rank(home, pair))[:count]
    return PairSample(strata, tuple(sorted(drawn, key=lambda pair: _rank(home, pair))))


def write(home: Home, sample: PairSample) -> None:
    """Store the sample of the last run, sealed."""
    write_sealed(home, home.links / _NAME, (json.dumps(asdict(sample), indent=1, sort_keys=True) + "\n").encode())


def read_sample(home: Home) -> PairSample | None:
    """Return the sample of the last run; None if nothing was linked.

    Raises:
        Refusal: `seal_broken` if the file is not the one that linking wrote.
    """
    path = home.links / _NAME
    if not path.exists():
        return None
    stored = parse_json(read_sealed(home, path))
    return PairSample(tuple(stored["strata"]), tuple(SampledPair(**pair) for pair in stored["pairs"]))


def _rank(home: Home, pair: SampledPair) -> bytes:
    return hmac.digest(home.seal_key, f"pair sample {pair.item}".encode(), "sha256")


def _far_pairs(home: Home, records: pd.DataFrame, known: set[tuple[str, str]]) -> Iterator[SampledPair]:
    """Yield random pairs that are not near, each equally likely, drawn by the key of the home."""
    holders = {str(member): frozenset(own) for member, own in records.groupby("member")["holder"]}
    key_of = {str(token): str(token).partition(":")[0] for token in records["token"].dropna()}
    members = sorted(holders)
    seen = set(known)
    for turn in range(_TURNS * clerical_sample.FAR_SIZE):
        thrown = hmac.digest(home.seal_key, f"far pair {turn}".encode(), "sha256")
        left, right = sorted(members[int.from_bytes(part) % len(members)] for part in (thrown[:12], thrown[12:24]))
        is_decided = left in key_of and key_of.get(left) == key_of.get(right)
        if left == right or (left, right) in seen or is_decided or len(holders[left] | holders[right]) == 1:
            continue
        seen.add((left, right))
        yield SampledPair(left, right, 0)
