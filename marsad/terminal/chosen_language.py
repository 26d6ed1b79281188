"""The language in which a command answers: the one that was named, else English.

Belongs here: choosing it and the words of it. Does not belong here: the option that names it (`cli_options.py`).
"""

from __future__ import annotations

from languages.words import Words

_language = {"tag": "en", "asked": ""}


def begin(tag: str | None) -> str | None:
    """Begin a command: English, unless a language is named. Returns the name, as an option's callback must."""
    _language.update(tag="en", asked="")
    speak(tag)
    return tag


def speak(tag: str | None) -> None:
    """Answer in a language from now on, if one is named.

    Raises:
        Refusal: what `Words.load` raises for a language that is not there.
    """
    if tag:
        _language["tag"] = _language["asked"] = Words.load(tag).tag


def named_language() -> str | None:
    """Return the language that somebody named; None if nobody did, and a page then speaks its sender's."""
    return _language["asked"] or None


def words() -> Words:
    """Return the words of the language that was chosen."""
    return Words.load(_language["tag"])
