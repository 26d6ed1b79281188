"""Lists that dbt or the door needs, derived from cards and catalogues: `make lists` writes them, a house test asks.

Belongs here: the indicators by name (a test of all of them must name what it reads), the exposures (which models stand
behind which published dataset and the report), the words of ours that may stand in a sender's workbook, the page of
definitions. Does not belong here: the reviewed graph (`tests/assets/test_graph.py`).
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from docs.machinery import indicator_page
from ingestion.personal.ordinary_words import GATHERED, gathered_words, words_gathered_from
from ingestion.privacy.house_texts import WRITTEN
from languages import catalogue
from languages.words import languages

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


_GATHERED = """# Words of our own catalogues and cards, folded: they explain the same word of a sender.
# `make lists` adds those of cards and of messages that may stand in a workbook which comes back.
# It takes none out, and adds no word of a page.

[gathered]
"""


def derived_lists() -> dict[Path, str]:
    """Return the files that are derived from the cards, with what each must hold."""
    configs = {path.stem: _config(path) for path in sorted((PROJECT / "models" / "indicators").rglob("ind_*.yml"))}
    cards = {name: config["meta"] for name, config in configs.items()}
    lines = ",\n".join(f"    '{name}': {configs[name].get('tags', [])}" for name in sorted(configs))
    return {
        PROJECT / "macros" / "indicator_tags.sql": _NAMES.format(lines=lines),
        PROJECT / "models" / "exposures.yml": _EXPOSURES + "\n".join(_exposures(cards)),
        GATHERED: _GATHERED + "".join(f"{word}\n" for word in sorted(gathered_words() | _words_of_workbooks())),
        indicator_page.PAGE: indicator_page.indicator_page(cards.values()),
    }


def _words_of_workbooks() -> frozenset[str]:
    """Return the words of cards, and of messages that may stand in a workbook which comes back."""
    folder = HOUSE / "ingestion"
    files = [
        *folder.glob("shapes/*.yml"),
        *folder.glob("sources/*/source.yml"),
        folder / "cards" / "headings.yml",
        *(path for path in folder.glob("codes/*.yml") if path.name not in ("governorate.yml", "citizenship.yml")),
    ]
    read = (catalogue.read_catalogue(path) for path in map(catalogue.catalogue_path, languages()))
    messages = [one for each in read for key, one in each.messages.items() if key.startswith((*WRITTEN, "code."))]
    texts = [text for message in messages for text in (*message.english, *message.text)]
    cards = (text for path in files for text in _strings(yaml.safe_load(path.read_text(encoding="utf-8"))))
    return words_gathered_from([*cards, *texts])


def _strings(node: object) -> Iterator[str]:
    """Yield the keys and texts of a card; a comment is nobody's word, and must explain none."""
    if isinstance(node, Mapping):
        yield from (text for part in (*node.keys(), *node.values()) for text in _strings(part))
    elif isinstance(node, Sequence) and not isinstance(node, str):
        yield from (text for part in node for text in _strings(part))
    elif isinstance(node, str):
        yield node


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
