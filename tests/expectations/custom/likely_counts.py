"""What somebody would guess who knows how custom tables are made: the likely counts behind an answer, by sampling.

The noise is public, and so are rounding and the sums: each true count is a whole number, each figure of the answer is a
sum of counts plus noise of a known distribution, or a rounded sum. A chain of small moves (one count up or down, one
case moved, four counts changed so that margins stay) visits whole tables as often as they are likely.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from expectations.cards.cells import TOTAL
from expectations.custom.custom_tables import METHOD
from methods.disclosure.noise.cell_key import DEVIATION, noise_table

Cell = tuple[str, ...]
_MOST, _IMPOSSIBLE = 1024, -27.0


def likely_counts(rows: pd.DataFrame, by: Sequence[str], steps: int = 40_000, seed: int = 1) -> dict[Cell, set[int]]:
    """Return the fewest counts of each finest cell that together hold nine tenths of what is likely.

    Args:
        rows: of an answer about one place, year and measure: figures with noise, and printed ones.
        by: the dimensions of the cross.
        steps: moves of the chain.
        seed: of the moves.
    """
    told = rows[rows["obs_status"] == "A"]
    categories = [sorted(set(told[name]) - {TOTAL}) for name in by]
    cells = list(itertools.product(*categories))
    holds = np.array(
        [[all(row[name] in (TOTAL, code) for name, code in zip(by, cell, strict=True)) for cell in cells]
         for row in told.to_dict("records")]
    ).astype(np.int64)  # fmt: skip
    figures = told["obs_value"].to_numpy(dtype=np.int64)
    chances = np.array(
        [_chances(int(figure), str(method)) for figure, method in zip(figures, told["disclosure_method"], strict=True)]
    )
    visited = _walk(_moves(categories), holds, chances, _start(holds, figures), steps, np.random.default_rng(seed))
    return {cell: _nine_tenths(visited[place]) for place, cell in enumerate(cells)}


def known_small(likely: Mapping[Cell, set[int]], true: Mapping[Cell, int], under: int = 5) -> tuple[int, int]:
    """Return how many counts from 1 to under the threshold there are, and of how many two values at most are likely."""
    small = [cell for cell in likely if 0 < true.get(cell, 0) < under]
    return len(small), sum(len(likely[cell]) <= 2 for cell in small)


def _chances(figure: int, method: str) -> np.ndarray:
    """The logarithm of how likely each true sum is printed as this figure."""
    sums = np.arange(_MOST)
    away = np.abs(figure - sums)
    if method == METHOD:
        table = noise_table().chances
        change = np.clip(figure - sums + DEVIATION, 0, 2 * DEVIATION)
        chance = np.where(away <= DEVIATION, table[np.minimum(sums, len(table) - 1), change], 0.0)
    elif method.startswith("ROUNDED"):
        chance = np.maximum(1 - away / 5, 0.0)
    else:
        chance = (away == 0).astype(float)
    return np.where(chance > 1e-11, np.log(np.maximum(chance, 1e-11)), _IMPOSSIBLE - 5.0 * away)


def _start(holds: np.ndarray, figures: np.ndarray) -> np.ndarray:
    counts = np.zeros(holds.shape[1], dtype=np.int64)
    for row in np.flatnonzero(holds.sum(axis=1) == 1):
        counts[int(holds[row].argmax())] = figures[row]
    return counts


def _moves(categories: Sequence[Sequence[str]]) -> list[list[tuple[int, int]]]:
    shape = [len(one) for one in categories]
    places = np.arange(int(np.prod(shape))).reshape(shape)
    moves = [[(int(place), sign)] for place in places.flat for sign in (1, -1)]
    moves += [[(int(a), 1), (int(b), -1)] for a, b in itertools.permutations(places.flat, 2)]
    for first, second in itertools.combinations(range(len(shape)), 2):
        across = np.moveaxis(places, (first, second), (0, 1)).reshape(shape[first], shape[second], -1)
        for (a, b), (c, d) in itertools.product(
            itertools.permutations(range(shape[first]), 2), itertools.combinations(range(shape[second]), 2)
        ):
            for e in range(across.shape[2]):
                quad = ((across[a, c, e], 1), (across[a, d, e], -1), (across[b, c, e], -1), (across[b, d, e], 1))
                moves.append([(int(place), sign) for place, sign in quad])
    return moves


def _walk(
    moves: Sequence[Sequence[tuple[int, int]]],
    holds: np.ndarray,
    chances: np.ndarray,
    counts: np.ndarray,
    steps: int,
    random: np.random.Generator,
) -> np.ndarray:
    """How often each cell had each count."""
    sums = holds @ counts
    visited = np.zeros((len(counts), 64))
    kinds: dict[int, list[int]] = {}
    for place, move in enumerate(moves):
        kinds.setdefault(len(move), []).append(place)
    for step in range(steps):
        kind = kinds[int(random.choice(list(kinds)))]
        move = moves[kind[int(random.integers(len(kind)))]]
        if all(counts[place] + sign >= 0 for place, sign in move):
            change = sum(holds[:, place] * sign for place, sign in move)
            rows = np.flatnonzero(change)
            gain = (chances[rows, sums[rows] + change[rows]] - chances[rows, sums[rows]]).sum()
            if np.log(random.random()) < gain:
                for place, sign in move:
                    counts[place] += sign
                sums = sums + change
        if step > steps // 4 and step % 5 == 0:
            visited[np.arange(len(counts)), np.minimum(counts, 63)] += 1
    return visited / visited.sum(axis=1, keepdims=True)


def _nine_tenths(shares: np.ndarray) -> set[int]:
    order = np.argsort(shares)[::-1]
    most = int((np.cumsum(shares[order]) < 0.9).sum()) + 1
    return {int(count) for count in order[:most]}
