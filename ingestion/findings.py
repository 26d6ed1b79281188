"""Findings of the entry check: each has a kind and a place, never a personal value.

Belongs here: the record of one finding and the notation of a cell's place. Its texts are in the catalogues under
`finding.<kind>` and `finding.<kind>.remedy`.
Does not belong here: any rule that raises a finding (`guard.py`, `reader.py`, `row_checks.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

from languages import dates
from languages.numbers import digits
from languages.words import Words, isolate, placeholders

Severity = Literal["refuse", "quarantine", "flag"]
"""The effect of a finding: refuse the whole file, quarantine the row, or flag the cell."""

SEVERITIES: tuple[Severity, ...] = ("refuse", "quarantine", "flag")
"""The order in which findings are reported: the worst first."""

ExpectedAs = Literal["adds_up", "nearest", "wanted", "example"]
"""What a finding expects: the sum of the parts, a known word near the one read, this very name, or the like of it."""

_AS_TYPED = frozenset(
    {
        "column",
        "correction",
        "expected",
        "nearest",
        "stated",
        "computed",
        "submission",
        "field",
        "kind",
        "read",
    }
    | {"first", "looks_like"}
)
"""Arguments that are said as they stand in a file or in a register; all others are the house's own."""
_NO_ARGUMENTS: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True)
class Finding:
    """One thing that the entry check found.

    Args:
        severity: its effect on the file or the row.
        kind: key of the closed vocabulary, e.g. `unknown_code`; the catalogue holds its text.
        sheet: as the house names it: the card's word, else `#2`; empty for the whole file.
        cell: address like `C7`, empty for the whole sheet or file.
        arguments: values for the placeholders of the message. Never a personal value.
        cells: sheet and cell of each place, if one finding concerns several; the first is `sheet` and `cell`.
    """

    severity: Severity
    kind: str
    sheet: str = ""
    cell: str = ""
    arguments: Mapping[str, str] = field(default_factory=lambda: _NO_ARGUMENTS)
    cells: tuple[tuple[str, str], ...] = ()

    @property
    def read(self) -> str:
        """The text read there, if it may be shown: a date, a short number, the sender's total."""
        return self._first_argument("read", "stated")

    @property
    def expected(self) -> str:
        """What was expected there: the heading, the computed total, the nearest known word, an example."""
        return self._first_argument("expected", "computed", "nearest")

    @property
    def expected_as(self) -> ExpectedAs:
        """What the expected text is: only an example must never be taken for what the cell should hold."""
        if "computed" in self.arguments:
            return "adds_up"
        if "nearest" in self.arguments and self.kind != "header_missing":
            return "nearest"
        return "example" if "column" in self.arguments else "wanted"

    def as_json(self) -> dict[str, str]:
        """Return severity, kind, sheet and cell; the caller adds the message in the reader's language."""
        return {"severity": self.severity, "kind": self.kind, "sheet": self.sheet, "cell": self.cell}

    def _first_argument(self, *names: str) -> str:
        return next((self.arguments[name] for name in names if name in self.arguments), "")


def finding_in_words(finding: Finding, words: Words) -> tuple[str, str]:
    """Return what is wrong and what to do, in the language of `words`.

    A kind may have another text if no known word is near (`finding.<kind>.alone`), and for what the place looks like
    (`finding.<kind>.signature`, by the argument `looks_like`).
    """
    key = f"finding.{finding.kind}"
    form = finding.arguments.get("looks_like") or ("" if finding.arguments.get("nearest") else "alone")
    own = f"{key}.{form}" if f"{key}.{form}" in words else key
    own_values = {name: _as_written(value, words) for name, value in finding.arguments.items() if name not in _AS_TYPED}
    arguments = {**finding.arguments, **own_values, **_senders_by_name(finding, words)}
    return words.text(own, **arguments), words.text(f"{own}.remedy", **arguments)


def _as_written(value: str, words: Words) -> str:
    """Return a number in the digits of a language, a day as it writes days, and any other text as it is."""
    return digits(value, words.numerals) if value.isdecimal() else dates.written(words, value)


def sheet_in_words(sheet: str, words: Words) -> str:
    """Return what a person reads of a sheet that findings name; `#2`, whose own name may not be repeated: sheet 2."""
    number = sheet.removeprefix("#")
    return words.text("sheet.number", number=int(number)) if number != sheet and number.isdecimal() else sheet


def place_in_words(sheet: str, cell: str, words: Words) -> str:
    """Return sheet and cell as a person reads them, each in its own direction."""
    return " ".join(isolate(part) for part in (sheet_in_words(sheet, words), cell) if part)


def kind_in_words(kind: str, words: Words) -> tuple[str, str]:
    """Return what a kind of finding means and what to do, where its places and arguments are not known any more.

    A kind whose message has placeholders has another that has none (`finding.<kind>.kind`).

    Returns:
        The message, and the remedy; the remedy is empty if it needs an argument.

    Raises:
        Refusal: `message_missing` for a kind without such a message.
    """
    key = f"finding.{kind}"
    own = f"{key}.kind" if f"{key}.kind" in words else key
    remedy = f"{key}.remedy"
    needs_arguments = bool(placeholders(" ".join(words.messages[remedy].english))) if remedy in words else False
    return words.text(own), "" if needs_arguments else words.text(remedy)


def _senders_by_name(finding: Finding, words: Words) -> dict[str, str]:
    """Return the names of the nearest senders in the language of `words`, each with its value for --source."""
    near = finding.arguments.get("nearest", "")
    if finding.kind != "sender_unknown" or not near:
        return {}
    titles = {source: f"source.{source}.title" for source in near.split(", ")}
    named = (f"{words.text(key)} ({source})" if key in words else source for source, key in titles.items())
    return {"nearest": " / ".join(named)}


def refuses(findings: list[Finding]) -> bool:
    """Return whether any finding refuses the whole file."""
    return any(finding.severity == "refuse" for finding in findings)


def column_letters(column: int) -> str:
    """Return the letters of a 1-based column: 1 is `A`, 27 is `AA`."""
    letters = ""
    while column > 0:
        column, remainder = divmod(column - 1, 26)
        letters = chr(ord("A") + remainder) + letters
    return letters


def cell_name(row: int, column: int) -> str:
    """Return the address of a 1-based row and column: row 7, column 3 is `C7`."""
    return f"{column_letters(column)}{row}"


def row_and_column(cell: str) -> tuple[int, int] | None:
    """Return the 1-based row and column of a cell address: `C7` is row 7, column 3; None for any other text."""
    letters = cell.rstrip("0123456789")
    if not cell[len(letters) :] or not letters.isascii() or not letters.isupper():
        return None
    return int(cell[len(letters) :]), column_number(letters)


def column_number(letters: str) -> int:
    """Return the 1-based number of a column: `A` is 1, `AA` is 27."""
    column = 0
    for letter in letters:
        column = 26 * column + ord(letter) - ord("A") + 1
    return column
