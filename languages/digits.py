"""The three digit systems of senders and editors: Latin, Arabic-Indic and Persian, with their separators.

Belongs here: the one table of digits, which readers of cells, texts and pages share.
Does not belong here: how a number is written for a reader (`numbers.py`) or what a number means.
"""

from __future__ import annotations

LATIN, ARABIC, PERSIAN = "0123456789", "٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹"
ANY_DIGIT = "0-9٠-٩۰-۹"
"""For a character class, instead of `\\d`, which in Python also matches digits of scripts that nobody uses here."""

TO_LATIN = str.maketrans(ARABIC + PERSIAN, LATIN * 2)
"""Digits only."""
TO_ARABIC = str.maketrans(LATIN, ARABIC)
"""Digits only: for years and dates, which have no separators."""
NUMBERS_TO_LATIN = TO_LATIN | str.maketrans("٬٫٪", ",.%")
"""Digits, the separators of thousands and decimals, the per cent sign."""
NUMBERS_TO_ARABIC = TO_ARABIC | str.maketrans(",.%", "٬٫٪")
