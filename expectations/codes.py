"""The codes that a dataset's card may speak of, and what no card may print whatever it says.

Belongs here: the code lists of the dimensions of persons, read from the seeds of the warehouse, and the standing
entries of every `never` list.
Does not belong here: the schema of a card (`card.py`), names of codes (`languages`), senders' spellings (`ingestion`).
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path

SEEDS = Path(__file__).parent.parent / "dbt_project" / "seeds"
_LISTS = {"sex": "sex", "age": "age_group", "form": "form", "article": "article_group"}
# A man in sexual exploitation can be recognised and harmed by the figure alone; deaths under Article 8 are so few that
# each is a known case. Every card whose tables have these dimensions must keep them inside.
STANDING_NEVER: tuple[Mapping[str, str], ...] = ({"sex": "M", "form": "SEXUAL"}, {"article": "A8"})


def are_known(coordinates: Mapping[str, str]) -> bool:
    """Return whether every dimension has a code list and every code stands in it; a total is no code."""
    return bool(coordinates) and all(
        dimension in _LISTS and code in codes_of(dimension) for dimension, code in coordinates.items()
    )


@lru_cache(maxsize=len(_LISTS))
def codes_of(dimension: str) -> frozenset[str]:
    """Return the codes of `sex`, `age`, `form` or `article` as the warehouse counts them, before any merging."""
    path = SEEDS / f"{_LISTS[dimension]}.csv"
    with path.open(encoding="utf-8", newline="") as stream:
        return frozenset(row["code"] for row in csv.DictReader(stream))


def standing_never(tables: Iterable[Iterable[str]]) -> list[Mapping[str, str]]:
    """Return the standing entries that a card with these tables must contain."""
    dimensions = {dimension for table in tables for dimension in table}
    return [entry for entry in STANDING_NEVER if set(entry) <= dimensions]
