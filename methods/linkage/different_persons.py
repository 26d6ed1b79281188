"""Evidence against one person: members that no link and no chain of links may put together.

Belongs here: when the codes of two records clearly disagree, and which members of linked groups are kept apart by codes
or pseudonymous IDs.
Does not belong here: levels that support a link (`person_records.py`), joining (`person_groups.py`).

A pseudonymous ID covers several records, and one of them without codes can look like a stranger's record in everything
else; so can a third record between two that disagree. The model judges pairs of records and sees neither.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations
from typing import TYPE_CHECKING

from methods.linkage.name_codes import BITS, PARTS
from methods.linkage.person_groups import THRESHOLDS, Pair

if TYPE_CHECKING:
    import pandas as pd

LEAST_LIKENESS = 0.86
"""Mean share of equal bits below which codes disagree. With half of the parts equal and half strangers, it is 0.885;
with one equal part of three, 0.847. No true pair of the invented country lies below 0.92 (docs/methods/linkage.md)."""
LEAST_PARTS = 2
"""Least number of name parts in both records: one part alone, for example a nickname, proves nothing."""

Codes = tuple[int | None, ...]
"""Codes of one record: the bits of each of `PARTS`, None if it has none."""


def is_disagreeing(left: Codes, right: Codes) -> bool:
    """Return whether the codes of two records show that they are two persons."""
    differing = [(code ^ other).bit_count() for code, other in zip(left, right, strict=True) if code and other]
    if len(differing) < LEAST_PARTS:
        return False
    return 1 - sum(differing) / (BITS * len(differing)) < LEAST_LIKENESS


def is_all_disagreeing(left: Sequence[Codes], right: Sequence[Codes]) -> bool:
    """Return whether each record of one side disagrees with each of the other; False if a side has no codes."""
    return bool(left and right) and all(is_disagreeing(codes, other) for codes in left for other in right)


def codes_of(records: pd.DataFrame, column: str) -> dict[str, list[Codes]]:
    """Return the codes of each value of a column, from its records that have any.

    Args:
        records: frame with `person_records.COLUMNS`.
        column: such as `record` or `member`.
    """
    coded: dict[str, list[Codes]] = defaultdict(list)
    names = [f"{part}_code" for part in PARTS]
    for name, *texts in records[[column, *names]].itertuples(index=False, name=None):
        codes = tuple(int(text, 16) if isinstance(text, str) else None for text in texts)
        if any(codes):
            coded[str(name)].append(codes)
    return coded


def members_apart(records: pd.DataFrame, pairs: Iterable[Pair]) -> list[tuple[str, str]]:
    """Return the members that pairs could put together, directly or by a chain, and that are two persons.

    They are two if their pseudonymous IDs under one key differ, or codes of names disagree. For members with several
    records each pair of records has to disagree: a person known by two names is one person.

    Args:
        records: frame with `person_records.COLUMNS`, `token` and `member`.
        pairs: probable pairs; those below every threshold are ignored.

    Returns:
        Pairs of members of different agencies, in each the first by name before the other, sorted. Members of one
        agency are never joined anyway.
    """
    codes = codes_of(records, "member")
    holders = {str(member): set(held) for member, held in records.groupby("member")["holder"]}
    key = {str(token): str(token).partition(":")[0] for token in records["token"].dropna()}

    def are_two(left: str, right: str) -> bool:
        if left in key and right in key and key[left] == key[right]:
            return True
        return is_all_disagreeing(codes.get(left, ()), codes.get(right, ()))

    return sorted(
        (left, right)
        for group in _connected_groups(pairs)
        for left, right in combinations(sorted(group), 2)
        if not holders[left] & holders[right] and are_two(left, right)
    )


def _connected_groups(pairs: Iterable[Pair]) -> Iterator[set[str]]:
    """Yield the groups that pairs connect at the lowest threshold."""
    group_of: dict[str, set[str]] = {}
    for pair in pairs:
        if pair.probability >= min(THRESHOLDS):
            joined = group_of.get(pair.left, {pair.left}) | group_of.get(pair.right, {pair.right})
            group_of |= dict.fromkeys(joined, joined)
    yield from {id(group): group for group in group_of.values()}.values()
