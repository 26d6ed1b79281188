"""The three digit systems of senders and editors: Latin, Arabic-Indic and Persian, with their separators.

Belongs here: the one table of digits, which readers of cells, texts and pages share.
Does not belong here: how a number is written for a reader (`numbers.py`) or what a number means.
"""

from __future__ import annotations

LATIN, ARABIC, PERSIAN = "0123456789", "٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹"
ANY_DIGIT = "0-9٠-٩۰-۹"
"""Of a character class: what `\\d` is here. Python's own also takes the digits of scripts that nobody writes in."""

TO_LATIN = str.maketrans(ARABIC + PERSIAN, LATIN * 2)
"""Digits alone."""
TO_ARABIC = str.maketrans(LATIN, ARABIC)
"""Digits alone: years and dates, which have no separators."""
NUMBERS_TO_LATIN = TO_LATIN | str.maketrans("٬٫٪", ",.%")
"""Digits, the separators of thousands and decimals, the sign of per cent."""
NUMBERS_TO_ARABIC = TO_ARABIC | str.maketrans(",.%", "٬٫٪")
