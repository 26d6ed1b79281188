"""Printing what `receive` would do with a file.

Does not belong here: that answer (`answers/checked_file.py`). `start.py` loads a plain check alone, so every import
here slows every check.
"""

from __future__ import annotations

from pathlib import Path

from ingestion.submissions.receipts import Verdict
from ingestion.text.folding import printable
from languages.refusal import Refusal
from languages.words import Words
from marsad.answers.answer_forms import verdict_as_json
from marsad.answers.checked_file import check_file, mark_findings
from marsad.terminal import console, passphrases


def check(file: Path, source: str | None, words: Words, *, as_json: bool, marked: Path | None = None) -> Verdict:
    """Print what `receive` would do with a file and return the verdict. Stores nothing.

    With `marked` the sender's own workbook is written there with its findings marked in place; nothing is written of a
    sealed file, which is opened in memory.
    """
    key = passphrases.key_for([file], words)
    if key and marked:
        raise Refusal("sealed_not_written", where=printable(file.name))
    checked = check_file(file, source, key)
    if as_json:
        answer = verdict_as_json(checked.examination, words) | {"source": checked.source or None}
        console.document(answer | {"effects": [effect.as_json() for effect in checked.effects]})
    else:
        console.verdict(checked.source or printable(file.name), checked.examination, words)
        console.effects(checked.effects, words)
    if marked:
        mark_findings(checked, marked, words)
        if not as_json:
            told = "desk.marked" if checked.examination.findings else "desk.marked.nothing"
            console.say(words.text(told, path=str(marked)))
    return checked.examination.verdict
