"""Compare the two warehouses over many sets of random rows: `python -m tests.second_warehouse.many_seeds 1 20`.

Belongs here: one build a seed, and what differs in it.
Does not belong here: what a run of the suite asks; that is one seed.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from tests.dbt_project.invented_raw import SHAPES, RawFiles, build
from tests.second_warehouse.base_cells import Country
from tests.second_warehouse.comparison import differences, second_cells, warehouse_cells
from tests.second_warehouse.landed_rows import read_landed
from tests.second_warehouse.random_rows import land_at_random

_SHOWN = 4


def main(first: int, last: int) -> None:
    """Print what differs for each seed from `first` to `last`."""
    for seed in range(first, last + 1):
        with tempfile.TemporaryDirectory() as folder:
            raw = RawFiles(Path(folder) / "raw")
            land_at_random(raw, seed)
            warehouse = build(raw, "--exclude-resource-type", "unit_test")
            sys.stdout.write(f"seed {seed}: not passed {warehouse.not_passed()}\n")
            for code, cells in sorted(second_cells(Country(read_landed(raw.root, SHAPES))).items()):
                for line in differences(warehouse_cells(warehouse, code), cells)[:_SHOWN]:
                    sys.stdout.write(f"  {code} {line}\n")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:3]))
