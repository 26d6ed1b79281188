"""Which records are one person: probable pairs joined, the most probable first, one record per holder per person.

Belongs here: groups at a threshold, given what pseudonymous IDs and persons said before. Does not belong here: how
probable a pair is (`splink_model.py`), members that must stay apart (`different_persons.py`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

THRESHOLDS = (0.9, 0.5, 0.2)
"""Strict, main and generous: figures are counted at the second; the other two show how much depends on it."""

NEVER = 0.0
"""The probability of a pair that is surely two persons, at any threshold and by any chain."""


@dataclass(frozen=True)
class Pair:
    """Two members that may be one person.

    Attributes:
        left: a record, or a pseudonymous ID that stands for all its records.
        right: the other; the two are never equal.
        probability: 0 to 1; `NEVER` keeps the two apart.
    """

    left: str
    right: str
    probability: float


def persons_of(
    holders: Mapping[str, frozenset[str]],
    pairs: Iterable[Pair],
    threshold: float,
    *,
    confirmed: Sequence[tuple[str, str]] = (),
    denied: Iterable[tuple[str, str]] = (),
) -> dict[str, str]:
    """Return member -> person, named after the first of the person's members.

    Pairs are joined in the order of their probability. A pair is skipped if joining it would put together two records
    of one holder, because a holder knows its own persons, or two members that somebody declared two persons. Pairs
    confirmed by persons are joined first, even within one holder and against codes of names.

    Args:
        holders: member -> the agencies that hold it.
        pairs: pairs of members; others are ignored.
        threshold: least probability.
        confirmed: pairs that a person declared one.
        denied: pairs that a person declared two.
    """
    groups = _Groups(dict(holders))
    for left, right in denied:
        groups.part(left, right)
    for left, right in confirmed:
        groups.join(left, right, within_holders=True)
    in_order = sorted(pairs, key=lambda pair: (-pair.probability, pair.left, pair.right))
    for pair in in_order:
        if pair.probability == NEVER:
            groups.part(pair.left, pair.right)
    for pair in in_order:
        if pair.probability >= threshold:
            groups.join(pair.left, pair.right)
    return {member: min(groups.members[groups.group_of(member)]) for member in holders}


class _Groups:
    """Groups of members that grow by joins."""

    def __init__(self, holders: dict[str, frozenset[str]]) -> None:
        self._group = {member: member for member in holders}
        self._holders = holders
        self._apart: dict[str, set[str]] = {}
        self.members = {member: {member} for member in holders}

    def group_of(self, member: str) -> str:
        """Return the name of a member's group."""
        return self._group[member]

    def part(self, left: str, right: str) -> None:
        """Record that two members are two persons."""
        self._apart.setdefault(left, set()).add(right)
        self._apart.setdefault(right, set()).add(left)

    def join(self, left: str, right: str, *, within_holders: bool = False) -> None:
        """Join the groups of two members, unless something forbids it."""
        if left not in self._group or right not in self._group:
            return
        staying, gone = self.group_of(left), self.group_of(right)
        if staying == gone or self._are_apart(staying, gone):
            return
        if not within_holders and self._holders[staying] & self._holders[gone]:
            return
        self._holders[staying] = self._holders[staying] | self._holders[gone]
        for member in self.members.pop(gone):
            self._group[member] = staying
            self.members[staying].add(member)

    def _are_apart(self, left: str, right: str) -> bool:
        return any(self._apart.get(member, set()) & self.members[right] for member in self.members[left])
