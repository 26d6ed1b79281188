"""Synthetic records under differential privacy: noisy pairwise tables, a model fitted to them, records drawn from it.

Belongs here: measuring all two-way tables with discrete Gaussian noise, fitting a graphical model with `mbi`, drawing
records, the private error table, and refusing what the budget cannot carry.
Does not belong here: files, code lists, who may ask (`expectations/synthetic/synthetic_source.py`), what was spent (the
budget ledger).

One row is one person: the caller keeps each person once. Everything released is computed from noisy figures: the number
of records, whether there are too few, the records and the error table. After McKenna, Miklau and Sheldon, *Winning the
NIST Contest* (2021), with all pairs instead of a chosen tree: six columns have only fifteen.
"""

from __future__ import annotations

import importlib
import itertools
import math
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from methods.disclosure.noise.privacy_loss import Noise, PrivacyBudget, discrete_gaussian, scale_for

COLUMNS_LIMIT = 6
CELLS_LIMIT = 100_000  # of the full cross: beyond it the records would be mostly noise
ERROR_SHARE = 0.1  # of the loss goes into the error table
# Expected mean error of two-way tables. With the columns of `expectations/synthetic/synthetic_source.py`, fully
# independent columns, which preserve no association, are off by 0.10 at 150 to 250 records: with a greater error a
# file would be of no use.
ERROR_LIMIT = 0.10
FITTED_SHARE = 0.55  # share of the noise left after fitting all tables together; measured 0.44-0.58
_WAYS = (1, 2, 3)
_FIT_ROUNDS = 2_000

Domains = Mapping[str, Sequence[str]]


class TooFewRecords(Exception):  # noqa: N818  named by what happened
    """The noisy number of records is too small for a file under this budget; `least` would do."""

    def __init__(self, least: int) -> None:
        super().__init__(f"fewer than {least} records")
        self.least = least


class UnknownCode(Exception):  # noqa: N818  named by what happened
    """A column holds a code that is not in its domain; the code itself is not reported."""

    def __init__(self, column: str) -> None:
        super().__init__(f"a code of {column} is not in its domain")
        self.column = column


@dataclass(frozen=True)
class TableError:
    """How far the tables of the synthetic file are from the true ones; itself with noise.

    Attributes:
        ways: number of columns of the tables; all such tables are compared.
        error: mean over them of half the sum of absolute differences, as a share of the records (0 to 1).
        spread: standard deviation of the noise in `error`.
    """

    ways: int
    error: float
    spread: float


@dataclass(frozen=True)
class SyntheticFile:
    """A synthetic file.

    Attributes:
        records: one row per synthetic record, sorted by codes; as many as the noisy number of records.
        errors: errors of tables of one, two and three columns.
        scale: scale of the noise in each cell of each measured table.
    """

    records: pd.DataFrame
    errors: tuple[TableError, ...]
    scale: float


@dataclass(frozen=True)
class _Measurement:
    columns: tuple[str, ...]
    counts: np.ndarray


def synthesise(
    records: pd.DataFrame,
    domains: Domains,
    budget: PrivacyBudget,
    *,
    never: Sequence[Mapping[str, str]] = (),
    noise: Noise = discrete_gaussian,
    chance: np.random.Generator | None = None,
) -> SyntheticFile:
    """Return synthetic records that replace `records`.

    Args:
        records: one row per person, with exactly the columns of `domains`, text codes. True values: sealed.
        domains: column -> its codes, from code lists and never from the data.
        budget: allowed privacy loss; all of it is spent, whatever the result.
        never: combinations that no synthetic record may have; true records with them are left out before measuring.
        noise: noise of the measurements; injected by tests only.
        chance: random source for drawing records from the fitted model, which costs nothing; by default the system's,
            so that two runs differ.

    Raises:
        ValueError: other columns than the domains', or domains that `check_domains` does not allow.
        UnknownCode: before anything is measured.
        TooFewRecords: after measuring, about the noisy number of records: the budget is spent.
        ModuleNotFoundError: `mbi` or OpenDP is not installed (the extra `synthetic`).
    """
    check(records, domains)
    table = _drop_never(_cross_tabulate(records, domains), domains, never)
    measured_rho, error_rho = budget.rho * (1 - ERROR_SHARE), budget.rho * ERROR_SHARE
    measured, scale = _measure(table, domains, measured_rho, noise)
    total = _total(measured)
    if total < records_needed(domains, budget):
        raise TooFewRecords(records_needed(domains, budget))
    fitted = _drop_never(_fit(domains, measured, scale, total), domains, never)
    drawn = _draw(fitted, total, chance or np.random.default_rng())
    errors = _errors(table, drawn, total, error_rho, noise)
    return SyntheticFile(_rows(drawn, domains), errors, scale)


def check(records: pd.DataFrame, domains: Domains) -> None:
    """Raise what `synthesise` would raise before it measures anything."""
    check_domains(domains)
    if [str(column) for column in records.columns] != list(domains):
        raise ValueError(f"the columns of the records are not {list(domains)}")
    for column, codes in domains.items():
        if not bool(records[column].isin(list(codes)).all()):
            raise UnknownCode(column)


def check_domains(domains: Domains) -> None:
    """Raise ValueError for fewer than two or more than six columns, a doubtful domain, or too large a cross."""
    if not 2 <= len(domains) <= COLUMNS_LIMIT:
        raise ValueError(f"{len(domains)} columns; 2 to {COLUMNS_LIMIT} can be measured in pairs")
    for column, codes in domains.items():
        if len(set(codes)) < 2 or len(set(codes)) < len(codes):
            raise ValueError(f"{column} needs two different codes or more, each once")
    if math.prod(len(codes) for codes in domains.values()) > CELLS_LIMIT:
        raise ValueError(f"more than {CELLS_LIMIT} combinations of codes")


