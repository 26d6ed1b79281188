"""Linkage: how many pairs of the invented country are found, how many of those told are true, and in what time.

Records of five holders, three years (`samples/records_to_link.py`); a pair counts as found when both records are one
person at the threshold of 0.5. Bare Splink is trained and asked with the same settings, without anything around it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from time import process_time
from unittest import mock

import duckdb
import pandas as pd

from methods import linkage
from methods.linkage import record_links, splink_model
from methods.linkage.person_groups import THRESHOLDS, persons_of
from samples import records_to_link

SIZES = (600, 3_000)
DIRT = ((0.0, 1.0), (0.33, 1.0), (0.6, 1.0), (0.33, 0.6), (0.6, 0.6), (0.33, 0.0), (0.6, 0.0))
"""Shares of tokens missing and of records with codes."""
FEW = (20, 50, 100, 150, 200, 250, 300, 400, 600)
"""Numbers of records of which the least that is linked was chosen."""


def report(runs: int, seed: int) -> Iterator[str]:
    """Yield the lines of the part; `runs` is how many seeds each row of 600 records is the mean of, three at most."""
    yield f"code {hash_of_code()}:\n"
    yield "| records | tokens missing | codes on | precision | recall | F1 | persons at 0.9, 0.5, 0.2 | truth | CPU s |"
    yield "|---:|---:|---:|---:|---:|---:|---|---:|---:|"
    for size in SIZES:
        for missing, held in DIRT:
            seeds = range(seed, seed + (min(runs, 3) if size == SIZES[0] else 1))
            yield _row(size, missing, held, [measured(one, size, missing, held) for one in seeds])
    yield ""
    yield from _against_bare_splink(seed)


def report_few(runs: int, seed: int) -> Iterator[str]:
    """Yield the lines of the part on few records, linked as if no number were too few: how often training breaks off.

    Pairs that tokens decide are left out of precision and recall: they need no model.
    """
    yield f"code {hash_of_code()}:\n"
    yield "| records | codes on | runs | Splink broke off | precision | recall |"
    yield "|---:|---:|---:|---:|---:|---:|"
    for size in FEW:
        for held in (1.0, 0.6, 0.0):
            tried = [_pairs_by_model(one, size, held) for one in range(seed, seed + runs)]
            done = [pairs for pairs in tried if pairs is not None]
            told, true, both = (sum(pairs[place] for pairs in done) for place in range(3))
            shares = f"{both / max(1, told):.3f} | {both / max(1, true):.3f}"
            yield f"| {size} | {held:.0%} | {runs} | {runs - len(done)} | {shares} |"


def _pairs_by_model(seed: int, size: int, held: float) -> tuple[int, int, int] | None:
    """Return how many pairs without a common token are told, true, and both; None if Splink breaks off."""
    records = records_to_link.records_of(seed, size, tokens_missing=0.33, codes_held=held)
    members = records["token"].fillna(records["record"])
    holders = {str(member): frozenset(group) for member, group in records.groupby(members)["holder"]}
    try:
        with mock.patch.object(record_links, "LEAST_RECORDS", 0):
            found = record_links.link(records)
    except splink_model.SplinkFailed:
        return None
    tokened = set(records.loc[records["token"].notna(), "record"])
    linked = records.assign(person=members.map(persons_of(holders, found.pairs, 0.5)))
    told, true = ({pair for pair in _pairs(frame) if not set(pair) <= tokened} for frame in (linked, records))
    return len(told), len(true), len(told & true)


def measured(seed: int, size: int, missing: float, held: float) -> dict[str, float]:
    """Return precision, recall, F1, persons at each threshold, the true number of persons, and CPU seconds."""
    records = records_to_link.records_of(seed, size, tokens_missing=missing, codes_held=held)
    started = process_time()
    found = record_links.link(records)
    members = records["token"].fillna(records["record"])
    holders = {str(member): frozenset(group) for member, group in records.groupby(members)["holder"]}
    person = {threshold: members.map(persons_of(holders, found.pairs, threshold)) for threshold in THRESHOLDS}
    seconds = process_time() - started
    told, true = _pairs(records.assign(person=person[0.5])), _pairs(records)
    precision, recall = len(told & true) / max(1, len(told)), len(told & true) / len(true)
    return {
        "precision": precision,
        "recall": recall,
        "f1": 2 * precision * recall / max(1e-9, precision + recall),
        **{f"persons at {threshold}": float(person[threshold].nunique()) for threshold in THRESHOLDS},
        "truth": float(records["person"].nunique()),
        "seconds": seconds,
    }


def hash_of_code() -> str:
    """Return the hash of the code that is measured."""
    texts = [path.read_bytes() for path in sorted(Path(linkage.__path__[0]).glob("*.py"))]
    texts.append(Path(records_to_link.__file__).read_bytes())
    return hashlib.sha256(b"".join(texts)).hexdigest()[:12]


def _row(size: int, missing: float, held: float, runs: list[dict[str, float]]) -> str:
    mean = {name: sum(run[name] for run in runs) / len(runs) for name in runs[0]}
    shares = " | ".join(f"{mean[name]:.3f}" for name in ("precision", "recall", "f1"))
    persons = ", ".join(f"{mean[f'persons at {threshold}']:.0f}" for threshold in THRESHOLDS)
    what = f"{size:,} | {missing:.0%} | {held:.0%}"
    return f"| {what} | {shares} | {persons} | {mean['truth']:.0f} | {mean['seconds']:.1f} |"


def _pairs(records: pd.DataFrame) -> set[tuple[str, str]]:
    groups = records.groupby("person")["record"]
    return {pair for _, group in groups for pair in combinations(sorted(group.tolist()), 2)}


def _against_bare_splink(seed: int) -> Iterator[str]:
    records = records_to_link.records_of(seed, SIZES[0], tokens_missing=0.33, codes_held=1.0)
    expected = record_links.expected_links(records)
    times: dict[str, list[float]] = {"ours": [], "bare": []}
    for _ in range(3):
        for name in times:
            started = process_time()
            if name == "ours":
                record_links.link(records)
            else:
                with duckdb.connect(config={"threads": 2}) as connection:
                    splink_model.probable_pairs(connection, records, expected)
            times[name].append(process_time() - started)
    ours, bare = min(times["ours"]), min(times["bare"])
    yield f"{SIZES[0]} records, best of three: ours {ours:.2f} CPU s, bare Splink {bare:.2f}, {ours / bare:.2f} times."
