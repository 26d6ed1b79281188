"""Printing refusals, findings and tables, in the reader's language, on a terminal or as JSON.

Does not belong here: the texts (`languages`), or the facts (the layers below).
"""

from __future__ import annotations

import json
import shutil
import sys
import threading
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from time import monotonic
from typing import TYPE_CHECKING, Any, TextIO

from ingestion.findings import SEVERITIES, Finding, finding_in_words, sheet_in_words
from languages import dates
from languages.refusal import Refusal
from languages.words import Words
from marsad.answers.answer_forms import refusal_texts, short_text, verdict_line

if TYPE_CHECKING:
    from rich.table import Table

    from ingestion.entry.file_check import Examination
    from ingestion.entry.row_changes import RowChanges
    from ingestion.submissions.files_in_force import PeriodEffect
    from ingestion.submissions.receipts import Receipt

_WIDE = 200
_CHANGE_COLUMNS = ("shape", "period", "added", "gone", "changed", "unchanged", "fields", "places")
_CHANGED_PLACES = 8
_SHOWN_FINDINGS = 60


def say(text: str) -> None:
    """Print one line of a result on stdout."""
    _write(sys.stdout, text)


def note(text: str) -> None:
    """Print one line of information on stderr."""
    _write(sys.stderr, text)


def document(content: object) -> None:
    """Print one JSON document on stdout."""
    say(json.dumps(content, ensure_ascii=False, indent=2, sort_keys=True))


def refusal(error: Refusal, words: Words) -> None:
    """Print a refusal on stderr: reason code, what and where, what to do."""
    import typer  # imported late, here and below: a plain check does not need it

    what, remedy = refusal_texts(error, words)
    typer.secho(f"marsad: {error.code}: {what}", err=True, fg=typer.colors.RED)
    typer.secho(f"  → {remedy}", err=True)


def failures(refusals: Sequence[Refusal], failed_steps: Mapping[str, str], words: Words) -> None:
    """Print why a build stopped: its refusals as text, else the unexpected error of each failed step."""
    import typer

    for error in refusals:
        refusal(error, words)
    for step, error in failed_steps.items() if not refusals else ():
        typer.secho(f"marsad: {step}\n{error}", err=True, fg=typer.colors.RED)


def list_refusal(error: Refusal, words: Words) -> None:
    """Print a refusal on stdout, as an item of a list: what and where, what to do."""
    what, remedy = refusal_texts(error, words)
    say(f"  {what}\n  → {remedy}")


def verdict(name: str, answer: Examination | Receipt, words: Words) -> None:
    """Print the verdict on a file, and its findings."""
    say(f"{name}: {verdict_line(answer, words)}")
    if answer.findings:
        _print_findings(answer.findings, words)


def effects(effects: Sequence[PeriodEffect], words: Words) -> None:
    """Print what of a file would count afterwards, and which rows of earlier files no longer."""
    if effects:
        from marsad.answers.file_effects import effect_lines

        for line in effect_lines(effects, words):
            say(line)


def changes_table(changes: Sequence[RowChanges], words: Words) -> None:
    """Print what a file changes compared with its predecessor: numbers of rows, fields, first places.

    Kinds of record and fields have the names that a template in the reader's language gives them.
    """
    if not changes:
        return
    from rich.table import Table

    from ingestion.cards.headings import LANGUAGES, heading_of, sheet_of

    tag = words.tag if words.tag in LANGUAGES else "en"
    say(words.text("desk.changes"))
    table = Table()
    for heading in _CHANGE_COLUMNS:
        table.add_column(words.text(f"desk.change.{heading}"), overflow="fold")
    for change in changes:
        fields = ", ".join(f"{heading_of(change.shape, name, tag)}: {count}" for name, count in change.fields.items())
        places = short_text([f"{row.sheet} {row.row_number}" for row in change.rows], most=_CHANGED_PLACES)
        counts = [str(count) for count in change.counts.values()]
        table.add_row(sheet_of(change.shape, tag), change.period, *counts, fields, places)
    _print_table(table)


def agrees(changes: Sequence[RowChanges], words: Words) -> bool:
    """Return whether the person at the terminal agrees to what a file replaces; nobody is asked without a terminal."""
    import typer

    replaces = any(change.rows for change in changes)
    return not replaces or not sys.stdin.isatty() or typer.confirm(words.text("desk.replace_asked"))


