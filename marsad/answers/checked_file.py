"""A checked file: what `receive` would do with it, with nothing stored; a marked and a cleaned copy of it.

Does not belong here: receiving it (`arrived_files.py`), questions about words (`words_to_confirm.py`), or rules about
files (`ingestion`). Every import here slows every check.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from ingestion.cards.source_card import SourceCard, load_source, source_names
from ingestion.entry.checked_tables import landing_of
from ingestion.entry.file_check import Examination, examine, examine_any
from ingestion.entry.row_checks import conform
from ingestion.files.guard import MAX_FILE_BYTES
from ingestion.files.reader import Workbook, read_workbook
from ingestion.files.uploads import MAX_SEALED_BYTES, Upload, read_upload, starts_sealed
from ingestion.findings import Finding
from ingestion.forms.copies import check_output, write_copy
from ingestion.home import Home, sha256_of
from ingestion.sealing.sealed_files import open_upload
from ingestion.sealing.sealing_keys import SealingKey
from ingestion.submissions.preview import answers_for, effects_at_desk, fault_of, known_at_desk
from ingestion.tables.table_finder import blocks_in
from ingestion.tables.template_versions import adapt_to_template
from ingestion.text.folding import printable
from languages.refusal import Refusal
from languages.words import Words
from marsad.answers.answer_forms import verdict_line

if TYPE_CHECKING:
    from ingestion.forms.cleaning import CutPart
    from ingestion.submissions.files_in_force import PeriodEffect


@dataclass(frozen=True)
class CheckedFile:
    """A file and what `receive` would do with it.

    Args:
        path: where it lies.
        data: its bytes; empty if it is too large to read.
        source: its sender; empty if unknown.
        examination: what `receive` would do with it.
        cut: what was cut off, if it is a cleaned copy.
        effects: what would count in this home afterwards and what no longer; empty if it has received nothing.
    """

    path: Path
    data: bytes = field(repr=False)
    source: str
    examination: Examination
    cut: Sequence[CutPart] = ()
    effects: Sequence[PeriodEffect] = ()


def check_file(path: Path, source: str | None = None, key: SealingKey | None = None) -> CheckedFile:
    """Return what `receive` would do with a file. Its sender is the one named, that of its folder, or found in it.

    Raises:
        Refusal: `unknown_source`, and those of `read_upload` and `open_upload`.
    """
    sender = source or _sender_by_folder(path)
    if unread := examine_too_large(path):
        return CheckedFile(path, b"", sender or "", unread)
    upload = open_upload(read_upload(path), key)
    found, examination = _examine(upload, sender)
    return CheckedFile(path, upload.data, found, examination, effects=_effects(found, examination))


def mark_findings(checked: CheckedFile, output: Path, words: Words) -> None:
    """Write a copy of a checked workbook with its findings marked in place; refuses as `marking.mark`."""
    from ingestion.forms.marking import mark  # imported late: most files are only checked

    findings = checked.examination.findings
    mark(checked.path, checked.data, findings, verdict_line(checked.examination, words), output, words)


def clean(checked: CheckedFile, output: Path) -> CheckedFile:
    """Write a copy of a checked file without unneeded parts, and return the copy, checked.

    Args:
        checked: the sender's own file.
        output: a new .xlsx file outside of every data home.

    Raises:
        Refusal: `clean_output`; as `cleaned_copy`, and then nothing is written.
    """
    check_output(output, Refusal("clean_output", where=str(output)))
    source = checked.source
    content, cut = cleaned_copy(checked.data, checked.path.name, source, output.name)
    write_copy(output, content)
    upload, home = read_upload(output), Home.at()
    examination = examine(content, output.name, source, today=_today(), known=known_at_desk(home, upload, source))
    return CheckedFile(output, content, source, examination, cut, _effects(source, examination))


def cleaned_copy(data: bytes, name: str, source: str, copy_name: str) -> tuple[bytes, list[CutPart]]:
    """Return a copy of a file without unneeded parts, made in memory, and what was cut off.

    Args:
        data: the bytes of the sender's own file.
        name: of that file.
        source: its sender; empty if unknown.
        copy_name: of the copy.

    Raises:
        Refusal: `clean_unopened` for a file that intake cannot read; `clean_no_table` if it has no table of this
            sender, so that what is needed is unknown; `clean_differs` if the copy would not land exactly the rows of
            the file.
    """
    from ingestion.forms.cleaning import clean_workbook  # imported late: most files are only checked

    workbook = read_workbook(data, name)
    if not workbook.sheets:
        raise Refusal("clean_unopened", where=printable(name))
    if not source or not blocks_in(*adapt_to_template(workbook, load_source(source))[:2]):
        raise Refusal("clean_no_table", where=printable(name), sender=source or "-")
    card = load_source(source)
    content, cut = clean_workbook(data, workbook, card)
    again = read_workbook(content, copy_name)
    if not again.sheets or _landing(again, card) != _landing(workbook, card):
        raise Refusal("clean_differs", where=printable(name))
    return content, cut


def _landing(workbook: Workbook, card: SourceCard) -> object:
    """Return what lands of a file by its rows, and the kinds of findings that refuse it."""
    tables, findings = conform(workbook, card, _today())
    refused = sorted(finding.kind for finding in findings if finding.severity == "refuse")
    return landing_of(tables, [sheet.name for sheet in workbook.sheets]), refused


def _today() -> datetime.date:
    return datetime.datetime.now(tz=datetime.UTC).date()


def examine_too_large(file: Path) -> Examination | None:
    """Return the examination of a file too large to read, hashed piece by piece; None for any other file."""
    if file.is_symlink() or not file.is_file():
        return None
    if file.stat().st_size <= (MAX_SEALED_BYTES if starts_sealed(file) else MAX_FILE_BYTES):
        return None
    limit = {"limit": str(MAX_FILE_BYTES // 1_000_000)}
    return Examination("refused", sha256_of(file), [Finding("refuse", "file_too_large", arguments=limit)])


def _examine(upload: Upload, source: str | None) -> tuple[str, Examination]:
    """Examine a file as `receive` would: with the answers next to it, and the words confirmed in this home."""
    today, name = _today(), upload.plain_path.name
    home = Home.at()
    if unopened := fault_of(upload):
        return source or "", unopened
    if not source:
        return examine_any(upload.data, name, today=today, known_to=lambda sender: known_at_desk(home, upload, sender))
    load_source(source)
    _, unfit = answers_for(upload, source)
    examination = examine(upload.data, name, source, today=today, known=known_at_desk(home, upload, source))
    return source, replace(examination, findings=[*unfit, *examination.findings])


def _effects(source: str, examination: Examination) -> tuple[PeriodEffect, ...]:
    return effects_at_desk(Home.at(), source, examination) if source else ()


def _sender_by_folder(file: Path) -> str | None:
    return file.resolve().parent.name if file.resolve().parent.name in source_names() else None
