"""The language of a command's output: the one that was named, else English.

Belongs here: choosing it and loading its texts. Does not belong here: the option that names it (`cli_options.py`).
"""

from __future__ import annotations

from languages.words import Words

_language = {"tag": "en", "asked": ""}


def begin(tag: str | None) -> str | None:
    """Start a command in English, unless a language is named. Returns the name, as an option's callback must."""
    _language.update(tag="en", asked="")
    speak(tag)
    return tag


def speak(tag: str | None) -> None:
    """Use a language from now on, if one is named.

    Raises:
        Refusal: as `Words.load` for an unknown language.
    """
    if tag:
        _language["tag"] = _language["asked"] = Words.load(tag).tag


def named_language() -> str | None:
    """Return the language that was named; None if none was, and a page then uses its sender's."""
    return _language["asked"] or None


def words() -> Words:
    """Return the texts of the chosen language."""
    return Words.load(_language["tag"])
