"""How often records of a kind are internally consistent: dates in order, least ages, parts and wholes, sums.

Belongs here: which check applies to which columns, and how many records, or tables of a publisher, were tested and
failed. Does not belong here: the rules (`methods/anomalies.py`, `methods/heaping.py`), the columns that they apply to
(`quality.yml`), verdicts (`quality_measures.py`), texts.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import pandas as pd

from ingestion.cards.source_card import load_shape
from ingestion.quality.quality_rows import rules
from ingestion.tables.totals import is_total
from methods.anomalies import failing_sums, parts_above_whole
from methods.heaping import count_out_of_order


class Tally(NamedTuple):
    """One check of one kind of record: its columns, how many records could fail, how many do."""

    check: str
    shape: str
    fields: tuple[str, ...]
    tested: int
    broken: int


def check_shape(shape: str, rows: pd.DataFrame) -> Iterator[Tally]:
    """Yield the checks of one kind of record, including those that could test nothing.

    Args:
        shape: the kind of record.
        rows: as `quality_rows.rows_of` returns them.
    """
    for row in count_out_of_order(rows, load_shape(shape).steps).to_dict("records"):
        yield Tally("order_of_dates", shape, (row["earlier"], row["later"]), row["tested"], row["broken"])
    if least := rules().least_age.get(shape):
        ages = rows["age_years"].dropna()
        yield Tally("least_age", shape, ("age",), len(ages), int(ages.lt(least).to_numpy().sum()))
    for part, whole in rules().parts.get(shape, []):
        pairs = pd.DataFrame({"part": rows[part], "whole": rows[whole], "is_one_cohort": True}).dropna()
        broken = int(parts_above_whole(pairs)["is_certain"].sum())
        yield Tally("part_of_whole", shape, (part, whole), len(pairs), broken)
    for field in rules().sums.get(shape, []):
        yield _sums(shape, field, rows)


def _sums(shape: str, field: str, rows: pd.DataFrame) -> Tally:
    """Tally the publisher's tables with a total and at least two parts in one column: do the parts exceed the total?

    Only the publisher can know whether the total includes parts that are not shown, so a greater total is no question.
    """
    card = load_shape(shape)
    others = [name for name in card.key if name != field]
    known_rows = rows[rows[card.figure].notna() & rows[field].notna()]
    keys = [known_rows[name].astype(object).where(known_rows[name].notna(), "") for name in others]
    labels = [str(label) for label in known_rows[field].unique()]
    totals = [label for label in labels if is_total([label])]
    parts = [label for label in labels if label not in totals]
    if len(totals) != 1 or len(parts) < 2:
        return Tally("parts_within_total", shape, (field,), 0, 0)
    wide = known_rows[card.figure].astype(float).groupby([*keys, known_rows[field].astype(str)]).first().unstack()
    tables = wide[wide[totals[0]].notna() & (wide[parts].notna().sum(axis=1) >= 2)]
    judged = failing_sums(tables.rename(columns={totals[0]: "total"}).assign(has_unknown=True), parts)
    return Tally("parts_within_total", shape, (field,), len(judged), int(judged["is_flagged"].sum()))
