"""What two released figures and a constant give that is not released: a quotient by days that is a number of beds.

A series is what one figure is over the years of one area. The search knows no card and no relation: it tries every
pair of exact series, and every constant that anybody knows, and keeps what equals a hidden series in each year.

Belongs here: the arithmetic, and how much must agree before it is no chance. Does not belong here: which figures are
released and which are hidden (`test_hidden_by_arithmetic.py`), or what follows from rounded ones, which the joint audit
asks.
"""

from __future__ import annotations

from calendar import isleap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

Series = Mapping[str, float]
"""Year to a figure."""

LEAST_YEARS = 2
SURE = 7.0
"""Bits by which an agreement must exceed what so many trials find by chance: a false one in a hundred searches."""


@dataclass(frozen=True)
class Revealed:
    """A hidden series, and the released figures and the constant that give it in each of its years."""

    hidden: str
    how: str


def find_revealed(
    released: Mapping[str, Series], hidden: Mapping[str, Series], constants: Mapping[str, Series]
) -> list[Revealed]:
    """Return the hidden series of one area that arithmetic over released ones gives, each by its shortest way.

    Args:
        released: exact figures, by a name.
        hidden: true figures that are not among them; those that are released under another name are left out.
        constants: figures that anybody knows (residents); days of a year and round numbers are added.
    """
    known_years = {year for series in (*released.values(), *hidden.values()) for year in series}
    years = sorted(known_years)
    names, figures = _matrix(released, years)
    constant_names, constant_figures = _matrix({**constants, **_constants_of_calendar(years)}, years)
    of_constants, of_pairs = (
        np.log2(1 + len(hidden) * len(names) * many) + SURE for many in _trials_each(names, constant_names)
    )
    found: list[Revealed] = []
    for name, series in sorted(hidden.items()):
        told = [place for place, year in enumerate(years) if series.get(year, 0) > 0]
        truth = np.array([series[years[place]] for place in told])
        shown, known = figures[:, told], constant_figures[:, told]
        if len(told) < LEAST_YEARS or (shown == truth).all(axis=1).any():
            continue  # too little is told, or it is released, under another name
        days = known[constant_names.index(DAYS)]
        trials = [
            *((bits - of_constants, how) for bits, how in _trials(shown, known, truth, names, constant_names)),
            *((bits - of_pairs, how) for bits, how in _trials(shown, shown, truth, names, names)),
            *((bits - of_pairs, f"({how}) / {DAYS}") for bits, how in _rests(shown, truth * days, names)),
        ]
        if sure := [how for bits, how in trials if bits >= 0]:
            found.append(Revealed(name, min(sure, key=lambda how: (len(how), how))))
    return found


DAYS = "days of the year"


def _trials_each(names: Sequence[str], constants: Sequence[str]) -> tuple[int, int]:
    """Return how many trials are made of each released series and hidden one: with constants, and with each other."""
    return 5 * len(constants), 7 * len(names)


def _constants_of_calendar(years: Sequence[str]) -> dict[str, Series]:
    days = {year: 365.0 + isleap(int(year)) for year in years}
    return {DAYS: days} | {str(number): dict.fromkeys(years, float(number)) for number in (2, 7, 12, 52, 100, 1000)}


def _matrix(series: Mapping[str, Series], years: Sequence[str]) -> tuple[list[str], np.ndarray]:
    names = sorted(series)
    rows = [[series[name].get(year, np.nan) for year in years] for name in names]
    return names, np.array(rows, dtype=float).reshape(len(names), len(years))


def _trials(
    first: np.ndarray, second: np.ndarray, truth: np.ndarray, names: Sequence[str], others: Sequence[str]
) -> Iterator[tuple[float, str]]:
    """Yield what equals `truth` in each year, with the bits that agree: those of the greatest figure in it."""
    with np.errstate(invalid="ignore"):
        for place, name in enumerate(names):
            one = first[place]
            if np.isnan(one).any():
                continue
            forms = {
                f"{name} / {{}}": (one, second * truth),
                f"{{}} / {name}": (second, one * truth),
                f"{name} * {{}}": (truth, one * second),
                f"{name} + {{}}": (truth, one + second),
                f"{name} - {{}}": (truth, one - second),
            }
            for how, (left, right) in forms.items():
                yield from _agreeing(how, left, right, others, skip=one)


def _rests(shown: np.ndarray, truth: np.ndarray, names: Sequence[str]) -> Iterator[tuple[float, str]]:
    """Yield the sums and differences that equal `truth`, likewise."""
    for place, name in enumerate(names):
        for how, rest in ((f"{name} - {{}}", shown[place] - shown), (f"{name} + {{}}", shown[place] + shown)):
            yield from _agreeing(how, truth, rest, names, skip=shown[place])


def _agreeing(
    how: str, left: np.ndarray, right: np.ndarray, others: Sequence[str], *, skip: np.ndarray
) -> Iterator[tuple[float, str]]:
    """Yield the rows in which both sides agree, with their bits: years of the same figures say it once."""
    left, right = np.broadcast_arrays(left, right)
    for place in np.flatnonzero((np.abs(left - right) < 1e-6).all(axis=1)):
        pairs = {tuple(pair) for pair in np.column_stack([left[place], skip]).tolist()}
        yield float(sum(np.log2(1 + value) for value, _ in pairs)), how.format(others[place])
