"""What the series key draws is fixed: a rename that changed a draw would print other figures for the same counts.

A reader who has two roundings of one unchanged count intersects them (attack 16). So every text that is signed with the
series key is made of codes that are never renamed: measures, areas, categories, years, units, persons. No name of a
column, a state, a file, a module or a command is among them. `golden/keyed_values.txt` was written before any rename.

Write it anew, only where a method of protection changes on purpose and a decision says so:
`PYTHONPATH=. python tests/expectations/test_keyed_values.py`.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from expectations.cards.cells import KEY, keys_of
from expectations.protection.late_cases import late_lines
from expectations.published import ledger
from expectations.published.rounding_key import check_value
from ingestion.home import Home
from methods.medians import median_of_bands
from tests.expectations import toy_home

GOLDEN = Path(__file__).parent / "golden" / "keyed_values.txt"


def _figures(rows: pd.DataFrame) -> Iterator[str]:
    for key, value, method in zip(keys_of(rows), rows["obs_value"], rows["disclosure_method"], strict=True):
        yield f"{key} {value:g} {method}"


def _released(home: Home) -> Iterator[str]:
    frames = [
        ledger.read_last_cells(home, ledger.entries(home, dataset))
        for dataset in ("four_ps_governorate", "four_ps_national")
    ]
    rows = pd.concat([frame for frame in frames if frame is not None]).drop_duplicates(list(KEY))
    yield from _figures(rows[rows["disclosure_method"].str.startswith(("ROUNDED", "EXACT"))].sort_values(list(KEY)))


def _late(key: bytes) -> Iterator[str]:
    for total in range(11, 40):
        years = [*([9] * (total // 9)), total % 9]
        (line,) = late_lines([("VICTIM", str(2000 + place), late) for place, late in enumerate(years)], key)
        yield f"{total} {line.said} {line.value}"


def lines(home: Home) -> Iterator[str]:
    """All that the public key of an invented home draws, as text."""
    key = home.series_key
    yield f"# check value of the key\n{check_value(key)}"
    yield "# cases that came late"
    yield from _late(key)
    yield "# limits of a median, drawn from its label"
    edges = (0, 8, 31, 91, 181, 366, 731)
    median = median_of_bands([3, 9, 14, 20, 5, 2], edges, label="PRS-10/MEDIAN|PRS-10|IQ-FED|2024")
    yield f"{median.value:g} {median.lower:g} {median.upper:g}"
    yield "# released figures: key of the cell, figure, method"
    yield from _released(home)


def test_no_rename_changes_a_rounded_figure_or_a_ledger_key(released: Home):
    assert list(_split(lines(released))) == GOLDEN.read_text(encoding="utf-8").splitlines()


def _split(found: Iterator[str]) -> Iterator[str]:
    for line in found:
        yield from line.splitlines()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        made = toy_home.build(Home(Path(folder) / "home").open(invented=True))
        toy_home.publish(made)
        GOLDEN.write_text("\n".join(_split(lines(made))) + "\n", encoding="utf-8")
