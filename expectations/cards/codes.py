"""The codes that a dataset card may use, and those that no card may print.

Belongs here: the code lists of the dimensions of persons and the bands of days, read from the seeds of the warehouse,
and the mandatory entries of every `never` list.
Does not belong here: the schema of a card (`dataset_card.py`), names of codes (`languages`), senders' spellings
(`ingestion`).
"""

from __future__ import annotations

import csv
import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from expectations.cards.cells import COUNTED

SEEDS = Path(__file__).parents[2] / "dbt_project" / "seeds"
_CODE = re.compile(r"[A-Z]{3}-\d\d")
_TYPED_CODE = re.compile(r"([A-Za-z]{3})[-_ ]?(\d{1,2})")
_LISTS = {"sex": "sex", "age": "age_group", "form": "form", "article": "article_group"}
CODED = (*_LISTS, "citizenship")
"""The dimensions that share one code list over all indicators."""
# A man in sexual exploitation can be recognised and harmed by the figure alone; deaths under Article 8 are so few that
# each is a known case. Every card whose tables have these dimensions must withhold these cells.
STANDING_NEVER: tuple[Mapping[str, str], ...] = ({"sex": "M", "form": "SEXUAL"}, {"article": "A8"})


def are_known(coordinates: Mapping[str, str]) -> bool:
    """Return whether every dimension has a code list that contains its code; a total is no code.

    An entry of a `never` list may also name an `indicator`, and with it one counted `measure`.
    """
    if not coordinates or ("measure" in coordinates and "indicator" not in coordinates):
        return False
    return all(_is_known(name, code) for name, code in coordinates.items())


def _is_known(name: str, code: str) -> bool:
    if name == "indicator":
        return _CODE.fullmatch(code) is not None
    return code in COUNTED if name == "measure" else name in _LISTS and code in codes_of(name)


def indicator_code(word: str) -> str:
    """Return an indicator code as cards write it: `PRT-02` for `prt-2`; any other word unchanged."""
    typed = _TYPED_CODE.fullmatch(word.strip())
    return f"{typed[1].upper()}-{int(typed[2]):02d}" if typed else word


@lru_cache(maxsize=len(CODED))
def codes_of(dimension: str) -> frozenset[str]:
    """Return the codes of one of `CODED` as the warehouse counts them, before any merging."""
    path = SEEDS / f"{_LISTS.get(dimension, 'citizenship_group')}.csv"
    with path.open(encoding="utf-8", newline="") as stream:
        return frozenset(row["code"] for row in csv.DictReader(stream))


@dataclass(frozen=True)
class DayBands:
    """Bands of whole days, shortest first.

    Attributes:
        codes: of the list `duration`.
        edges: the first day of each band, then infinity: one more than there are codes.
    """

    codes: tuple[str, ...]
    edges: tuple[float, ...]


@lru_cache(maxsize=1)
def breakdown_ranks() -> Mapping[str, tuple[str, int]]:
    """Return the list of each code of `cust_breakdown` and its rank in that list (the print order)."""
    with (SEEDS / "cust_breakdown.csv").open(encoding="utf-8", newline="") as stream:
        return {row["code"]: (row["list"], int(row["rank"])) for row in csv.DictReader(stream)}


@lru_cache(maxsize=1)
def duration_bands() -> DayBands:
    """Return the bands of days by which durations are counted; their bounds are part of their codes (`D_8_30`)."""
    ranks = breakdown_ranks()
    own = [code for code, (name, _) in ranks.items() if name == "duration"]
    codes = tuple(sorted(own, key=lambda code: ranks[code]))
    starts = [float(code.split("_")[2 if "_GE_" in code else 1]) for code in codes]
    return DayBands(codes, (*starts, math.inf))


def standing_never_entries(tables: Iterable[Iterable[str]]) -> list[Mapping[str, str]]:
    """Return the mandatory `never` entries for a card with these tables."""
    dimensions = {dimension for table in tables for dimension in table}
    return [entry for entry in STANDING_NEVER if set(entry) <= dimensions]
