"""Resident population by place: the denominators of rates.

Belongs here: reading the seed `population` of the warehouse. A place, year, sex or age that is not in the seed has no
denominator and therefore no rate.
Does not belong here: the rates (`derived_figures.py`), the sources of the figures, or the estimates of unpublished ones
(`docs/machinery/resident_estimates.py`).
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import lru_cache

from expectations.cards.codes import SEEDS

PLACE = ("ref_area", "time_period", "sex", "age")


@lru_cache(maxsize=1)
def residents() -> Mapping[tuple[str, ...], float]:
    """Return the residents of each place that has a denominator, by `PLACE`."""
    with (SEEDS / "population.csv").open(encoding="utf-8", newline="") as stream:
        return {tuple(row[name] for name in PLACE): float(row["person_count"]) for row in csv.DictReader(stream)}
