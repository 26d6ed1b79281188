"""How far synthetic records are from the true ones: ours, pac-synth (CTDC's tool), independent columns, chance alone.

`python -m tests.expectations.synthetic.measure_synthetic --home HOME` prints a Markdown table, of which some figures
stand in docs/benchmarks.md. It needs `make synthetic`. pac-synth is in no lock of ours: it runs in a child process of
the interpreter that `--pac-synth-python` names, and is left out if none is.
Belongs here: which files, what is compared. It reads true records of an invented home only, and spends no budget.
"""

from __future__ import annotations

import argparse
import itertools
import math
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

from expectations.synthetic import synthetic_source
from expectations.synthetic.privacy_budget import DELTA
from ingestion.home import Home
from methods.disclosure.noise import synthetic_records
from methods.disclosure.noise.privacy_loss import PrivacyBudget

EPSILONS = (1.0, 2.0, 4.0, 12.0)
SIZES = (100, 150, 200, 300, 500, 1000)
NEEDED = {
    epsilon: synthetic_records.records_needed(synthetic_source.domains(), PrivacyBudget(epsilon, DELTA))
    for epsilon in EPSILONS
}
RUNS = 3
_THEIRS = """
import sys
import pandas as pd
from pacsynth import Dataset, DpAggregateSeededParametersBuilder, DpAggregateSeededSynthesizer
source, target, epsilon, delta = sys.argv[1:]
frame = pd.read_csv(source, dtype=str, keep_default_na=False)
builder = DpAggregateSeededParametersBuilder().reporting_length(3).epsilon(float(epsilon)).delta(float(delta))
maker = DpAggregateSeededSynthesizer(builder.build())
maker.fit(Dataset.from_data_frame(frame))
Dataset.raw_data_to_data_frame(maker.sample()).to_csv(target, index=False)
"""


def error(true: pd.DataFrame, made: pd.DataFrame, ways: int) -> float:
    """Return the mean total variation distance over all tables of `ways` columns; a blank is a category of its own."""
    found: list[float] = []
    for columns in itertools.combinations(true.columns, ways):
        left, right = (one.groupby(list(columns)).size() / len(one) for one in (true, made))
        found.append(float(left.sub(right, fill_value=0).abs().sum() / 2))
    return statistics.mean(found)


def ours(epsilon: float) -> Callable[[pd.DataFrame, int], pd.DataFrame]:
    """Return our method with a budget; combinations that never leave stay in here, as pac-synth knows none."""
    return lambda true, _: (
        synthetic_records.synthesise(true, synthetic_source.domains(), PrivacyBudget(epsilon, DELTA)).records
    )


def theirs(python: Path, epsilon: float) -> Callable[[pd.DataFrame, int], pd.DataFrame]:
    """Return pac-synth with the same budget, tables up to three columns."""

    def made(true: pd.DataFrame, _: int) -> pd.DataFrame:
        with tempfile.TemporaryDirectory() as folder:
            source, target = Path(folder) / "true.csv", Path(folder) / "made.csv"
            true.to_csv(source, index=False)
            command = [python, "-c", _THEIRS, source, target, str(epsilon), str(DELTA)]
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            return pd.read_csv(target, dtype=str, keep_default_na=False).reindex(columns=true.columns)

    return made


def independent(true: pd.DataFrame, seed: int) -> pd.DataFrame:
    """Return each column shuffled by itself: no privacy, and nothing of how columns go together."""
    chance = np.random.default_rng(seed)
    return pd.DataFrame({name: chance.permutation(true[name]) for name in true})


def bootstrap(true: pd.DataFrame, seed: int) -> pd.DataFrame:
    """Return as many true records drawn with replacement: what chance alone does to tables."""
    return true.sample(len(true), replace=True, random_state=seed)


def print_rows(label: str, true: pd.DataFrame, python: Path | None) -> None:
    """Print one line of the table for each method and budget."""
    methods: dict[str, Callable[[pd.DataFrame, int], pd.DataFrame]] = {
        "independent columns (no privacy)": independent,
        "bootstrap (sampling error)": bootstrap,
    }
    for epsilon in EPSILONS:
        is_refused = len(true) < NEEDED[epsilon]
        methods[f"all pairs + mbi, ε {epsilon:g}" + " (refused: too few)" * is_refused] = ours(epsilon)
        if python:
            methods[f"pac-synth, ε {epsilon:g}"] = theirs(python, epsilon)
    for name, method in methods.items():
        figures: list[list[float]] = []
        start = time.monotonic()
        for seed in range(RUNS):
            made = method(true, seed)
            figures.append([len(made), *(error(true, made, ways) for ways in (1, 2, 3))])
        rows, *errors = (statistics.mean(column) for column in zip(*figures, strict=True))
        seconds = (time.monotonic() - start) / RUNS
        told = " | ".join(f"{one:.3f}" for one in errors)
        print(f"| {label} | {name} | {rows:.0f} | {told} | {seconds:.1f} |", flush=True)


def print_sizes(true: pd.DataFrame) -> None:
    """Print how the error of our method at ε 4 falls with the number of records, beside independent columns."""
    print("\n| records | all pairs + mbi, ε 4: 2-way | independent: 2-way | bootstrap: 2-way |\n|---:|---:|---:|---:|")
    for size in SIZES:
        drawn = [true.sample(size, random_state=seed).reset_index(drop=True) for seed in range(RUNS)]
        figures = [
            statistics.mean(error(one, method(one, seed), 2) for seed, one in enumerate(drawn))
            for method in (ours(4.0), independent, bootstrap)
        ]
        print(f"| {size:,} | " + " | ".join(f"{one:.3f}" for one in figures) + " |", flush=True)


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--home", type=Path, default=Path("home") / "demo")
    parser.add_argument("--year", default="2024")
    parser.add_argument("--pac-synth-python", type=Path)
    asked = parser.parse_args()
    home = Home(asked.home)
    if not home.is_invented:
        sys.exit("only an invented home is measured")
    synthetic_records.ERROR_LIMIT = math.inf  # what would be refused is shown as well, and marked
    years = [str(year) for year in range(2016, 2026)]
    files = {asked.year: synthetic_source.records(home, asked.year)}
    files["ten years"] = pd.concat([synthetic_source.records(home, year) for year in years], ignore_index=True)
    print("| file | method | records | 1-way | 2-way | 3-way | s |\n|---|---|---:|---:|---:|---:|---:|")
    for label, true in files.items():
        print_rows(f"{label}: {len(true):,}", true, asked.pac_synth_python)
    print_sizes(files["ten years"])


if __name__ == "__main__":
    main()
