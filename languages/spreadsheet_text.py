"""Texts in files that people open with a spreadsheet program: none of them is run as a formula.

Belongs here: which texts such a program takes for a formula, how a CSV holds them, and the options by which a workbook
holds every text as a text. Does not belong here: writing the files.

What begins like a formula may come from a sender's cell, or from an editor. Where a CSV is
opened, it would fetch an address or start a program with the rights of whoever opened it.
"""

from __future__ import annotations

import re
from typing import Any

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""The letters by which a formula starts in Excel or LibreOffice; the wide ones where a keyboard of East Asia is set."""

WORKBOOK_OPTIONS: dict[str, Any] = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
"""Of xlsxwriter, for each workbook: no text becomes a formula or a link, by whatever method it is written."""

_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?", re.ASCII)


def neutral_text(text: str) -> str:
    """Return a text for a cell of a CSV: an apostrophe stands before what a spreadsheet program would run.

    A number keeps its sign. A lone carriage return becomes a line feed: Python's writer leaves it without quotes, and
    the text behind it would begin a line of its own.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return f"'{text}" if text.startswith(FORMULA_STARTS) and not _NUMBER.fullmatch(text) else text
