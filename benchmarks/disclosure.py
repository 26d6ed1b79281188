"""Protection and audit measured: joint releases of years, growth with the base cells, and what a choice costs.

`python -m benchmarks.disclosure [--years 6] [--leaves 5 46 463] [--home HOME] [--suppressed-years 1] [--gates]`.
Without a home all tables are invented and seeded. HOME is a built demo home (use a copy: its audit is asked anew): its
candidates give the numbers that stand in the cards under `choice`, and the time of a first audit and of one with a
changed year (with `--gates` nothing else).
"""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from time import monotonic

import numpy as np
import pandas as pd
from scipy.optimize import linprog

from expectations.candidates import candidate
from expectations.cards.cells import keys_of, read_parquet
from expectations.cards.release_scheme import Scheme
from expectations.gate.disclosure_audit import examine_final
from expectations.protection import protect_datasets
from expectations.protection.constraint_systems import BlockYear, block_years
from expectations.protection.parallel_blocks import cores
from expectations.published.external import external_rows
from ingestion.home import Home
from methods.disclosure.auditing.attack_programme import INFINITY
from methods.disclosure.auditing.audit import audit, published_bounds
from methods.disclosure.auditing.vintages import CellBounds
from methods.disclosure.loss import loss
from methods.disclosure.rounding.additive_rounding import controlled_rounding
from methods.disclosure.suppression.suppression_of_blocks import suppress_block
from methods.disclosure.table_model import TableModel
from tests.methods.disclosure.invented_tables import LEAVES, victim_model, victim_year

KEY_OF_THE_RUN = b"a key for measuring"
NEVER = ({"sex": "M", "form": "SEXUAL"},)
EVENTS = 420  # victims of a year, over 16 leaf areas
SAMPLE = 40  # figures asked for by linear programmes, to see how many of the answers are parts of persons


def rounded(model: TableModel, true: np.ndarray, base: int, label: str) -> np.ndarray:
    """All figures of a block rounded together."""
    return controlled_rounding(model, true, base=base, key=KEY_OF_THE_RUN, label=label)


