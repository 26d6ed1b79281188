"""Parsing a gettext .po file into entries, fast enough for `marsad check` to answer within half a second.

Belongs here: the syntax of the file. Does not belong here: what an entry means to us (`catalogue.py`).

Babel reads the same files (`tests/languages` compares the two), but loading its reader takes half as long again as all
else that the first result needs, because it includes dates and the world's time zones.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

_STRING = re.compile(r'()"((?:[^"\\]|\\.)*)"')
_NAMED = re.compile(r'(msgctxt|msgid|msgid_plural|msgstr(?:\[\d+\])?)\s*"((?:[^"\\]|\\.)*)"')
_ESCAPE = re.compile(r'\\([\\trn"])')
_ESCAPED = {"t": "\t", "r": "\r", "n": "\n"}
_NO_COMMENTS = ("#.", "#:", "#|", "#~")  # by programs; previous texts; obsolete


@dataclass
class PoEntry:
    """One entry as written in the file.

    Attributes:
        key: `msgctxt`, in a list of one; empty if there is none.
        english: `msgid`, and `msgid_plural` if the entry has one.
        text: `msgstr`, or each `msgstr[n]` in order.
        comments: of translators.
        is_fuzzy: whether the entry has that flag.
    """

    key: list[str] = field(default_factory=list[str])
    english: list[str] = field(default_factory=list[str])
    text: list[str] = field(default_factory=list[str])
    comments: list[str] = field(default_factory=list[str])
    is_fuzzy: bool = False


def entries(text: str) -> Iterator[PoEntry]:
    """Yield the entries of a .po file, its header too (whose `msgid` is empty); obsolete ones are left out.

    Raises:
        ValueError: a line that is no part of an entry, with its number.
    """
    entry, strings = PoEntry(), list[str]()
    for number, line in enumerate(map(str.strip, text.split("\n")), start=1):
        if not line:
            continue
        if line[0] == '"' and strings and (match := _STRING.fullmatch(line)):
            strings[-1] += _unescape(match[2])
            continue
        match = _NAMED.fullmatch(line)
        if not match and line[0] != "#":
            raise ValueError(f"line {number}: {line}")
        if entry.text and (not match or match[1] in ("msgctxt", "msgid")):
            yield entry
            entry = PoEntry()
        strings = _begin(entry, match[1], _unescape(match[2])) if match else _note(entry, line)
    if entry.text:
        yield entry


def _begin(entry: PoEntry, name: str, text: str) -> list[str]:
    """Store the first part of a string, and return its list, to which the parts on the following lines are appended."""
    strings = entry.key if name == "msgctxt" else entry.english if name.startswith("msgid") else entry.text
    strings.append(text)
    return strings


def _note(entry: PoEntry, line: str) -> list[str]:
    if line.startswith("#,"):
        entry.is_fuzzy = "fuzzy" in (flag.strip() for flag in line[2:].split(","))
    elif not line.startswith(_NO_COMMENTS):
        entry.comments.append(line[1:].strip())
    return []


def _unescape(text: str) -> str:
    return _ESCAPE.sub(lambda match: _ESCAPED.get(match[1], match[1]), text) if "\\" in text else text
