"""Link records: by pseudonymous IDs where they decide, the rest by probability.

Belongs here: how few records are not linked, which pairs are compared, how many links are expected, the version
recorded with each link. Does not belong here: the model (`splink_model.py`), and groups (`person_groups.py`).
"""

from __future__ import annotations

import hashlib
import math
from collections import Counter
from collections.abc import Generator, Iterable, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from methods.linkage import clerical_sample, different_persons, person_records, splink_model
from methods.linkage.name_codes import PARTS
from methods.linkage.name_spelling import SPELLING
from methods.linkage.person_groups import NEVER, Pair

if TYPE_CHECKING:
    import duckdb
    import pandas as pd

JOINED = 0.5
"""The probability from which two records count as one person."""

LEAST_RECORDS = 250
"""Of fewer records none is linked: Splink broke off in 45 of 150 measured runs on fewer, and in 1 of 120 on as many or
more (docs/methods/linkage.md)."""

_LEAST_HOLDERS = 2
_SHUT: dict[str, Any] = {
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "enable_external_access": False,
}
_FEW_TOKEN_LINKS = 20
_LINKS_PER_RECORD = 0.3
"""Expected links if pseudonymous IDs do not tell: as if about one and a half agencies saw each person."""


@dataclass(frozen=True)
class ProbableLinks:
    """The links of one run.

    Attributes:
        pairs: pairs of members, that is, of the pseudonymous ID of a record that has one, else of the record. Linked
            members that are surely two persons have the probability `NEVER`.
        model: version of the model.
        held_back: whether both records had codes of names -> how many pairs with one pseudonymous ID the model found.
        judged: the compared pairs of members that are not far ones (`clerical_sample.EDGES`), as the model judged them:
            including those that are kept apart, and those that are too improbable for a link.
    """

    pairs: tuple[Pair, ...]
    model: str
    held_back: dict[bool, HeldBackPairs] = field(default_factory=dict[bool, "HeldBackPairs"])
    judged: tuple[Pair, ...] = ()


@dataclass(frozen=True)
class HeldBackPairs:
    """Pairs of records of one person by their pseudonymous IDs, which the model judged without them.

    Attributes:
        pairs: number of pairs of different holders.
        found: number of these that the model joins.
        far: number of these among the far ones.
    """

    pairs: int
    found: int
    far: int


def link(records: pd.DataFrame) -> ProbableLinks:
    """Return the probable links between records of different holders.

    Two records whose pseudonymous IDs were made with one key are decided by these and are not compared. A pseudonymous
    ID stands for all its records: a link to one is a link to each, with their greatest probability.

    Args:
        records: frame with `person_records.COLUMNS` and `token` (None if there is none; its key comes before the
            colon). One record per holder and person; a record without a token is named after its row.

    Returns:
        The links; none of records that are too few (`are_too_few`), of one holder, or without fields.

    Raises:
        SplinkFailed: whatever Splink raised.
    """
    if are_too_few(records):
        return ProbableLinks((), model_version("none"))
    if records["holder"].nunique() < _LEAST_HOLDERS or not person_records.fields_held(records):
        return ProbableLinks((), model_version("none"))
    expected, least = expected_links(records), clerical_sample.EDGES[0]
    with _open_in_memory() as connection:
        scored = splink_model.probable_pairs(connection, records, expected, least)
    held = records[records["token"].notna()]
    token_of = dict(zip(held["record"], held["token"], strict=True))
    judged = list(scored.itertuples(index=False, name=None))
    asked = _members(judged, token_of)
    probable = [pair for pair in asked if pair.probability >= splink_model.LEAST_PROBABILITY]
    pairs = _add_never_pairs(records, probable)
    return ProbableLinks(pairs, model_version("splink"), _judge_held_back(held, judged), tuple(asked))


def are_too_few(records: pd.DataFrame) -> bool:
    """Return whether records are so few that none of them is linked."""
    return len(records) < LEAST_RECORDS


def count_compared_pairs(records: pd.DataFrame) -> int:
    """Return the number of compared pairs of members: of different holders, and not decided by IDs of one key.

    Args:
        records: frame with `holder`, `member` and `token`, as for `link`.
    """
    keyed = records.assign(key=records["token"].str.partition(":")[0].fillna(""))
    held: Mapping[str, tuple[frozenset[str], str]] = {
        str(member): (frozenset(own["holder"]), str(own["key"].iloc[0])) for member, own in keyed.groupby("member")
    }
    alike = Counter(held.values())
    all_pairs = math.comb(len(held), 2)
    of_one_key = Counter(key for _, key in held.values() if key)
    of_one_holder = Counter(holders for holders, _ in held.values() if len(holders) == 1)
    both = sum(math.comb(count, 2) for (holders, key), count in alike.items() if key and len(holders) == 1)
    decided = sum(math.comb(count, 2) for count in of_one_key.values())
    within = sum(math.comb(count, 2) for count in of_one_holder.values())
    return all_pairs - decided - within + both


