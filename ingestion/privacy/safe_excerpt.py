"""What a finding may repeat from a file: the text read and the text expected, if that is certainly harmless.

Belongs here: the rules by which something typed may be repeated, and the one function that all findings pass.
Does not belong here: whether a value is personal (`personal_data.py`), the texts of findings (`languages`).

A cell may be repeated only if its form proves that it is no person: a date of an event, a short number, a misspelling
of a known word (but of no country: persons are named Jordan and Georgia). Everything else (pseudonymous IDs, ages,
citations, labels, other words) is reported by its place alone, because the privacy checks are a net and not a proof.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cache, lru_cache

from ingestion.cards.headings import all_headings
from ingestion.cards.source_card import FieldCard, load_shape, shape_names, source_names
from ingestion.findings import Finding
from ingestion.personal.identifiers import fold_digits
from ingestion.personal.names import begins_like_name
from ingestion.personal.personal_text import personal_kind
from ingestion.personal.unexplained_words import unexplained_words
from ingestion.privacy.privacy_allowlist import is_heading, is_known
from ingestion.text.folding import is_misspelling, nearest_word

_DATE = re.compile(r"\d{1,2}([/.-])\d{1,2}\1\d{2,4}|\d{4}([/.-])\d{1,2}\2\d{1,2}|\d{4}")
_NUMBER = re.compile(r"[+-]?\d{1,6}([.,]\d{1,3})?")  # seven digits may be a telephone


def read_safely(value: object, field: FieldCard, nearest: str) -> str:
    """Return the text of a cell, if it may be repeated, else an empty string.

    Args:
        value: the cell.
        field: the card of its field.
        nearest: the known word that it misspells, if it is a code.
    """
    text = value.isoformat()[:10] if isinstance(value, datetime.date) else str(value).strip()
    plain = fold_digits(text)
    if field.type in ("date", "year") and _DATE.fullmatch(plain):
        return text
    if field.type in ("year", "integer", "decimal") and _NUMBER.fullmatch(plain):
        return text
    if field.type in ("code", "codes") and field.codes != "citizenship" and _is_misspelling(text, nearest):
        return text
    return ""


def _is_misspelling(text: str, known: str) -> bool:
    if not known or any(letter.isdigit() for letter in text):
        return False
    return is_misspelling(text, known) and not begins_like_name(text) and not personal_kind(text)


HIDDEN = "…"
"""Replaces a text that may not be repeated in a message, except a heading (`safe_argument`)."""

_BETWEEN = re.compile(r"[،,;|]\s+|\s/\s")
_NUMBERED = re.compile(r"#\d+")
_CELL = re.compile(r"[A-Z]{1,3}[1-9]\d{0,6}|…|-")


def make_safe(findings: Iterable[Finding], sheets: Sequence[str]) -> list[Finding]:
    """Return findings that repeat only harmless texts of a file.

    Every finding passes here, so that no rule has to know what may be shown.

    Args:
        findings: what was found.
        sheets: the names of the file's sheets, in their order.
    """
    labels = {name: safe_sheet_name(name, ordinal) for ordinal, name in enumerate(sheets, start=1)}
    return [_make_finding_safe(finding, labels) for finding in findings]


def safe_sheet_name(name: str, ordinal: int) -> str:
    """Return the sheet's name for a finding, or `#2` for the second sheet if the name may not be repeated."""
    return name if may_be_repeated(name) else f"#{ordinal}"


@lru_cache(maxsize=65536)
def may_be_repeated(text: str) -> bool:
    """Return whether a text is harmless: Marsad's own, known, a figure, a cell address, or ordinary words."""
    if not text or text in _own_texts() or is_heading(text):
        return True
    if personal_kind(text):
        return False
    return is_known(text) or all(_is_ordinary(part) for part in _BETWEEN.split(text))


def _is_ordinary(text: str) -> bool:
    return (
        text in _own_texts()
        or is_heading(text)
        or not unexplained_words(text)
        or bool(nearest_word(text, _headings()) and not begins_like_name(text))
    )


def _make_finding_safe(finding: Finding, labels: Mapping[str, str]) -> Finding:
    arguments = {
        name: value if _are_cells(value) or may_be_repeated(value) else safe_argument(name, finding)
        for name, value in finding.arguments.items()
    }
    cells = tuple((_label(sheet, labels), cell) for sheet, cell in finding.cells)
    return replace(finding, sheet=_label(finding.sheet, labels), arguments=arguments, cells=cells)


def _are_cells(text: str) -> bool:
    return all(_CELL.fullmatch(part) for part in text.split(", "))


def _label(sheet: str, labels: Mapping[str, str]) -> str:
    label = labels.get(sheet, sheet)
    if sheet in labels or _NUMBERED.fullmatch(label) or may_be_repeated(label):
        return label
    return HIDDEN  # of a file refused before its sheets were read


def safe_argument(name: str, finding: Finding) -> str:
    """Return the replacement for an argument that may not be repeated in a message.

    For a heading in the finding's own cell, it is the column letters, by which the sender can find it.
    """
    letters = finding.cell.rstrip("0123456789")
    return letters if name == "column" and letters else HIDDEN


@cache
def _own_texts() -> frozenset[str]:
    """Return the examples of the cards, which include codes and pseudonymous IDs, and the names of the sources."""
    fields = [field for name in shape_names() for field in load_shape(name).fields.values()]
    return frozenset({*(field.good for field in fields), *_headings(), *source_names()})


@cache
def _headings() -> tuple[str, ...]:
    return tuple(dict.fromkeys(all_headings()))
