"""Suppression and audit of anybody's tables: against pytauargus in one run, and how they grow with the base cells.

`python -m benchmarks.suppression [--tauargus PYTHON] [--base 1000 10000]`. PYTHON is an interpreter that has pytauargus
(it is no dependency of ours); each of its runs is a child process, because one of its methods crashes. All tables are
invented and seeded. Every pattern, ours and theirs, is judged by the same audit
(`methods.disclosure.listed_tables.cell_intervals`).
"""

from __future__ import annotations

import argparse
import json
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import product
from time import monotonic

import numpy as np

from methods.disclosure.listed_tables.cell_intervals import intervals, reaches
from methods.disclosure.listed_tables.cell_tables import CellTable, ListedCount, build_table
from methods.disclosure.suppression.suppression_greedy import greedy
from methods.disclosure.suppression.suppression_moves import (
    NotProtected,
    SuppressionPattern,
    SuppressionProblem,
    levels_problem,
    threshold_problem,
)
from methods.disclosure.suppression.suppression_optimal import optimal

SECONDS = 15.0  # of each method
SIZES = {"gov": 19, "form": 7, "sex": 3, "age": 3}
TABLES = (("gov", "form"), ("form", "sex", "age"), ("gov", "form", "sex"))
THEIRS = """
import json, sys
from pytauargus import protect
order = json.load(sys.stdin)
rows = protect(order["rows"], order["names"], "response", order["rule"], order["method"]).tables[0].rows
print(json.dumps([[[row[name] for name in order["names"]], row["status"]] for row in rows]))
"""


def invented(names: Sequence[str], persons: int, seed: int = 7) -> dict[tuple[str, ...], int]:
    """Counts of a year: categories of uneven size, crossed without structure."""
    random = np.random.default_rng(seed)
    shares = [random.dirichlet(np.full(SIZES[name], 0.7)) for name in names]
    cells = list(product(*([f"{name}{n}" for n in range(SIZES[name])] for name in names)))
    chances = np.array([np.prod(share) for share in product(*shares)])
    return dict(zip(cells, random.multinomial(persons, chances / chances.sum()).tolist(), strict=True))


def table_of(names: Sequence[str], counts: dict[tuple[str, ...], int]) -> CellTable:
    """The cube of counts with all margins."""
    values: dict[tuple[str, ...], int] = {}
    for key, count in counts.items():
        for shown in product(*((code, "_T") for code in key)):
            values[shown] = values.get(shown, 0) + count
    rows = [ListedCount(dict(zip(names, key, strict=True)), v, v, "open", "t:2") for key, v in values.items()]
    return build_table(rows, names)


def passes(table: CellTable, problem: SuppressionProblem, hidden: np.ndarray) -> bool:
    """Whether the audit finds all that the problem asks for."""
    seen = replace(
        table, lower=np.where(hidden, 0.0, table.lower), upper=np.where(hidden, np.inf, table.upper), hidden=hidden
    )
    needs = problem.needs & hidden
    lowest = np.where(needs, problem.values - problem.down, np.inf)
    highest = np.where(needs, problem.values + problem.up, -np.inf)
    return bool((hidden | ~problem.primary).all()) and reaches(seen, lowest, highest)


def ours(name: str, method: Callable[[], SuppressionPattern], table: CellTable, problem: SuppressionProblem) -> None:
    """Run, audit and print one of our methods."""
    start = monotonic()
    try:
        found = method()
    except NotProtected:
        print(f"| {name} | none in time | {monotonic() - start:.2f} | |")
        return
    seconds = monotonic() - start
    proof = "proved" if found.proved_optimal else "no bound" if found.bound is None else f"bound {found.bound:.0f}"
    print(f"| {name} | {found.cost:.0f} ({proof}) | {seconds:.2f} | {passes(table, problem, found.hidden)} |")


