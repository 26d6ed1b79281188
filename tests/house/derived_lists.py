"""Lists that dbt needs, derived from cards and catalogues: `make lists` writes them, a house test asks.

Belongs here: the indicators by name (a test of all of them must name what it reads), the exposures (which models stand
behind which published dataset and the report), the page of definitions. Does not belong here: the
reviewed graph (`tests/assets/test_graph.py`).
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import yaml

from docs.machinery import indicator_page

HOUSE = Path(__file__).resolve().parents[2]
PROJECT = HOUSE / "dbt_project"
DATASETS = HOUSE / "expectations" / "datasets"
GRAPH = HOUSE / "tests" / "assets" / "graph.jsonl"
_NAMES = """{{#- The indicators by name, sorted, one a line, each with its tags: a test of all of them has to name what
    it reads while dbt still reads the project. `make lists` writes this file from the folder `models/indicators`. -#}}
{{% macro indicator_tags() -%}}
{{{{ return({{
{lines}
}}) }}}}
{{%- endmacro %}}
"""
_EXPOSURES = """version: 2

# What leaves the house, and the indicators behind it. `make lists` writes this file: an indicator names its datasets, a
# dataset never lists its indicators.
exposures:
"""


def derived_lists() -> dict[Path, str]:
    """Return the files that are derived from the cards, with what each must hold."""
    configs = {path.stem: _config(path) for path in sorted((PROJECT / "models" / "indicators").rglob("ind_*.yml"))}
    cards = {name: config["meta"] for name, config in configs.items()}
    lines = ",\n".join(f"    '{name}': {configs[name].get('tags', [])}" for name in sorted(configs))
    return {
        PROJECT / "macros" / "indicator_tags.sql": _NAMES.format(lines=lines),
        PROJECT / "models" / "exposures.yml": _EXPOSURES + "\n".join(_exposures(cards)),
        indicator_page.PAGE: indicator_page.indicator_page(cards.values()),
    }


def stale_lists() -> list[str]:
    """Return the names of the lists that are older than the cards; of the reviewed graph, whether it lacks a model."""
    stale = [path.name for path, content in derived_lists().items() if path.read_text(encoding="utf-8") != content]
    models = {path.stem for path in (PROJECT / "models" / "indicators").rglob("ind_*.yml")}
    known = {json.loads(line)["name"] for line in GRAPH.read_text(encoding="utf-8").splitlines()}
    return [*stale, *([] if models <= known else [GRAPH.name])]


def _exposures(cards: dict[str, dict[str, Any]]) -> Iterable[str]:
    for path in sorted(DATASETS.glob("*.yml")):
        dataset = yaml.safe_load(path.read_text(encoding="utf-8"))
        behind = [name for name in sorted(cards) if path.stem in cards[name]["datasets"]]
        kind = "Released as Parquet and CSV, after protection and a passing verdict"
        yield _exposure(path.stem, dataset["title"], "analysis", f"{kind}.", dataset["contact"]["name"], behind)
    kind = (
        "The report in Arabic, Sorani Kurdish and English: PDF, pages, workbook and explorer, of released files only."
    )
    owner = "Editors of the task force"
    yield _exposure("annual_report", "Annual report", "dashboard", kind, owner, sorted(cards))


def _exposure(name: str, label: str, kind: str, description: str, owner: str, models: list[str]) -> str:
    lines = "".join(f"\n      - ref('{model}')" for model in models)
    return (
        f"  - name: {name}\n    label: {label!r}\n    type: {kind}\n    maturity: high\n"
        f"    description: {description!r}\n"
        f"    owner: {{name: {owner!r}}}\n    depends_on:{lines}\n"
    )


def _config(path: Path) -> dict[str, Any]:
    return yaml.safe_load(path.read_text(encoding="utf-8"))["models"][0]["config"]


def rewrite(path: Path, content: str) -> None:
    """Write a derived list, and say whether that changed it."""
    changed = path.read_text(encoding="utf-8") != content
    path.write_text(content, encoding="utf-8")
    sys.stdout.write(f"{'changed  ' if changed else 'unchanged'} {path.relative_to(HOUSE)}\n")


if __name__ == "__main__":
    for file, content in derived_lists().items():
        rewrite(file, content)
