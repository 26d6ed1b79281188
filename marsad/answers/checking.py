"""Checking a file: what `receive` would do with it, with nothing stored; a cleaned copy.

Does not belong here: receiving it (`receiving.py`), questions about words (`confirming.py`), or rules about files
(`ingestion`). `start.py` calls a plain check directly, so every import here slows every check.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from ingestion.cards.source_card import SourceCard, load_source, source_names
from ingestion.entry.checked_tables import landing_of
from ingestion.entry.file_check import Examination, examine, examine_any
from ingestion.entry.row_checks import conform
from ingestion.files.guard import MAX_FILE_BYTES
from ingestion.files.reader import Workbook, read_workbook
from ingestion.files.uploads import Upload, read_upload
from ingestion.findings import Finding
from ingestion.forms.copies import check_output, write_copy
from ingestion.home import Home, sha256_of
from ingestion.privacy.answer_file import path_beside, read_answers
from ingestion.submissions.preview import known_at_desk
from ingestion.submissions.receipts import Verdict
from ingestion.tables.table_finder import blocks_in
from ingestion.tables.template_versions import adapt_to_template
from ingestion.text.folding import printable
from languages.refusal import Refusal
from languages.words import Words
from marsad.terminal import console

if TYPE_CHECKING:
    from ingestion.forms.cleaning import CutPart
    from marsad.answers.confirming import Answering


@dataclass(frozen=True)
class CleanedCopy:
    """A copy of a sender's file without unneeded parts.

    Args:
        path: where it was written.
        data: its bytes.
        cut: what was cut off.
        examination: what `receive` would do with the copy.
    """

    path: Path
    data: bytes = field(repr=False)
    cut: Sequence[CutPart]
    examination: Examination

    def tell_copy(self, words: Words) -> None:
        """Print where the copy is, what was cut off, and what `receive` would do with it."""
        console.say(words.text("desk.cleaned", path=str(self.path)))
        for part in self.cut:
            console.say(f"  {part.in_words(words)}")
        if not self.cut:
            console.say("  " + words.text("desk.cleaned.nothing"))
        console.say(f"{printable(self.path.name)}: {console.verdict_line(self.examination, words)}")
        if self.examination.findings:
            console.findings_table(self.examination.findings, words)

    def as_json(self, words: Words) -> dict[str, object]:
        """Return it as values for JSON: the result of checking the copy, with `path` and `cut`."""
        findings = [console.finding_as_json(finding, words) for finding in self.examination.findings]
        own = {"path": str(self.path), "cut": [asdict(part) for part in self.cut], "findings": findings}
        return console.verdict_counts(self.examination) | own


def check(
    file: Path,
    source: str | None,
    words: Words,
    *,
    as_json: bool,
    marked: Path | None = None,
    clean_copy: Path | None = None,
    answering: Answering | None = None,
) -> Verdict:
    """Print what `receive` would do with a file and return the verdict. Stores nothing.

    With `marked` the sender's own workbook is written there with its findings marked in place. With `clean_copy` it is
    written there without unneeded parts; the verdict is then that on the copy, which is the one to be sent. Unexplained
    words are shown on a terminal only; the sender's statements about them go into the answer file.
    """
    if answering and answering.output:
        from marsad.answers import confirming  # imported late, like `marking`: most files need neither

        confirming.require_terminal(as_json=as_json)
    data, (sender, examination) = _read_and_examine(file, source or _sender_by_folder(file))
    copy = clean(file, data, sender, clean_copy) if clean_copy else None
    _tell_check(file, sender, examination, copy, words, as_json=as_json)
    if marked:
        from ingestion.forms.marking import mark

        mark(file, data, examination.findings, console.verdict_line(examination, words), marked, words)
        if not as_json:
            console.say(words.text("desk.marked" if examination.findings else "desk.marked.nothing", path=str(marked)))
    if copy:
        file, data, examination = copy.path, copy.data, copy.examination
    if examination.asked and not as_json:
        from marsad.answers import confirming

        confirming.ask_at_desk(file, data, sender, examination, words, answering or confirming.Answering())
    return examination.verdict


def _tell_check(
    file: Path, sender: str, examination: Examination, copy: CleanedCopy | None, words: Words, *, as_json: bool
) -> None:
    if as_json:
        findings = [console.finding_as_json(finding, words) for finding in examination.findings]
        answer = console.verdict_counts(examination) | {"findings": findings, "source": sender or None}
        console.document(answer | ({"clean": copy.as_json(words)} if copy else {}))
        return
    console.say(f"{sender or printable(file.name)}: {console.verdict_line(examination, words)}")
    if examination.findings:
        console.findings_table(examination.findings, words)
    if copy:
        copy.tell_copy(words)


def clean(file: Path, data: bytes, source: str, output: Path) -> CleanedCopy:
    """Write a copy of a sender's file without unneeded parts, and return its description.

    Args:
        file: where the file lies.
        data: its bytes.
        source: its sender; empty if unknown.
        output: a new .xlsx file outside of every data home.

    Raises:
        Refusal: `clean_output`; `clean_unopened` for a file that intake cannot read; `clean_no_table` if it has no
            table of this sender, so that what is needed is unknown; `clean_differs` if the copy would not land exactly
            the rows of the file: then nothing is written.
    """
    from ingestion.forms.cleaning import clean_workbook  # imported late: most files are only checked

    check_output(output, Refusal("clean_output", where=str(output)))
    workbook = read_workbook(data, file.name)
    if not workbook.sheets:
        raise Refusal("clean_unopened", where=printable(file.name))
    if not source or not blocks_in(*adapt_to_template(workbook, load_source(source))[:2]):
        raise Refusal("clean_no_table", where=printable(file.name), sender=source or "-")
    card = load_source(source)
    content, cut = clean_workbook(data, workbook, card)
    again = read_workbook(content, output.name)
    if not again.sheets or _landing(again, card) != _landing(workbook, card):
        raise Refusal("clean_differs", where=printable(file.name))
    write_copy(output, content)
    upload, home = read_upload(output), Home.at()
    examination = examine(content, output.name, source, today=_today(), known=known_at_desk(home, upload, source))
    return CleanedCopy(output, content, cut, examination)


def _landing(workbook: Workbook, card: SourceCard) -> object:
    """Return what lands of a file by its rows, and the kinds of findings that refuse it."""
    tables, findings = conform(workbook, card, _today())
    refused = sorted(finding.kind for finding in findings if finding.severity == "refuse")
    return landing_of(tables, [sheet.name for sheet in workbook.sheets]), refused


def _today() -> datetime.date:
    return datetime.datetime.now(tz=datetime.UTC).date()


def examine_too_large(file: Path) -> Examination | None:
    """Return the examination of a file too large to read, hashed piece by piece; None for any other file."""
    if file.is_symlink() or not file.is_file() or file.stat().st_size <= MAX_FILE_BYTES:
        return None
    limit = {"limit": str(MAX_FILE_BYTES // 1_000_000)}
    return Examination("refused", sha256_of(file), [Finding("refuse", "file_too_large", arguments=limit)])


def _read_and_examine(file: Path, source: str | None) -> tuple[bytes, tuple[str, Examination]]:
    """Return the bytes of a file, its sender and its examination; a file over the limit is not read."""
    if unread := examine_too_large(file):
        return b"", (source or "", unread)
    upload = read_upload(file)
    return upload.data, _examine(upload, source)


def _examine(upload: Upload, source: str | None) -> tuple[str, Examination]:
    """Examine a file as `receive` would: with the answers next to it, and the words confirmed in this home."""
    today, name = _today(), upload.path.name
    home = Home.at()
    if not source:
        return examine_any(upload.data, name, today=today, known_to=lambda sender: known_at_desk(home, upload, sender))
    load_source(source)
    _, unfit = read_answers(path_beside(upload.path), upload.data, source)
    examination = examine(upload.data, name, source, today=today, known=known_at_desk(home, upload, source))
    return source, replace(examination, findings=[*unfit, *examination.findings])


def _sender_by_folder(file: Path) -> str | None:
    return file.resolve().parent.name if file.resolve().parent.name in source_names() else None