def table_of(rows: Sequence[Mapping[str, Any]], columns: Sequence[str]) -> None:
    """Print rows as a table with the named columns; codes, numbers and days as in the files."""
    _print_rows([[short_text(row[column]) for column in columns] for row in rows], columns)


def table_in_words(
    rows: Sequence[Mapping[str, Any]], columns: Sequence[str], headings: Sequence[str], words: Words
) -> None:
    """Print rows as a table that speaks a language: its headings, and days as that language writes them."""
    _print_rows([[dates.written(words, short_text(row[column])) for column in columns] for row in rows], headings)


def _print_rows(rows: Sequence[Sequence[str]], headings: Sequence[str]) -> None:
    from rich.table import Table

    table = Table()
    for heading in headings:
        table.add_column(heading, overflow="fold")
    for row in rows:
        table.add_row(*row)
    _print_table(table)


def teller_of_waiting(words: Words, progress: Callable[[str], None]) -> Callable[[Refusal], None]:
    """Return a function that reports the process that is waited for."""
    return lambda held: progress(words.text("desk.waits", where=held.where, **held.arguments))


@contextmanager
def progress(beat: float | None = None, *, only_seen: bool = False) -> Generator[Callable[[str], None]]:
    """Yield a function that reports progress: one line per step on stderr, with the seconds since the start.

    Args:
        beat: after how many seconds without a new step to report that work continues; by default every second, in
            the last line of a terminal, or every half minute, in a new line elsewhere.
        only_seen: report on a terminal only: for a command that only reads, a log needs no steps.
    """
    is_terminal = sys.stderr.isatty()
    if only_seen and not is_terminal:
        yield lambda _step: None
        return
    teller = _Teller(is_terminal, beat or (1.0 if is_terminal else 30.0))
    threading.Thread(target=teller.beat, daemon=True).start()
    try:
        yield teller.tell_step
    finally:
        teller.end()


class _Teller:
    """Reports steps as they begin and, from a separate thread, that the last one is still running."""

    def __init__(self, is_terminal: bool, beat: float) -> None:
        self._is_terminal = is_terminal
        self._beat = beat
        self._start = self._since = monotonic()
        self._step = ""
        self._ended = threading.Event()
        self._writing = threading.Lock()

    def tell_step(self, step: str) -> None:
        self._step, self._since = step, monotonic()
        self._write(f"{self._since - self._start:6.1f} s  {step}\n")

    def beat(self) -> None:
        while not self._ended.wait(self._beat):
            now = monotonic()
            if self._step and (quiet := now - self._since) >= self._beat:
                line = f"{now - self._start:6.1f} s  … {self._step} ({quiet:.0f} s)"
                self._write(line[: shutil.get_terminal_size().columns - 1] if self._is_terminal else f"{line}\n")

    def end(self) -> None:
        self._ended.set()
        self._write("")

    def _write(self, text: str) -> None:
        import typer

        with self._writing:
            wipe = "\r\x1b[K" if self._is_terminal else ""  # to the start of the line, and clear it
            typer.secho(wipe + text, err=True, nl=False, fg=typer.colors.CYAN if text else None)
            sys.stderr.flush()


def _write(stream: TextIO, text: str) -> None:
    stream.write(text + "\n")
    stream.flush()  # keeps the order with the lines on the other stream


def _print_table(table: Table) -> None:
    """Print a table as wide as the terminal; into a file or a pipe, wide enough for a hash and a path."""
    from rich.console import Console

    Console(width=None if sys.stdout.isatty() else _WIDE).print(table)


def _print_findings(findings: Sequence[Finding], words: Words) -> None:
    """Print findings by severity: place, what is wrong, what was read and expected, what to do."""
    from rich.table import Table  # imported late: the first result comes without it

    table = Table(show_lines=False, expand=False)
    for heading in ("severity", "place", "finding", "read", "expected", "remedy"):
        table.add_column(words.text(f"desk.{heading}"), overflow="fold")
    ordered = sorted(findings, key=lambda finding: SEVERITIES.index(finding.severity))
    for finding in ordered[:_SHOWN_FINDINGS]:
        place = " ".join(part for part in (sheet_in_words(finding.sheet, words), finding.cell) if part)
        message, remedy = finding_in_words(finding, words)
        severity = words.text(f"desk.{finding.severity}")
        table.add_row(severity, place, message, finding.read, finding.expected, remedy)
    _print_table(table)
    if len(ordered) > _SHOWN_FINDINGS:
        say(words.text("desk.more", count=len(ordered) - _SHOWN_FINDINGS))