def records_needed(domains: Domains, budget: PrivacyBudget) -> int:
    """Return the least number of records for which the expected mean error of two-way tables is `ERROR_LIMIT`.

    The expected absolute noise of a table is cells x scale x sqrt(2/pi); half of it over the records is its error
    before fitting, of which `FITTED_SHARE` is left afterwards (`docs/benchmarks.md`). No data are read.
    """
    pairs = list(itertools.combinations(domains.values(), 2))
    scale = scale_for(budget.rho * (1 - ERROR_SHARE), math.sqrt(len(pairs)))
    cells = sum(len(left) * len(right) for left, right in pairs) / len(pairs)
    return math.ceil(FITTED_SHARE * cells * scale * math.sqrt(2 / math.pi) / 2 / ERROR_LIMIT)


def _cross_tabulate(records: pd.DataFrame, domains: Domains) -> np.ndarray:
    """Return the full cross of the columns as counts, one axis per column."""
    table = np.zeros([len(codes) for codes in domains.values()], dtype=np.int64)
    places = [pd.Categorical(records[column], categories=list(codes)).codes for column, codes in domains.items()]
    np.add.at(table, tuple(np.asarray(place, dtype=np.int64) for place in places), 1)
    return table


def _drop_never(table: np.ndarray, domains: Domains, never: Sequence[Mapping[str, str]]) -> np.ndarray:
    """Return the cross with the forbidden combinations set to 0."""
    left = table.copy()
    for combination in never:
        if set(combination) <= set(domains):
            place = tuple(
                list(codes).index(combination[column]) if column in combination else slice(None)
                for column, codes in domains.items()
            )
            left[place] = 0
    return left


def _margin(table: np.ndarray, axes: Sequence[int]) -> np.ndarray:
    others = tuple(axis for axis in range(table.ndim) if axis not in axes)
    return table.sum(axis=others)


def _measure(table: np.ndarray, domains: Domains, rho: float, noise: Noise) -> tuple[list[_Measurement], float]:
    """Return all two-way tables with noise, and its scale. A person is in one cell of each: root of their number."""
    names = list(domains)
    pairs = list(itertools.combinations(range(len(names)), 2))
    scale = scale_for(rho, math.sqrt(len(pairs)))
    true = [_margin(table, pair) for pair in pairs]
    noisy = np.array(noise([int(count) for margin in true for count in margin.ravel()], scale))
    cuts = np.cumsum([margin.size for margin in true])[:-1]
    tables = [part.reshape(margin.shape) for part, margin in zip(np.split(noisy, cuts), true, strict=True)]
    return [_Measurement((names[a], names[b]), counts) for (a, b), counts in zip(pairs, tables, strict=True)], scale


def _total(measured: Sequence[_Measurement]) -> int:
    """Return the number of records according to the noisy tables, each weighted by its precision."""
    sizes = np.array([measurement.counts.size for measurement in measured])
    sums = np.array([measurement.counts.sum() for measurement in measured])
    return max(0, round(float(np.average(sums, weights=1 / sizes))))


def _fit(domains: Domains, measured: Sequence[_Measurement], scale: float, total: int) -> np.ndarray:
    """Return the full cross, as expected counts, of the graphical model that fits the noisy tables best."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # mbi warns of single precision, which is enough for a hundred thousand records
        mbi: Any = importlib.import_module("mbi")
    domain = mbi.Domain(tuple(domains), tuple(len(codes) for codes in domains.values()))
    queries = [
        mbi.LinearMeasurement(measurement.counts.ravel().astype(float), measurement.columns, stddev=scale)
        for measurement in measured
    ]
    model = mbi.estimation.MirrorDescent().estimate(domain, queries, known_total=float(total), iters=_FIT_ROUNDS)
    return np.asarray(model.project(tuple(domains)).datavector(flatten=False), dtype=float).clip(min=0)


def _draw(expected: np.ndarray, total: int, chance: np.random.Generator) -> np.ndarray:
    """Return whole counts that add up to `total`, by systematic sampling: no cell is over 1 away from its share."""
    edges = np.cumsum(expected.ravel() * (total / expected.sum()))
    edges[-1] = total
    return np.diff(np.floor(edges + chance.random()), prepend=0.0).astype(np.int64).reshape(expected.shape)


def _errors(true: np.ndarray, drawn: np.ndarray, total: int, rho: float, noise: Noise) -> tuple[TableError, ...]:
    """Return the errors of all tables of one, two and three columns; one person changes each sum by at most 1."""
    ways = [number for number in _WAYS if number <= true.ndim]
    errors: list[TableError] = []
    for number in ways:
        places = list(itertools.combinations(range(true.ndim), number))
        apart = sum(int(np.abs(_margin(true, place) - _margin(drawn, place)).sum()) for place in places)
        scale = scale_for(rho / len(ways), len(places))
        share = 2 * len(places) * max(total, 1)
        error = noise([apart], scale)[0] / share
        errors.append(TableError(number, min(1.0, max(0.0, error)), scale / share))
    return tuple(errors)


def _rows(counts: np.ndarray, domains: Domains) -> pd.DataFrame:
    places = np.repeat(np.argwhere(counts > 0), counts[counts > 0], axis=0)
    columns = {
        name: np.array(list(codes), dtype=object)[places[:, at]] for at, (name, codes) in enumerate(domains.items())
    }
    frame = pd.DataFrame(columns, columns=list(domains))
    return frame.sort_values(list(domains), kind="stable").reset_index(drop=True)