def fractional(model: TableModel, bounds: CellBounds, small: np.ndarray) -> tuple[int, int]:
    """How many linear programmes over some small figures have an optimum that is no whole table, and of how many."""
    rows = np.flatnonzero(small)
    chosen = rows[:: max(1, len(rows) // SAMPLE)][:SAMPLE]
    upper = np.where(np.isinf(bounds.upper), INFINITY, bounds.upper)
    sides = np.concatenate([upper, -bounds.lower])
    stacked = np.concatenate([model.matrix.toarray(), -model.matrix.toarray()])
    kept = np.isfinite(sides)
    solved = [
        linprog(sign * model.matrix[[row]].toarray().ravel(), A_ub=stacked[kept], b_ub=sides[kept], method="highs").x
        for row in chosen
        for sign in (1.0, -1.0)
    ]
    found = [one for one in solved if one is not None]
    return sum(bool(np.abs(one - np.rint(one)).max() > 1e-6) for one in found), len(found)


def years(count: int) -> None:
    """Joint national and governorate releases, one year after the other: years are systems of their own."""
    model = victim_model()
    print(
        f"\n{len(model.base):,} base cells and {len(model.cells):,} figures a year, country and 16 leaf areas, "
        f"{EVENTS} victims\n"
    )
    print("| years | rounding s | audit s | mean error | cells lost | witnesses | programmes | fractional | safe |")
    print("|---:|---:|---:|---:|---:|---:|---:|---:|---|")
    spent, checked, errors, proof, parts, is_safe = 0.0, 0.0, list[float](), [0, 0], [0, 0], True
    for year in range(1, count + 1):
        true = victim_year(year, EVENTS)
        counts = np.asarray(model.matrix @ true)
        start = monotonic()
        printed = rounded(model, true, 5, f"{2018 + year}")
        spent += monotonic() - start
        bounds = published_bounds(printed, ["ROUNDED_5"] * len(printed))
        small = (counts > 0) & (counts < 5)
        start = monotonic()
        report = audit(model, bounds, sensitive=small, never=NEVER)
        checked += monotonic() - start
        errors.append(loss(counts, printed).mean_error)
        proof = [proof[0] + report.witnesses, proof[1] + report.programmes]
        parts = [one + other for one, other in zip(parts, fractional(model, bounds, small), strict=True)]
        is_safe &= report.passed
        print(
            f"| {year} | {spent:.1f} | {checked:.1f} | {np.mean(errors):.2f} | 0 | {proof[0]} | {proof[1]} | "
            f"{parts[0]} of {parts[1]} | {is_safe} |",
            flush=True,
        )


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
        report = audit(model, published_bounds(printed, ["ROUNDED_5"] * len(printed)), sensitive=small, never=NEVER)
        print(
            f"| {len(model.base):,} | {len(model.cells):,} | {events:,} | {spent:.1f} | {monotonic() - start:.1f} | "
            f"{report.checked:,} | {report.witnesses} | {report.passed} |",
            flush=True,
        )


def choice(home: Home, suppressed_years: int) -> None:
    """Each method on the same tables of a home, dataset by dataset; suppression on its last years only."""
    scheme = Scheme.of(home)
    cells = {name: candidate.read_cells(home, name) for name in scheme.datasets}
    every = list(block_years(candidate.read_base(home), pd.concat(cells.values(), ignore_index=True), scheme))
    last = sorted({one.year for one in every})[-suppressed_years:]
    print(f"\nsuppression: the years {', '.join(last)}; each dataset by itself, so that the other takes nothing back\n")
    print("| dataset | method | years | figures | mean error | greatest | lost share | additive | s |")
    print("|---|---|---:|---:|---:|---:|---:|---|---:|")
    for name, own in cells.items():
        keys = keys_of(own)
        for base in (3, 5):
            measure(name, f"rounding_{base}", every, keys, lambda one, _chosen, base=base: rounded_year(one, base))
        recent = [one for one in every if one.year in last]
        for threshold in (5, 11):
            measure(
                name,
                f"suppression_{threshold}",
                recent,
                keys,
                lambda one, chosen, threshold=threshold: suppressed_year(one, chosen, threshold),
            )


def rounded_year(one: BlockYear, base: int) -> np.ndarray:
    """The figures of a block and year rounded."""
    return rounded(one.model, one.true_base, base, one.label)


def suppressed_year(one: BlockYear, chosen: np.ndarray, threshold: int) -> np.ndarray:
    """The chosen figures of a block and year, exact or hidden."""
    return np.where(suppress_block(one.model, one.true_base, chosen, threshold=threshold), np.nan, one.true_cells)


def measure(
    name: str,
    method: str,
    every: Sequence[BlockYear],
    keys: pd.Index,
    printed: Callable[[BlockYear, np.ndarray], np.ndarray],
) -> None:
    """Run a method over blocks and years and print what one dataset loses by it."""
    start, true, values, sums = monotonic(), list[np.ndarray](), list[np.ndarray](), list[bool | None]()
    for one in every:
        chosen = np.asarray(keys_of(one.cells).isin(keys))
        if chosen.any():
            figures = printed(one, chosen)[chosen]
            true.append(one.true_cells[chosen])
            values.append(figures)
            sums.append(loss(true[-1], figures, one.model.matrix[chosen]).is_additive)
    found = loss(np.concatenate(true), np.concatenate(values))
    print(
        f"| {name} | {method} | {len({one.year for one in every})} | {found.cells:,} | {found.mean_error:.2f} | "
        f"{found.greatest_error:.0f} | {found.lost_share:.3f} | {all(sums)} | {monotonic() - start:.1f} |",
        flush=True,
    )


def gates(home: Home) -> None:
    """The first audit of all years, and one where a single year is to be asked again, with what others published."""
    scheme, external = Scheme.of(home), external_rows(home)
    frames = {name: read_parquet(protect_datasets.final_bytes(home, name)["data.parquet"]) for name in scheme.datasets}
    path = home.candidates / "audit.json"
    path.unlink(missing_ok=True)
    print(f"\n{cores()} cores, {len(external)} figures of others; CPU seconds of all processes together\n")
    print("| gate | blocks and years | asked anew | CPU s | wall s |")
    print("|---|---:|---:|---:|---:|")
    known: dict[str, object] = {}
    for label in ("first audit of all years", "later, the last year changed", "nothing changed"):
        start, spent = monotonic(), cpu_seconds()
        found = examine_final(home, scheme, frames, external)
        wall, cpu = monotonic() - start, cpu_seconds() - spent
        print(
            f"| {label} | {len(found.audited)} | {len(found.audited) - len(known)} | {cpu:.1f} | {wall:.1f} |",
            flush=True,
        )
        known = json.loads(path.read_bytes())
        if label.startswith("first"):
            last = max(one.rpartition("|")[2] for one in known)
            known = {one: said for one, said in known.items() if not one.endswith(last)}
            path.write_text(json.dumps(known))


def cpu_seconds() -> float:
    """User and system seconds of this process and of those that it started and that ended."""
    return sum(os.times()[:4])


def main() -> None:
    """Measure and print what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--years", type=int, default=6)
    parser.add_argument("--leaves", type=int, nargs="*", default=[5, 46, 463])
    parser.add_argument("--home", type=Path)
    parser.add_argument("--suppressed-years", type=int, default=1)
    parser.add_argument("--gates", action="store_true", help="of a home only the times of its gates")
    arguments = parser.parse_args()
    print(f"load average at the start: {os.getloadavg()[0]:.1f}")
    if arguments.home:
        if not arguments.gates:
            choice(Home(arguments.home), arguments.suppressed_years)
        gates(Home(arguments.home))
        return
    years(arguments.years)
    growth(arguments.leaves)


if __name__ == "__main__":
    main()
