"""Attacks on groups: what holds for everybody in a group holds for each of its members.

Belongs here: numbers 17 (a row of a table) and 21 (the classes of a microdata file) of the attack suite. Does not
belong here: the joint form over all tables, which the audit covers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

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


def smallest_class(records: pd.DataFrame, known: Sequence[str]) -> int:
    """Return k: the least number of records that share what an acquaintance knows of a person."""
    return int(records.groupby(list(known), dropna=False).size().min()) if len(records) else 0


def diversity(records: pd.DataFrame, known: Sequence[str], sensitive: str) -> int:
    """Return l: the least number of different sensitive values in a class (attack 21)."""
    return int(records.groupby(list(known), dropna=False)[sensitive].nunique(dropna=False).min()) if len(records) else 0


def revealed_classes(records: pd.DataFrame, known: Sequence[str], sensitive: str) -> pd.DataFrame:
    """Return the classes whose sensitive value is certain, whatever their size: `known`, `sensitive`."""
    classes = records.groupby(list(known), dropna=False)[sensitive]
    certain = classes.nunique(dropna=False) == 1
    return classes.first()[certain].reset_index()
