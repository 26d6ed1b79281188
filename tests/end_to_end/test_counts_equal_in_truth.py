"""Counts that are equal everywhere in the true base: the released bytes print them equally.

The search knows no card: it reads the candidates as a table of series, and the released CSV as any reader would.
"""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from ingestion.home import Home

PLACE = ["ref_area", "time_period"]
CODES = ["sex", "age", "form", "article", "holder", "citizenship", "cust_breakdown"]
LEAST_POSITIVE = 5
"""Series that are equal in fewer cells above zero are equal by chance, as the few victims of ambiguous age are."""


def _series(rows: pd.DataFrame) -> pd.DataFrame:
    """Arrange counts by cell and series; each category is a series of its own at its total."""
    rows = rows[rows.obs_value.notna() & (rows.obs_status != "O")]
    rows = rows.assign(series=rows.indicator + "/" + rows.measure)
    rows = rows.drop_duplicates(["series", *PLACE, *CODES])
    parts = [rows]
    for dimension in CODES:
        categories = rows[rows[dimension] != "_T"]
        label = categories.series + " at " + dimension + "=" + categories[dimension]
        parts.append(categories.assign(series=label, **{dimension: "_T"}))
    return pd.concat(parts).pivot(index=[*PLACE, *CODES], columns="series", values="obs_value").astype(float)


def _true(home: Home) -> pd.DataFrame:
    paths = sorted(home.root.glob("candidates/*/cells.parquet"))
    return _series(pd.concat([pd.read_parquet(path).astype(dict.fromkeys(CODES, "str")) for path in paths]))


def _printed(home: Home) -> Iterator[pd.DataFrame]:
    for pointer in sorted(home.root.glob("releases/*/latest")):
        data = pointer.parent / pointer.read_text(encoding="utf-8").strip() / "data.csv"
        if data.exists():
            rows = pd.read_csv(data, dtype="str", keep_default_na=False)
            yield _series(rows.assign(obs_value=pd.to_numeric(rows.obs_value)))


def _equal_pairs(truth: pd.DataFrame) -> Iterator[tuple[str, str]]:
    counts, names = truth.to_numpy(), list(truth.columns)
    for left, name in enumerate(names):
        known = ~np.isnan(counts[:, left])
        others, these = counts[known], counts[known, left][:, None]
        common = ~np.isnan(others)
        is_equal = ((others == these) | ~common).all(0)
        positive = (common & (these > 0)).sum(0)
        for right in np.flatnonzero(is_equal & (positive >= LEAST_POSITIVE)):
            if name < names[right] and name.split(" at ")[0] != names[right].split(" at ")[0]:
                yield name, names[right]


DEFINED = {("PRT-01/COUNT", "PRT-04/COUNT"), ("PRS-05/COUNT", "PRS-07/NUMERATOR")}
"""Equal by definition: the search has to find them."""


def printed_otherwise(home: Home, known: AbstractSet[tuple[str, str]] = DEFINED) -> dict[frozenset[str], int]:
    """Return the pairs of series that are one count in truth, with the number of cells that are printed as two.

    Args:
        home: with candidates and releases.
        known: pairs that the search has to find in it.
    """
    truth = _true(home)
    published = [table.reindex(index=truth.index, columns=truth.columns) for table in _printed(home)]
    pairs = list(_equal_pairs(truth))
    assert known <= set(pairs)
    differing: dict[frozenset[str], int] = {}
    for left, right in pairs:
        is_one = truth[left].notna() & truth[right].notna()
        figures = pd.concat([table.loc[is_one, side] for table in published for side in (left, right)], axis=1)
        count = int((figures.nunique(axis=1) > 1).sum())
        if count:
            differing[frozenset({left, right})] = count
    return differing


@pytest.mark.whole_home
def test_what_is_equal_everywhere_in_truth_is_printed_as_one_figure(demo: Home) -> None:
    assert printed_otherwise(demo) == {}


def test_two_figures_of_one_count_are_seen_over_datasets(tmp_path: Path) -> None:
    """The oracle itself: one printed cell of one dataset differs, and the pair is named."""
    codes = dict.fromkeys(CODES, "_T")
    truth = [
        {"indicator": name, "measure": measure, "ref_area": "IQ-FED", "time_period": str(year), **codes}
        | {"obs_value": year - 2000.0, "obs_status": "A"}
        for name, measure in (
            ("PRT-01", "COUNT"), ("PRT-04", "COUNT"), ("PRS-05", "COUNT"), ("PRS-07", "NUMERATOR"),
        )
        for year in range(2016, 2024)
    ]  # fmt: skip
    frame = pd.DataFrame(truth)
    for dataset, indicators in {"one": ("PRT-01", "PRS-05"), "two": ("PRT-04", "PRS-07")}.items():
        rows = frame[frame.indicator.isin(indicators)]
        (tmp_path / "candidates" / dataset).mkdir(parents=True)
        rows.to_parquet(tmp_path / "candidates" / dataset / "cells.parquet")
        folder = tmp_path / "releases" / dataset / "000001"
        folder.mkdir(parents=True)
        (folder.parent / "latest").write_text("000001\n", encoding="utf-8")
        wrong = (rows.indicator == "PRT-04") & (rows.time_period == "2023")
        printed = rows.assign(obs_value=rows.obs_value - rows.obs_value % 5 + 5 * wrong)
        printed.to_csv(folder / "data.csv", index=False)
    differing = printed_otherwise(Home.at(tmp_path))
    own = frozenset({"PRT-01/COUNT", "PRT-04/COUNT"})
    assert differing[own] == 1
    assert all("PRT-04/COUNT" in pair for pair in differing)
