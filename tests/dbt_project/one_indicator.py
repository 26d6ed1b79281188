"""Build one indicator with its tests, over a small invented country: `make indicator NAME`.

Belongs here: what has to be built for it, and showing the author what it counted. Does not belong here: the rows
(`small_country.py`). What was parsed stays under `build/`, so that a second run starts at once.
"""

from __future__ import annotations

import difflib
import shutil
import sys
from pathlib import Path
from typing import Any

import yaml

from tests.dbt_project.invented_raw import HOUSE, PROJECT, RawFiles, Warehouse, build
from tests.dbt_project.small_country import land_small_country
from tests.house.derived_lists import derived_lists, rewrite, stale_lists

FOLDER = HOUSE / "build" / "indicator"
ALWAYS = ("one_row_per_cell", "sound_cells")  # they ask the indicators that a run builds
SHOWN = 20


def cards() -> dict[str, dict[str, Any]]:
    """Return model -> card of every indicator."""
    files = sorted((PROJECT / "models" / "indicators").rglob("ind_*.yml"))
    found = [yaml.safe_load(path.read_text(encoding="utf-8"))["models"][0] for path in files]
    return {str(model["name"]): model["config"]["meta"] for model in found}


def model_named(name: str) -> str:
    """Return the model of an indicator that is named by its model, its code (`PRT-01`), or the end of its name.

    Raises:
        SystemExit: with the nearest names, where it is none or several.
    """
    known = cards()
    found = [model for model, card in known.items() if name in (model, card["code"]) or model.endswith(f"__{name}")]
    if len(found) == 1:
        return found[0]
    ends = {model.partition("__")[2]: model for model in known}
    near = [ends[end] for end in difflib.get_close_matches(name.rpartition("__")[2], ends, n=3, cutoff=0)]
    sys.exit(f"make indicator: no indicator is named {name!r}. Name one of: {', '.join(near)}")


def built(model: str, folder: Path = FOLDER) -> Warehouse:
    """Build an indicator, what it reads, and the measures that it is a part of; run all tests on them.

    Args:
        model: of the indicator.
        folder: where raw rows, the warehouse and what dbt remembers stand.
    """
    models = {card["code"]: name for name, card in cards().items()}
    wholes = {models[relation["of"].split("/")[0]] for relation in cards()[model]["relations"]}
    shutil.rmtree(folder / "raw", ignore_errors=True)
    raw = RawFiles(folder / "raw")
    land_small_country(raw)
    wanted = [*(f"+{name}" for name in sorted({model} | wholes)), *ALWAYS]
    return build(raw, "--select", *wanted)


def main(words: list[str]) -> None:
    """Build the indicator that is named; show what failed, or what it counted.

    Raises:
        SystemExit: 1 where something failed, after dbt's own words.
    """
    if len(words) != 1:
        sys.exit("make indicator: name one indicator, like: make indicator presumed_victims")
    model = model_named(words[0])
    for path, content in derived_lists().items():
        # A list that dbt reads and that lacks a new indicator lets a model fail that was not asked for.
        if path.is_relative_to(PROJECT) and path.read_text(encoding="utf-8") != content:
            rewrite(path, content)
    warehouse = built(model)
    failed = warehouse.not_passed()
    if failed:
        sys.exit("\n".join(f"{status}: {name}" for name, status in sorted(failed.items())))
    passed = f"{len(warehouse.statuses)} models and tests passed"
    lines = [f"{model}: {passed}. What it counts of the small invented country:"]
    counted = f"select * from {model} where obs_value > 0 order by all limit {SHOWN}"  # noqa: S608 - a name of ours
    for row in warehouse.rows(counted) or [("nothing: its rows hold no such fact; the unit tests do",)]:
        lines.append("  " + " ".join(str(value) for value in row if value != "_T"))
    if stale := stale_lists():
        lines.append(f"{', '.join(stale)}: older than the cards. Run: make lists")
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
