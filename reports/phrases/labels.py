"""The names of codes and columns of a release, in one language or in all complete ones.

Belongs here: from a column and a code to the key of the catalogue. A code without a label is its own label: a release
may hold more codes than Marsad's catalogue has.
Does not belong here: texts, or how a layout writes them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from languages.words import Words, gaps, languages

_KINDS = {
    "ref_area": "code.area",
    "unit_measure": "unit",
    "obs_status": "exchange.status",
    "conf_status": "exchange.confidentiality",
}


def speakers() -> list[Words]:
    """Return the words of every language whose catalogue has no gap, English first."""
    return [Words.load(tag) for tag in languages() if not gaps(tag)]


def in_languages(say: Callable[[Words], str]) -> dict[str, str]:
    """Return the result of `say` for each complete language, English first."""
    return {words.tag: say(words) for words in speakers()}


def code(column: str, value: str, words: Words) -> str:
    """Return the label of a code in a column, or the code itself if it has none.

    Args:
        column: of a release, `sex`.
        value: a code in it, `F`.
        words: of the language.
    """
    if column == "disclosure_method":
        return _method(value, words)
    key = f"{_KINDS.get(column, f'code.{column}')}.{value}"
    if column == "indicator":
        key = f"indicator.{value.lower().replace('-', '_')}.title"
    return words.text(key) if key in words else value


def column(name: str, words: Words) -> str:
    """Return the short label of a column, or its name if it has none."""
    key = f"exchange.column.{name}"
    return words.text(key) if key in words else name


def explanation(name: str, words: Words) -> str:
    """Return a sentence on the content of a column, or its short label if there is no sentence."""
    key = f"notes.column.{name}"
    return words.text(key) if key in words else column(name, words)


def dataset(name: str, package: Mapping[str, object], words: Words) -> str:
    """Return the title of a dataset, or that of its data package if the catalogue has none.

    Args:
        name: of the dataset.
        package: its `datapackage.json`, parsed.
        words: of the language.
    """
    key = f"dataset.{name}.title"
    return words.text(key) if key in words else str(package.get("title", name))


def _method(value: str, words: Words) -> str:
    """Return the text of a method: `ROUNDED_5` is the method ROUNDED with the number 5."""
    stem, _, number = value.partition("_")
    key = f"exchange.method.{stem}"
    if key not in words:
        return value
    numbers = {"number": int(number), "less": int(number) - 1} if number.isdecimal() else {}
    return words.text(key, **numbers)
