"""A checked file: what `receive` would do with it, with nothing stored; a marked copy of it.

Does not belong here: receiving it (`arrived_files.py`), or rules about files (`ingestion`). Every import here slows
every check.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from ingestion.cards.source_card import load_source, source_names
from ingestion.entry.file_check import Examination, examine, examine_any
from ingestion.files.guard import MAX_FILE_BYTES
from ingestion.files.uploads import MAX_SEALED_BYTES, Upload, read_upload, starts_sealed
from ingestion.findings import Finding
from ingestion.home import Home, sha256_of
from ingestion.sealing.sealed_files import open_upload
from ingestion.sealing.sealing_keys import SealingKey
from ingestion.submissions.preview import effects_at_desk, fault_of
from languages.words import Words
from marsad.answers.answer_forms import verdict_line

if TYPE_CHECKING:
    from ingestion.submissions.files_in_force import PeriodEffect


@dataclass(frozen=True)
class CheckedFile:
    """A file and what `receive` would do with it.

    Args:
        path: where it lies.
        data: its bytes; empty if it is too large to read.
        source: its sender; empty if unknown.
        examination: what `receive` would do with it.
        effects: what would count in this home afterwards and what no longer; empty if it has received nothing.
    """

    path: Path
    data: bytes = field(repr=False)
    source: str
    examination: Examination
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


def examine_too_large(file: Path) -> Examination | None:
    """Return the examination of a file too large to read, hashed piece by piece; None for any other file."""
    if file.is_symlink() or not file.is_file():
        return None
    if file.stat().st_size <= (MAX_SEALED_BYTES if starts_sealed(file) else MAX_FILE_BYTES):
        return None
    limit = {"limit": str(MAX_FILE_BYTES // 1_000_000)}
    return Examination("refused", sha256_of(file), [Finding("refuse", "file_too_large", arguments=limit)])


def _examine(upload: Upload, source: str | None) -> tuple[str, Examination]:
    """Examine a file as `receive` would."""
    today, name = datetime.datetime.now(tz=datetime.UTC).date(), upload.plain_path.name
    if unopened := fault_of(upload):
        return source or "", unopened
    if not source:
        return examine_any(upload.data, name, today=today)
    load_source(source)
    return source, examine(upload.data, name, source, today=today)


def _effects(source: str, examination: Examination) -> tuple[PeriodEffect, ...]:
    return effects_at_desk(Home.at(), source, examination) if source else ()


def _sender_by_folder(file: Path) -> str | None:
    return file.resolve().parent.name if file.resolve().parent.name in source_names() else None
