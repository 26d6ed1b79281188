"""The sheet in which a reader answers: sampled pairs side by side, coded, one line each.

Belongs here: writing it for one turn, reading it back. Does not belong here: what an answer means (`pair_readings.py`).

The sheet shows no name, no pseudonymous ID and no probability. The third turn shows the answers of the first two; those
show nothing of each other.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path

from ingestion.home import write_bytes
from ingestion.persons.doubtful_links import SIDE_BY_SIDE
from ingestion.persons.pair_readings import FIRST, SECOND, SETTLED, ShownPair
from languages.refusal import Refusal
from languages.spreadsheet_text import neutral_text

_ITEM, _ANSWER = "item", "answer"
_LARGEST = 2**22  # bytes; enough for a thousand times the pairs of a sample


def write(path: Path, pairs: Sequence[ShownPair], turn: str) -> None:
    """Write the sheet of a turn, readable by its owner alone.

    Args:
        path: outside of the home.
        pairs: that wait in the turn.
        turn: one of `pair_readings.TURNS`.
    """
    before = [FIRST, SECOND] if turn == SETTLED else []
    stream = io.StringIO()
    lines = csv.writer(stream)
    lines.writerow([_ITEM, *SIDE_BY_SIDE, *before, _ANSWER])
    for shown_pair in pairs:
        readings = [shown_pair.given.get(name, "") for name in before]
        lines.writerow(
            [shown_pair.pair.item, *(neutral_text(shown_pair.fields[name]) for name in SIDE_BY_SIDE), *readings, ""]
        )
    write_bytes(path, stream.getvalue().encode("utf-8-sig"), mode=0o600)


def read_answers(path: Path) -> dict[str, str]:
    """Return item -> answer from a sheet; a line without an answer is skipped.

    Raises:
        Refusal: `pairs_unreadable` for a file of another kind, or one that names an item twice.
    """
    try:
        if path.stat().st_size > _LARGEST:
            raise ValueError
        rows = list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig")), strict=True))
        lines = [(row[_ITEM].strip(), (row[_ANSWER] or "").strip().casefold()) for row in rows]
    except (OSError, ValueError, KeyError, AttributeError, csv.Error) as error:
        raise Refusal("pairs_unreadable", where=path.name) from error
    answers = {item: answer for item, answer in lines if answer}
    if len(answers) != sum(bool(answer) for _, answer in lines):
        raise Refusal("pairs_unreadable", where=path.name)
    return answers
