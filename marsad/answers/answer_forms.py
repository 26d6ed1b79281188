"""What answers have in common: a refusal, a verdict, a finding, a value in words, the place of a page.

Does not belong here: the texts themselves (`languages`), or where they are shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, cast

from ingestion.findings import Finding, finding_in_words
from ingestion.home import Home
from ingestion.text.folding import without_controls
from languages import dates
from languages.refusal import Refusal
from languages.words import Words

if TYPE_CHECKING:
    from ingestion.entry.file_check import Examination
    from ingestion.submissions.receipts import Receipt


OF_THE_STATE = frozenset(
    {"act_none", "nothing_out", "nothing_released", "trace_unbuilt_file", "verdict_missing", "warehouse_missing"}
)
"""Refusals whose remedy is the next step of the home: the same answer is missing in homes of very different states."""


def refusal_texts(error: Refusal, words: Words, *, by_page: bool = False) -> tuple[str, str]:
    """Return what happened and what to do, in the language of `words`; in English if that text is missing.

    Args:
        error: the refusal.
        words: of the language.
        by_page: whether the next step of the home, where the remedy is that, names a page of the desk, not a command.
    """
    named = {**error.arguments, "where": error.where}
    arguments = {
        name: dates.written(words, without_controls(value)) if isinstance(value, str) else value
        for name, value in named.items()
    }
    try:
        what = words.text(f"refusal.{error.code}", **arguments)
        is_alone = error.arguments.get("nearest") == "-"  # nothing is there that could have been meant
        remedy = words.text("desk.nothing_near" if is_alone else f"refusal.{error.code}.remedy", **arguments)
        if error.code in OF_THE_STATE:
            from marsad.answers.next_step import describe_next_step  # imported late: a plain check does not need it

            remedy = f"{describe_next_step(Home.at(), words, by_page=by_page)} {remedy}"
        return what, remedy
    except Refusal:  # an unfinished language lacks this text
        if words.tag == "en":
            raise
        return refusal_texts(error, Words.load("en"), by_page=by_page)


def verdict_counts(answer: Examination | Receipt) -> dict[str, object]:
    """Return the verdict on a file and its rows, as values for JSON."""
    return {
        "verdict": answer.verdict,
        "sha256": answer.sha256,
        "rows_in": answer.rows_in,
        "rows_landed": answer.rows_landed,
        "rows_quarantined": answer.rows_quarantined,
    }


def verdict_line(answer: Examination | Receipt, words: Words) -> str:
    """Return the verdict on a file and its rows, as a sentence; "accepted" only if a row of it is."""
    verdict = "nothing_landed" if answer.lands_nothing else answer.verdict
    return words.text(
        f"desk.{verdict}",
        rows_in=answer.rows_in,
        rows_landed=answer.rows_landed,
        rows_quarantined=answer.rows_quarantined,
        hash=answer.sha256[:12],
    )


def finding_as_json(finding: Finding, words: Words) -> dict[str, object]:
    """Return a finding with its message: severity, kind, sheet, cell, read, expected, message, remedy.

    If one finding concerns several cells, `cells` has the sheet and the cell of each.

    Never a personal value: `read` is empty if the content of the cell may not be repeated.
    """
    message, remedy = finding_in_words(finding, words)
    texts = {"read": finding.read, "expected": finding.expected, "message": message, "remedy": remedy}
    cells = [{"sheet": sheet, "cell": cell} for sheet, cell in finding.cells]
    return {**finding.as_json(), **texts, **({"cells": cells} if cells else {})}


def verdict_as_json(answer: Examination | Receipt, words: Words) -> dict[str, object]:
    """Return the verdict on a file with its findings, as values for JSON."""
    return verdict_counts(answer) | {"findings": [finding_as_json(finding, words) for finding in answer.findings]}


def page_path(page: Path, name: str, *, alone: bool) -> Path:
    """Return `page` if it is the .html file of one page alone, else the path of a file of this name in the folder."""
    is_file = alone and page.suffix.lower() in (".html", ".htm") and not page.is_dir()
    return page if is_file else page / name


def short_text(value: object, *, most: int = 3) -> str:
    """Return a value as one short text: empty for None, yes or no, the first `most` items of a longer list."""
    if isinstance(value, list | tuple):
        parts = [str(part) for part in cast(Sequence[object], value)]
        return ", ".join(parts[:most]) + (f", … ({len(parts)})" if len(parts) > most else "")
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)
