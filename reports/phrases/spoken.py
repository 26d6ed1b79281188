"""The words of an edition: those of the catalogue with the digits that its readers use.

Belongs here: changing digits that a translator typed into a text (`28/2012`, `100,000`). Arguments have the right
digits already; codes, names and addresses in Latin letters keep theirs.
Does not belong here: texts (`languages/en.yml`), numbers of the release (`languages/numbers.py`).
"""

from __future__ import annotations

import re
from functools import cache

from languages.numbers import digits
from languages.words import Words

# a number that neither follows nor precedes a Latin letter, a placeholder or a name in Latin letters
_OWN_NUMBER = re.compile(r"(?<![A-Za-z{}\-_/\d.,])(?<![A-Za-z] )\d+(?:[.,/\-–]\d+)*%?(?![A-Za-z{}_\d])(?! [A-Za-z])")


class Spoken(Words):
    """Words whose own texts use the digits of their language."""

    def _forms(self, key: str) -> tuple[str, ...]:
        return _write_numbers(super()._forms(key)) if self.numerals == "arab" else super()._forms(key)


def words_of_edition(words: Words) -> Spoken:
    """Return the words of an edition; those of a language with Latin digits are unchanged."""
    return Spoken(**vars(words))


@cache
def _write_numbers(forms: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(_OWN_NUMBER.sub(lambda match: _number(match[0]), form) for form in forms)


def _number(text: str) -> str:
    """Return a number with the separators of its digits: the Arabic thousands separator and percent sign."""
    thousands = re.sub(r"(?<=\d),(?=\d{3}\b)", "٬", text)
    return digits(thousands.replace("%", "٪"), "arab")
