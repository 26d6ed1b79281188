"""The answer to a file that is merely looked at: what `receive` would do with it, with nothing kept.

Does not belong here: taking it in (`receiving.py`), what is asked about words (`confirming.py`), or rules about files
(`ingestion`). A plain check comes straight from `start.py`, so that what is imported here is paid for by every answer.
"""

from __future__ import annotations

import datetime
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from ingestion.cards.source_card import load_source, source_names
from ingestion.entry.file_check import Examination, examine, examine_any
from ingestion.files.guard import MAX_FILE_BYTES
from ingestion.files.uploads import Upload, read_upload
from ingestion.findings import Finding
from ingestion.home import Home, sha256_of
from ingestion.privacy.answer_file import path_beside, read_answers
from ingestion.submissions.preview import known_at_desk
from ingestion.submissions.receipts import Verdict
from ingestion.text.folding import printable
from languages.words import Words
from marsad.terminal import console

if TYPE_CHECKING:
    from marsad.answers.confirming import Answering


def check(
    file: Path,
    source: str | None,
    words: Words,
    *,
    as_json: bool,
    marked: Path | None = None,
    answering: Answering | None = None,
) -> Verdict:
    """Print what `receive` would do with a file and return the verdict. Keeps nothing.

    With `marked` the sender's own workbook is written there with its findings marked in place. Words that nothing
    explains are shown on a terminal only; what she states of them goes into her answer file.
    """
    if answering and answering.output:
        from marsad.answers import confirming  # late, as `marking`: most files need neither

        confirming.needs_terminal(as_json=as_json)
    data, (sender, examination) = _read_and_examined(file, source or _sender_by_folder(file))
    if as_json:
        findings = [console.finding_as_json(finding, words) for finding in examination.findings]
        console.document(console.counts(examination) | {"findings": findings, "source": sender or None})
    else:
        console.say(f"{sender or printable(file.name)}: {console.verdict_line(examination, words)}")
        if examination.findings:
            console.findings_table(examination.findings, words)
    if marked:
        from ingestion.forms.marking import mark

        mark(file, data, examination.findings, console.verdict_line(examination, words), marked, words)
        if not as_json:
            console.say(words.text("desk.marked", path=str(marked)))
    if examination.asked and not as_json:
        from marsad.answers import confirming

        confirming.at_desk(file, data, sender, examination, words, answering or confirming.Answering())
    return examination.verdict


def too_large(file: Path) -> Examination | None:
    """Return the examination of a file that is too large to be read; it is hashed piece by piece."""
    if file.is_symlink() or not file.is_file() or file.stat().st_size <= MAX_FILE_BYTES:
        return None
    limit = {"limit": str(MAX_FILE_BYTES // 1_000_000)}
    return Examination("refused", sha256_of(file), [Finding("refuse", "file_too_large", arguments=limit)])


def _read_and_examined(file: Path, source: str | None) -> tuple[bytes, tuple[str, Examination]]:
    """Return the bytes of a file, its sender and its examination; a file over the limit is not read."""
    if unread := too_large(file):
        return b"", (source or "", unread)
    upload = read_upload(file)
    return upload.data, _examined(upload, source)


def _examined(upload: Upload, source: str | None) -> tuple[str, Examination]:
    """Examine a file as `receive` would: with the answers beside it, and with the words that this home knows."""
    today, name = datetime.datetime.now(tz=datetime.UTC).date(), upload.path.name
    home = Home.at()
    if not source:
        return examine_any(upload.data, name, today=today, known_to=lambda sender: known_at_desk(home, upload, sender))
    load_source(source)
    _, unfit = read_answers(path_beside(upload.path), upload.data, source)
    examination = examine(upload.data, name, source, today=today, known=known_at_desk(home, upload, source))
    return source, replace(examination, findings=[*unfit, *examination.findings])


def _sender_by_folder(file: Path) -> str | None:
    return file.resolve().parent.name if file.resolve().parent.name in source_names() else None
