"""Ten countries of each kind whose true number is known, and what the estimate says of them: a table and a picture.

Here: the runs, the table, the picture of `docs/methods/multiple_systems.md`. Not here: how a country is made, and cover
over many of them (`hidden_part_runs.py`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from methods.multiple_systems.hidden_part import EstimateOrder, estimate_hidden_part
from methods.multiple_systems.told_estimate import ToldEstimate, publishable_estimate
from tests.methods.multiple_systems.hidden_part_runs import WORLDS, Country, hash_of_code

LISTS, PERSONS, REPLICATES = 5, 1_500, 300
SEEDS = range(1, 11)
PICTURE = Path(__file__).resolve().parents[3] / "docs" / "pictures" / "estimate_against_truth.svg"
_WIDTH, _LEFT, _TOP, _STEP, _GAP = 760, 170, 40, 16, 26
_MOST = 2_500


@dataclass(frozen=True)
class KnownCountry:
    """One country: its kind, its seed, how many of its persons a list holds, and what is told of it."""

    world: str
    seed: int
    seen: int
    told: ToldEstimate | None

    @property
    def row(self) -> str:
        """Its line of the table."""
        if self.told is None:
            return f"| {self.world} | {self.seed} | {self.seen} | refused | | | |"
        one = self.told
        holds = "yes" if one.lower95 <= PERSONS <= one.upper95 else "no"
        limits = f"{one.lower95:,} to {one.upper95:,}"
        return (
            f"| {self.world} | {self.seed} | {self.seen} | {one.estimate:,} | {limits} | {one.chao_lower:,} | {holds} |"
        )


def known_country(world: str, seed: int) -> KnownCountry:
    """Make a country and estimate it, as the house would tell it of perfect links."""
    table = Country(LISTS, PERSONS, world).table(np.random.default_rng(seed))
    found = estimate_hidden_part(table, EstimateOrder(replicates=REPLICATES, seed=seed, linkage="of_others"))
    return KnownCountry(world, seed, table.observed, publishable_estimate(found))


def report(_runs: int, _seed: int) -> Iterator[str]:
    """Yield the table, and draw the picture; the seeds are `SEEDS`, so that each row can be made again."""
    yield f"code {hash_of_code()}:\n"
    found = [known_country(world, seed) for world in WORLDS for seed in SEEDS]
    yield "| world | seed | seen | estimate | 95 % interval | Chao's bound | holds 1,500 |"
    yield "|---|---:|---:|---:|---:|---:|---|"
    yield from (one.row for one in found)
    PICTURE.write_text(drawn(found), encoding="utf-8")


def drawn(found: Sequence[KnownCountry]) -> str:
    """Return the picture: each country a dot with its interval, the truth a line."""
    height = _TOP + len(found) * _STEP + len(WORLDS) * _GAP + 30
    said = f"Estimates of {len(found)} invented countries of {PERSONS:,} persons each, with their intervals."
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" role="img" aria-label="{said}"'
        ' font-family="sans-serif" font-size="13">',
        f'<rect width="{_WIDTH}" height="{height}" fill="#fff"/>',
        f'<line x1="{_at(PERSONS):.0f}" x2="{_at(PERSONS):.0f}" y1="{_TOP - 14}" y2="{height - 30}" stroke="#c0392b"/>',
        f'<text x="{_at(PERSONS):.0f}" y="{_TOP - 20}" text-anchor="middle" fill="#c0392b">truth {PERSONS:,}</text>',
    ]
    at = _TOP
    for world in WORLDS:
        own = [one for one in found if one.world == world]
        parts.append(f'<text x="10" y="{at + len(own) * _STEP / 2:.0f}" fill="#222">{world}</text>')
        for one in own:
            parts += _country(one, at)
            at += _STEP
        at += _GAP
    parts += [
        f'<text x="{_at(persons):.0f}" y="{height - 10}" text-anchor="middle" fill="#222">{persons:,}</text>'
        for persons in range(0, _MOST + 1, 500)
    ]
    return "\n".join([*parts, "</svg>", ""])


def _country(one: KnownCountry, at: float) -> list[str]:
    if one.told is None:
        return [f'<text x="{_LEFT}" y="{at + 4:.0f}" fill="#777" font-size="11">refused</text>']
    low, high = _at(one.told.lower95), _at(min(one.told.upper95, _MOST))
    return [
        f'<line x1="{low:.0f}" x2="{high:.0f}" y1="{at:.0f}" y2="{at:.0f}" stroke="#1f4e79" stroke-width="2"/>',
        f'<circle cx="{_at(one.told.estimate):.0f}" cy="{at:.0f}" r="4" fill="#1f4e79"/>',
    ]


def _at(persons: float) -> float:
    return _LEFT + persons / _MOST * (_WIDTH - _LEFT - 30)