def _add_never_pairs(records: pd.DataFrame, pairs: Sequence[Pair]) -> tuple[Pair, ...]:
    """Return the pairs, and with `NEVER` those members whom they must not put together."""
    apart = different_persons.members_apart(records.assign(member=records["token"].fillna(records["record"])), pairs)
    by_members = {(pair.left, pair.right): pair for pair in pairs} | {
        members: Pair(*members, NEVER) for members in apart
    }
    return tuple(by_members[members] for members in sorted(by_members))


def _judge_held_back(held: pd.DataFrame, judged: Iterable[tuple[str, str, float]]) -> dict[bool, HeldBackPairs]:
    """Return how the model judged the pairs whose pseudonymous IDs say that they are one person; it never saw an ID.

    Only the number of expected links comes from the pseudonymous IDs of all records.
    """
    coded = held[[f"{part}_code" for part in PARTS]].notna().any(axis=1)
    own = held.assign(has_codes=coded)[["token", "record", "holder", "has_codes"]]
    pairs = own.merge(own, on="token")
    pairs = pairs[pairs["holder_x"] < pairs["holder_y"]]
    codes = different_persons.codes_of(held, "record")
    by_records = {frozenset((left, right)): (left, right, probability) for left, right, probability in judged}
    joined = {
        pair
        for pair, (left, right, probability) in by_records.items()
        if probability >= JOINED and not different_persons.is_all_disagreeing(codes.get(left, ()), codes.get(right, ()))
    }
    own_pairs = [frozenset(records) for records in zip(pairs["record_x"], pairs["record_y"], strict=True)]
    is_joined = [pair in joined for pair in own_pairs]
    far = [pair not in by_records for pair in own_pairs]
    both = pairs["has_codes_x"] & pairs["has_codes_y"]
    return {
        has_codes: HeldBackPairs(
            int((both == has_codes).sum()),
            int(both[is_joined].eq(has_codes).sum()),
            int(both[far].eq(has_codes).sum()),
        )
        for has_codes in (False, True)
    }


@contextmanager
def _open_in_memory() -> Generator[duckdb.DuckDBPyConnection]:
    """Open a database of our own that opens no file and prints no progress bar, which would break a JSON answer."""
    import duckdb

    with duckdb.connect(config=_SHUT) as connection:
        connection.execute("set enable_progress_bar = false")
        connection.execute("set enable_progress_bar_print = false")
        connection.execute("set lock_configuration = true")
        yield connection


def expected_links(records: pd.DataFrame) -> float:
    """Return how many pairs of records of different holders are about one person.

    Estimated from the pairs that IDs of one key decide; if these are too few, a usual share is assumed.
    """
    held = records[records["token"].notna()]
    held = held.assign(key=[token.partition(":")[0] for token in held["token"]])
    all_pairs, decided, links = _pairs_across(records, []), _pairs_across(held, ["key"]), _pairs_across(held, ["token"])
    if links < _FEW_TOKEN_LINKS:
        return max(1.0, min(all_pairs / 2, _LINKS_PER_RECORD * len(records)))
    return links / decided * all_pairs


def model_version(by: str) -> str:
    """Return the version recorded with each link: which model, of which library, with which levels."""
    import splink

    apart = different_persons.LEAST_LIKENESS, different_persons.LEAST_PARTS
    description = repr((person_records.LEVELS, person_records.BLOCKING, PARTS, SPELLING, apart))
    return f"{by}-{splink.__version__}-{hashlib.sha256(description.encode()).hexdigest()[:8]}"


def _pairs_across(records: pd.DataFrame, within: list[str]) -> float:
    """Return how many pairs of records of different holders agree in the columns `within`."""

    def pairs(columns: list[str]) -> float:
        sizes = records.groupby(columns).size() if columns else [len(records)]
        return float(sum(math.comb(int(size), 2) for size in sizes))

    return pairs(within) - pairs([*within, "holder"])


def _members(judged: Iterable[tuple[str, str, float]], token_of: dict[str, str]) -> list[Pair]:
    best: dict[tuple[str, str], float] = {}
    for left, right, probability in judged:
        tokens = token_of.get(left), token_of.get(right)
        if all(tokens) and len({str(token).partition(":")[0] for token in tokens}) == 1:
            continue
        low, high = sorted((tokens[0] or left, tokens[1] or right))
        if low != high:
            best[low, high] = max(probability, best.get((low, high), 0.0))
    return [Pair(low, high, round(probability, 6)) for (low, high), probability in sorted(best.items())]