def theirs(
    python: str,
    method: str,
    names: Sequence[str],
    counts: dict[tuple[str, ...], int],
    table: CellTable,
    below: SuppressionProblem,
) -> None:
    """Run one method of pytauargus in a child process, audit and print it."""
    threshold = int(below.values[below.primary].max()) + 1
    rows = [{**dict(zip(names, key, strict=True)), "response": 1} for key, n in counts.items() for _ in range(n)]
    order = {"rows": rows, "names": list(names), "rule": f"FREQ({threshold},100)", "method": f"{method}(1)"}
    start = monotonic()
    try:
        answer = subprocess.run(
            [python, "-c", THEIRS], input=json.dumps(order), capture_output=True, text=True, timeout=SECONDS
        )
    except subprocess.TimeoutExpired:
        print(f"| pytauargus {method} | none in time | {SECONDS:.2f} | |")
        return
    seconds = monotonic() - start
    if answer.returncode:
        print(f"| pytauargus {method} | ended with code {answer.returncode} | {seconds:.2f} | |")
        return
    place = {key: number for number, key in enumerate(table.keys)}
    hidden = ~table.listed
    for codes, status in json.loads(answer.stdout.splitlines()[-1]):
        key = tuple("_T" if code.strip() == "Total" else code.strip() for code in codes)  # theirs are padded
        if status in {"U", "M"} and key in place:
            hidden[place[key]] = True
    print(f"| pytauargus {method} | {below.cost(hidden):.0f} | {seconds:.2f} | {passes(table, below, hidden)} |")


def compare(python: str | None) -> None:
    """The same tables and the same protection ([0, 2a] for a count a below k) for all methods."""
    for names, persons, k in product(TABLES, (300, 1800), (3, 5)):
        counts = invented(names, persons)
        table = table_of(names, counts)
        small = table.listed & (table.lower > 0) & (table.lower < k)
        if not small.any():
            continue
        problem = levels_problem(table, small, table.lower, table.lower)
        print(f"\n{' x '.join(names)}, {persons} persons, k = {k}, {small.sum()} primary cells\n")
        print("| method | cost | s | audit passes |\n|---|---:|---:|---|")
        ours("optimal", lambda problem=problem: optimal(problem, SECONDS), table, problem)
        ours("greedy", lambda problem=problem: greedy(problem, SECONDS), table, problem)
        for method in ("OPT", "MOD") if python else ():
            theirs(str(python), method, names, counts, table, problem)


def grow(sizes: Sequence[int]) -> None:
    """Two-way tables with about one small cell in ten: each method with four times the limit of time."""
    limit = 4 * SECONDS
    print("\n| base cells | primary | greedy: cost, s | optimal: cost, s | audit of greedy: hidden, certified, s |")
    print("|---:|---:|---:|---:|---:|")
    for base in sizes:
        side = round(base**0.5)
        random = np.random.default_rng(base)
        grid = random.poisson(random.gamma(2.0, 8.0, (side, base // side)))
        counts = {(f"r{i}", f"c{j}"): int(n) for (i, j), n in np.ndenumerate(grid)}
        table = table_of(["row", "column"], counts)
        problem = threshold_problem(table, 5)
        columns = [str(len(counts)), str(int(problem.primary.sum()))]
        found: SuppressionPattern | None = None
        for method in (greedy, optimal):
            start = monotonic()
            try:
                pattern = method(problem, limit)
            except NotProtected:
                columns.append(f"none, {monotonic() - start:.1f}")
                continue
            found = found or pattern
            proof = " proved" if pattern.proved_optimal else f" (bound {pattern.bound or 0:.0f})"
            columns.append(f"{pattern.cost:.0f}{proof if method is optimal else ''}, {monotonic() - start:.1f}")
        hidden = found.hidden if found else random.random(len(table.lower)) < 0.2
        seen = replace(table, lower=np.where(hidden, 0, table.lower), upper=np.where(hidden, np.inf, table.upper))
        start = monotonic()
        bounds = intervals(seen, hidden, limit)
        columns.append(f"{hidden.sum()}, {bounds.certified[hidden].mean():.0%}, {monotonic() - start:.1f}")
        print("| " + " | ".join(columns) + " |", flush=True)


def main() -> None:
    """Compare, then grow."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tauargus", help="interpreter that has pytauargus")
    parser.add_argument("--base", type=int, nargs="*", default=[1_000, 10_000, 100_000])
    arguments = parser.parse_args()
    compare(arguments.tauargus)
    grow(arguments.base)


if __name__ == "__main__":
    main()
