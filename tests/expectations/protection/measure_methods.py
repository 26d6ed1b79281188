"""What each base of rounding costs the reader of a dataset, and how an audit grows with the base cells.

`python -m tests.expectations.protection.measure_methods --home HOME` rounds the candidates of a built demo home to each
base: these numbers stand in the cards of the datasets under `choice`. Without a home it rounds and audits invented
tables of more and more areas (`--leaves 5 46 463`). Does not belong here: what the released figures lost
(`expectations/protection/protection_costs.py`).
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from time import monotonic

import numpy as np
import pandas as pd

from expectations.candidates import candidate
from expectations.cards.cells import keys_of
from expectations.cards.release_scheme import Scheme
from expectations.protection.constraint_systems import BlockYear, block_years
from ingestion.home import Home
from methods.disclosure.auditing.audit import AuditQuestion, audit, published_bounds
from methods.disclosure.auditing.vintages import Vintage
from methods.disclosure.loss import loss
from methods.disclosure.rounding.additive_rounding import controlled_rounding
from methods.disclosure.table_model import TableModel
from tests.methods.disclosure.invented_tables import LEAVES, victim_model, victim_year

KEY_OF_THE_RUN = b"a key for measuring"
NEVER = ({"sex": "M", "form": "SEXUAL"},)
EVENTS = 420  # victims of a year, over 16 leaf areas


def rounded(model: TableModel, true: np.ndarray, base: int, label: str) -> np.ndarray:
    """All figures of a block rounded together."""
    return controlled_rounding(model, true, base=base, key=KEY_OF_THE_RUN, label=label)


def growth(sizes: Sequence[int]) -> None:
    """One year with more and more leaf areas."""
    print("\n| base cells | figures | victims | rounding s | audit s | questions | witnesses | safe |")
    print("|---:|---:|---:|---:|---:|---:|---:|---|")
    for size in sizes:
        leaves = tuple(f"L{number:03d}" for number in range(size))
        model, events = victim_model(leaves), max(EVENTS, EVENTS * size // len(LEAVES))
        true = victim_year(1, events, leaves)
        counts = np.asarray(model.matrix @ true)
        start = monotonic()
        printed = rounded(model, true, 5, "2020")
        spent, start = monotonic() - start, monotonic()
        small = (counts > 0) & (counts < 5)
        report = audit(
            Vintage(model, published_bounds(printed, ["ROUNDED_5"] * len(printed))),
            AuditQuestion(sensitive=small, never=NEVER),
        )
        print(
            f"| {len(model.base):,} | {len(model.cells):,} | {events:,} | {spent:.1f} | {monotonic() - start:.1f} | "
            f"{report.checked:,} | {report.witnesses} | {report.passed} |",
            flush=True,
        )


def choice(home: Home) -> None:
    """Each base on the same tables of a home, dataset by dataset."""
    scheme = Scheme.read_scheme(home)
    cells = {name: candidate.read_cells(home, name) for name in scheme.datasets}
    every = list(block_years(candidate.read_base(home), pd.concat(cells.values(), ignore_index=True), scheme))
    print("\n| dataset | method | years | figures | mean error | greatest | additive | s |")
    print("|---|---|---:|---:|---:|---:|---|---:|")
    for name, own in cells.items():
        for base in (3, 5):
            measure(name, base, every, keys_of(own))


def measure(name: str, base: int, every: Sequence[BlockYear], keys: pd.Index) -> None:
    """Round all blocks and years and print what one dataset loses by it."""
    start, true, values, sums = monotonic(), list[np.ndarray](), list[np.ndarray](), list[bool | None]()
    for one in every:
        chosen = np.asarray(keys_of(one.cells).isin(keys))
        if chosen.any():
            figures = rounded(one.model, one.true_base, base, one.label)[chosen]
            true.append(one.true_cells[chosen])
            values.append(figures)
            sums.append(loss(true[-1], figures, one.model.matrix[chosen]).is_additive)
    found = loss(np.concatenate(true), np.concatenate(values))
    print(
        f"| {name} | rounding_{base} | {len({one.year for one in every})} | {found.cells:,} | {found.mean_error:.2f} | "
        f"{found.greatest_error:.0f} | {all(sums)} | {monotonic() - start:.1f} |",
        flush=True,
    )


def main() -> None:
    """Measure and print what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--leaves", type=int, nargs="*", default=[5, 46, 463])
    parser.add_argument("--home", type=Path)
    arguments = parser.parse_args()
    if arguments.home:
        choice(Home(arguments.home))
    else:
        growth(arguments.leaves)


if __name__ == "__main__":
    main()
