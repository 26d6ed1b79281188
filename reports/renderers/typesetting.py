"""Setting a printed report by Typst: here, or in a process of its own while others do something else.

Belongs here: the call of Typst, and the process. Does not belong here: what is printed (`pdf.py`).

Typst takes half a gigabyte for a hundred pages and keeps it as long as its process lives: a process of its own gives it
back, and works beside the one that makes the other forms of the report. Reports that are issued beside each other set
theirs one after the other, so that only one of them takes that much.
"""

from __future__ import annotations

import hashlib
import multiprocessing
import signal
from collections.abc import Callable, Mapping
from contextlib import nullcontext, suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache, partial
from multiprocessing.connection import Connection
from pathlib import Path
from queue import SimpleQueue
from threading import Thread
from typing import Any, cast

import typst
from filelock import FileLock

from languages.refusal import Refusal
from reports.renderers import fonts, readable_text, tagging
from reports.renderers.kept_drawings import drawn, is_kept

STANDARDS = ("ua-1", "a-2a")
_LOOKS_UP_SECONDS = 0.5
_LONG = 1_000_000  # bytes of a print whose cells Typst remembers with half a gigabyte
_REMEMBERS = 11  # prints


@dataclass(frozen=True)
class Manuscript:
    """All that a print is made of.

    Attributes:
        files: name to bytes: `main` is the template, beside it the edition as data and its drawings.
        day: of the edition; the file bears it as its date.
        is_right_to_left: the order of its pages.
    """

    files: dict[str, bytes]
    day: date
    is_right_to_left: bool

    def shows(self) -> list[object]:
        """Return all that its print depends on, as `kept_drawings` names it; the program is that of this house."""
        files = {name: hashlib.sha256(data).hexdigest() for name, data in self.files.items()}
        return ["print", _program(), files, self.day.isoformat(), self.is_right_to_left]


@cache
def _program() -> str:
    """Return the hash of what makes a print of a manuscript: changed, it gives other bytes."""
    return hashlib.sha256(
        b"".join(Path(one).read_bytes() for one in (__file__, readable_text.__file__, tagging.__file__))
    ).hexdigest()


def give_nothing_back() -> None:
    """Stand for a function that hands free memory back to the system, where one report is made and ends with it."""


def typeset(manuscript: Manuscript, give_back: Callable[[], None] = give_nothing_back) -> bytes:
    """Return a manuscript as a tagged PDF; the same manuscript gives the same bytes.

    Args:
        manuscript: all that it is made of.
        give_back: called once Typst has forgotten a long print, before it is tagged: hands free memory to the system.
    """
    day = manuscript.day
    document = typst.compile(
        cast(Any, manuscript.files),  # its types do not name files by path, which it takes
        font_paths=[str(fonts.folder())],
        ignore_system_fonts=True,
        pdf_standards=list(STANDARDS),
        timestamp=int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()),
    )
    if len(document) > _LONG:
        _forget()
        give_back()
    return tagging.finished(document, is_right_to_left=manuscript.is_right_to_left)


def _forget() -> None:
    """Let Typst forget what it has set: it does when so many more prints have not asked for it."""
    for _ in range(_REMEMBERS):
        typst.compile(cast(Any, {"main": b""}), ignore_system_fonts=True)


def begin_prints(
    manuscripts: Mapping[str, Manuscript], turn: Path | None = None, give_back: Callable[[], None] = give_nothing_back
) -> Callable[[], dict[str, bytes]]:
    """Begin to set what nobody has kept of the last report, and return what waits for every print, by its name.

    Args, and what the waiting raises: as of `typeset_apart`.
    """
    shown = {name: one.shows() for name, one in manuscripts.items()}
    fresh = {name: one for name, one in manuscripts.items() if not is_kept(shown[name])}
    waited = typeset_apart(fresh, turn, give_back) if fresh else dict[str, bytes]

    def finished() -> dict[str, bytes]:
        made = waited()
        return {name: drawn(shows, partial(made.__getitem__, name)) for name, shows in shown.items()}

    return finished


def typeset_apart(
    manuscripts: Mapping[str, Manuscript], turn: Path | None = None, give_back: Callable[[], None] = give_nothing_back
) -> Callable[[], dict[str, bytes]]:
    """Begin to set manuscripts in a process of its own.

    Args:
        manuscripts: by the name of the file that each becomes.
        turn: a file whose lock is held while Typst works: of all that name the same one, one works at a time.
        give_back: a function of a module, called as `typeset` says.

    Returns:
        What waits for the PDFs by name; it raises what `typeset` raises, and `worker_lost` if the process was killed.
    """
    context = multiprocessing.get_context("spawn")
    receiver, sender = context.Pipe(duplex=False)
    child = context.Process(target=_send, args=(dict(manuscripts), turn, give_back, sender), name="typst", daemon=True)
    child.start()
    sender.close()  # of this side: the child's end is the last one, so that its death is seen
    answers: SimpleQueue[dict[str, bytes] | Exception] = SimpleQueue()
    # Taken at once: until then the child lives on, with all that Typst took.
    Thread(target=_take, args=(receiver, answers, ", ".join(manuscripts)), daemon=True).start()

    def finished() -> dict[str, bytes]:
        while child.is_alive():  # in pieces: another thread may get the signal that stops a report
            child.join(_LOOKS_UP_SECONDS)
        answer = answers.get()
        if isinstance(answer, Exception):
            raise answer
        return answer

    return finished


def _take(receiver: Connection, answers: SimpleQueue[dict[str, bytes] | Exception], names: str) -> None:
    with receiver:
        try:
            answers.put(receiver.recv())
        except EOFError:
            answers.put(Refusal("worker_lost", where=names))


def _send(
    manuscripts: dict[str, Manuscript], turn: Path | None, give_back: Callable[[], None], sender: Connection
) -> None:
    """Leave the interrupt of the keyboard to the process that was started by hand; end where nobody waits any more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    answer: dict[str, bytes] | Exception
    try:
        with FileLock(turn, fallback_to_soft=False) if turn else nullcontext():
            answer = {name: typeset(one, give_back) for name, one in manuscripts.items()}
    except Exception as error:  # whatever it is, it is raised where somebody hears of it
        answer = error
    with suppress(BrokenPipeError):
        sender.send(answer)
