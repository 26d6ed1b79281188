"""Printing what `receive` would do with a file.

Does not belong here: that answer (`answers/checked_file.py`), or questions about words (`confirming.py`). `start.py`
loads a plain check alone, so every import here slows every check.
"""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from ingestion.submissions.receipts import Verdict
from ingestion.text.folding import printable
from languages.refusal import Refusal
from languages.words import Words
from marsad.answers.answer_forms import verdict_as_json
from marsad.answers.checked_file import CheckedFile, check_file, clean, mark_findings
from marsad.terminal import console, passphrases

if TYPE_CHECKING:
    from marsad.commands.confirming import Answering


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
    words are shown on a terminal only; the sender's statements about them go into the answer file. Nothing is written
    of a sealed file, which is opened in memory.
    """
    key = passphrases.key_for([file], words)
    if key and (marked or clean_copy or (answering and answering.output)):
        raise Refusal("sealed_not_written", where=printable(file.name))
    if answering and answering.output:
        from marsad.commands import confirming  # imported late: most files need none of it

        confirming.require_terminal(as_json=as_json)
    checked = check_file(file, source, key)
    copy = clean(checked, clean_copy) if clean_copy else None
    if as_json:
        _print_json(checked, copy, words)
    else:
        console.verdict(checked.source or printable(file.name), checked.examination, words)
        console.effects(checked.effects, words)
        if copy:
            _print_copy(copy, words)
    if marked:
        mark_findings(checked, marked, words)
        if not as_json:
            key = "desk.marked" if checked.examination.findings else "desk.marked.nothing"
            console.say(words.text(key, path=str(marked)))
    to_send = copy or checked
    if to_send.examination.asked and not as_json:
        from marsad.commands import confirming

        confirming.ask_at_desk(to_send, words, answering or confirming.Answering())
    return to_send.examination.verdict


def _print_json(checked: CheckedFile, copy: CheckedFile | None, words: Words) -> None:
    answer = verdict_as_json(checked.examination, words) | {"source": checked.source or None}
    answer["effects"] = [effect.as_json() for effect in checked.effects]
    if copy:
        own = {"path": str(copy.path), "cut": [asdict(part) for part in copy.cut]}
        answer["clean"] = verdict_as_json(copy.examination, words) | own
    console.document(answer)


def _print_copy(copy: CheckedFile, words: Words) -> None:
    """Print where the copy is, what was cut off, and what `receive` would do with it."""
    console.say(words.text("desk.cleaned", path=str(copy.path)))
    for part in copy.cut:
        console.say(f"  {part.in_words(words)}")
    if not copy.cut:
        console.say("  " + words.text("desk.cleaned.nothing"))
    console.verdict(printable(copy.path.name), copy.examination, words)
    console.effects(copy.effects, words)
