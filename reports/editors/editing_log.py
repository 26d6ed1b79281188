"""The log of editing: who saved which text, and which native reader approved or changed which sentence.

Belongs here: one line of `editing.jsonl`, reading and appending. Does not belong here: the texts, which lie in
`prose/`; what a reading means for a sentence (`marsad/answers/read_sentences.py`).
The log lies beside the texts, not among them: a line of it changes no page, and makes no report stale.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

from ingestion import hash_chain, writer_lock
from ingestion.home import Home
from languages.refusal import Refusal

Kind = Literal["saved", "approved", "changed", "read"]
_LOCK_SECONDS = 10.0


@dataclass(frozen=True)
class EditingLine:
    """One line of `editing.jsonl`.

    Attributes:
        at: day and minute, ISO, UTC.
        kind: a text was saved; a sentence of the report was approved or changed by a native reader; one that a person
            wrote was read by a second one.
        person: short name in the roster.
        item: file in `prose/`, or key of a message.
        language: tag.
        sha256: of the text that was saved (empty for one that was removed), or of the sentence that was read.
        forms: the sentence in the words of who changed it, one for each plural form.
    """

    at: str
    kind: Kind
    person: str
    item: str
    language: str
    sha256: str
    forms: tuple[str, ...] = ()


_FIELDS = tuple(EditingLine.__dataclass_fields__)


def read_lines(home: Home) -> list[EditingLine]:
    """Return all lines, oldest first.

    Raises:
        Refusal: `editing_broken` with the first line where the chain breaks.
    """
    lines = hash_chain.read_lines(home.editing, _FIELDS)
    if lines.broken:
        raise Refusal("editing_broken", where=home.editing.name, line=lines.broken[0])
    return [_line(content) for content in lines.lines]


def _line(content: Mapping[str, Any]) -> EditingLine:
    fields: dict[str, Any] = {name: content[name] for name in _FIELDS}
    fields["forms"] = tuple(fields["forms"])
    return EditingLine(**fields)


def append(
    home: Home, kind: Kind, person: str, item: str, language: str, sha256: str, forms: Sequence[str] = ()
) -> EditingLine:
    """Append a line of now and return it. The log has a lock of its own: readers read while a build runs.

    Raises:
        Refusal: as `read_lines`; `lock_held`.
    """
    at = datetime.datetime.now(tz=datetime.UTC).isoformat(timespec="minutes")
    line = EditingLine(at, kind, person, item, language, sha256, tuple(forms))
    lock = home.editing.with_suffix(".lock")
    with writer_lock.hold_lock(lock, "marsad log", where=home.editing, wait=_LOCK_SECONDS):
        hash_chain.repair_head(home.editing)
        chained = hash_chain.read_lines(home.editing, _FIELDS)
        if chained.broken:
            raise Refusal("editing_broken", where=home.editing.name, line=chained.broken[0])
        last = str(chained.lines[-1]["hash"]) if chained.lines else ""
        hash_chain.append(home.editing, asdict(line), len(chained.lines), last)
    return line
