"""Attacks on groups: what holds for everybody in a group holds for each of its members.

Belongs here: number 17 (a row of a table) of the attack suite. Does not belong here: the joint form over all tables,
which the audit covers.
"""

from __future__ import annotations

from collections.abc import Mapping

LEAST = 5  # smaller groups are left to the threshold
SHARE = 0.9  # attack 17: nine in ten of one category reveal it for each member


def revealed_categories(rows: Mapping[str, Mapping[str, int]]) -> dict[str, str]:
    """Return, for each row of a printed table that is nearly all of one category, that category (attack 17)."""
    categories: dict[str, str] = {}
    for name, counts in rows.items():
        total = sum(counts.values())
        most = max(counts, key=lambda category: counts[category])
        if total >= LEAST and counts[most] >= SHARE * total:
            categories[name] = most
    return categories
