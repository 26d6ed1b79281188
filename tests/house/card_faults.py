"""What is wrong with the card of an indicator, each as one line: file, line, what is wrong, what to add or change.

Belongs here: the rules over a card of dbt's manifest, with the line that a stranger has to open. Does not belong here:
rules over several models at once (`test_manifest.py`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any

HOUSE = Path(__file__).resolve().parents[2]
TEXTS = {"code", "title_en", "definition_en", "numerator", "denominator", "law_article", "analogue"}
CHOICES = {"pillar", "unit_measure", "basis", "holders", "demand", "dimensions", "datasets", "caveats"}
KEYS = TEXTS | CHOICES | {"relations", "derived"}
OPTIONAL_KEYS = {"level", "breakdown", "first_year", "adds_up", "minimum_facts", "given_up"}
NEVER_EMPTY = ("holders", "demand", "datasets", "caveats")
Node = Mapping[str, Any]


def card_file(node: Node) -> str:
    """Return the card of a model, as the project names it."""
    return "dbt_project/" + str(Path(node["original_file_path"]).with_suffix(".yml"))


def place_of(node: Node, word: str) -> str:
    """Return `file:line` of the first line of a card that holds a word; of a word that is nowhere, of its `meta`."""
    path = HOUSE / card_file(node)
    lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
    for wanted in (word, "meta:"):
        if number := next((number for number, line in enumerate(lines, 1) if wanted in line), 0):
            return f"{card_file(node)}:{number}"
    return f"{card_file(node)}:1"


def incomplete(node: Node) -> Iterator[str]:
    """Yield what a card lacks, or holds though no card does."""
    card = node["config"]["meta"]
    for key in sorted(KEYS - set(card)):
        yield f"{place_of(node, 'meta:')}: the card has no `{key}`: add it under `meta`"
    for key in sorted(set(card) - KEYS - OPTIONAL_KEYS):
        yield f"{place_of(node, f'{key}:')}: no card has a key `{key}`: take it out, or name one of {_listed(KEYS)}"
    for key in sorted(TEXTS & set(card)):
        if not (isinstance(card[key], str) and card[key].strip()):
            yield f"{place_of(node, f'{key}:')}: `{key}` is no text: write one"
    for key in NEVER_EMPTY:
        if key in card and not card[key]:
            yield f"{place_of(node, f'{key}:')}: `{key}` is empty: name at least one"


def foreign_words(node: Node, allowed: Mapping[str, Collection[str]]) -> Iterator[str]:
    """Yield the words of a card that its vocabularies do not hold.

    Args:
        node: of the indicator.
        allowed: key of the card -> what may stand there, alone or in a list.
    """
    card = node["config"]["meta"]
    for key, words in allowed.items():
        said = card.get(key, [])
        for word in [said] if isinstance(said, str) else said:
            if word not in words:
                yield f"{place_of(node, f'{key}:')}: `{key}` says {word!r}: write one of {_listed(words)}"


def unknown_measures(node: Node, known: Collection[str]) -> Iterator[str]:
    """Yield the relations and figures of a card that name a measure which no indicator counts.

    Args:
        node: of the indicator.
        known: `<code>/<measure>` of all that are counted.
    """
    card = node["config"]["meta"]
    ends = ("numerator", "denominator", "left", "right")
    figures = [[derived[end] for end in ends if end in derived] for derived in card["derived"]]
    wholes = [(f"{card['code']}/{relation['measure']}", relation["of"]) for relation in card["relations"]]
    for key, groups in (("relations:", wholes), ("derived:", figures)):
        for named in sorted({name for group in groups for name in group} - set(known)):
            yield f"{place_of(node, key)}: {named} is counted by no model: correct it, or count it there"
    if not all(figures):
        place = place_of(node, "derived:")
        yield f"{place}: a figure of nothing: add `numerator` and `denominator`, or `left` and `right`"
    for kind in sorted({relation["kind"] for relation in card["relations"]} - {"subset", "partition"}):
        yield f"{place_of(node, 'relations:')}: the kind {kind!r}: write subset or partition"


def untested_relations(node: Node, tests: Collection[Node], model_of: Mapping[str, str]) -> Iterator[str]:
    """Yield the relations of a card that no test `part_of` of its model asks.

    Args:
        node: of the indicator.
        tests: all tests of the manifest.
        model_of: code -> model of every indicator.
    """
    asked = [
        {"kind": "subset", "at": {}, "part": {}} | test["test_metadata"]["kwargs"]
        for test in tests
        if test.get("attached_node") == node["unique_id"] and test["test_metadata"]["name"] == "part_of"
    ]
    for relation in node["config"]["meta"]["relations"]:
        code, measure = relation["of"].split("/")
        wanted = {"measure": relation["measure"], "whole_measure": measure, "kind": relation["kind"]}
        wanted |= {key: relation.get(key, {}) for key in ("at", "part")}
        same = [arguments for arguments in asked if wanted.items() <= arguments.items()]
        if not any(model_of[code] in arguments["whole"] for arguments in same):
            shown = {"whole": f"ref('{model_of[code]}')", **{key: value for key, value in wanted.items() if value}}
            written = ", ".join(f"{key}: {value}" for key, value in shown.items())
            yield (
                f"{place_of(node, 'data_tests:')}: the relation to {relation['of']} is not tested:"
                f" add `- part_of: {{arguments: {{{written}}}}}` under `data_tests`"
            )


def _listed(words: Collection[str]) -> str:
    return ", ".join(sorted(words))
