"""YAML that somebody typed, read strictly: plain values, each key once, one error for whatever is wrong.

Belongs here: the loader. Does not belong here: what a file must hold (its schema), the cards of senders, whose places
the sender's own reader names (`cards/source_card.py`).
"""

from __future__ import annotations

from typing import Any

import yaml


class _UniqueKeys(yaml.CSafeLoader):
    """A safe loader that refuses a duplicate key: the second would silently replace the first.

    It is the one in C, which refuses a thousand levels; the one in Python takes minutes for 50,000 brackets.
    """

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        """Return the mapping. Raises `yaml.YAMLError` for a duplicate key."""
        keys = [str(key.value) for key, _ in node.value]
        if len(set(keys)) < len(keys):
            raise yaml.YAMLError("a key stands twice")
        return super().construct_mapping(node, deep)


def parse_yaml(data: str | bytes) -> Any:  # noqa: ANN401 - whatever YAML can hold
    """Return the content of a YAML text that somebody typed.

    Raises:
        ValueError: it is no YAML in UTF-8, nests deeper than any of ours, names a key twice, or holds something that is
            written like a date, a number or a tag and is none: the library has many errors for that.
    """
    try:
        text = data.decode("utf-8") if isinstance(data, bytes) else data
        return yaml.load(text, _UniqueKeys)  # noqa: S506 - a safe loader
    except (yaml.YAMLError, ArithmeticError, AttributeError, LookupError, RecursionError, TypeError) as error:
        raise ValueError("no YAML") from error
