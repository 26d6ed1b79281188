"""The invented senders of the demo: their files are received in a process of its own, one after the other.

Belongs here: that process, and what it tells while it works. Does not belong here: who sends what when (`samples`), or
what happens between the rounds (`demonstration.py`, whose imports the process is spared).

Reading seventy files takes as long as loading Dagster and dbt; a machine with two cores does both at once.
"""

from __future__ import annotations

import multiprocessing
import signal
import threading
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING

from ingestion.home import Home
from ingestion.submissions import landing
from ingestion.waiting import await_end
from languages.refusal import Refusal
from languages.words import Words

if TYPE_CHECKING:
    from samples.workbooks import SentFile


@contextmanager
def receive_apart(
    home: Home, files: Sequence[SentFile], tag: str, progress: Callable[[str], None], *, meanwhile: str
) -> Generator[None]:
    """Receive files in their order in another process while the body of the `with` runs; at its end all are in.

    Args:
        home: that receives them; what it has received before is not received again.
        files: that were written.
        tag: of the language in which each is told.
        progress: told each file that came in, in a line.
        meanwhile: what the body does, told when all files are in and it may not be at its end.

    Raises:
        Refusal: of `landing.receive`, `worker_lost` if the process was killed.
    """
    context = multiprocessing.get_context("spawn")
    receiver, sender = context.Pipe(duplex=False)
    child = context.Process(target=_receive_all, args=(home, files, tag, sender), name="senders", daemon=True)
    child.start()
    sender.close()  # of this side: the child's end is the last one, so that its death is seen
    failures: list[Exception] = []
    listening = threading.Thread(target=_listen, args=(receiver, progress, failures, meanwhile), daemon=True)
    listening.start()
    try:
        yield
        await_end(listening)
    finally:
        if listening.is_alive():  # the body broke: nobody waits for the rest
            child.terminate()
        child.join()
    if failures:
        raise failures[0]


def receive_here(home: Home, files: Sequence[SentFile], tag: str, progress: Callable[[str], None]) -> None:
    """Receive files in their order in this process: it has loaded all that a build needs, and has nothing else to do.

    Raises:
        Refusal: of `landing.receive`.
    """
    words = Words.load(tag)
    for file in files:
        _receive(home, file, words, progress)


def _listen(receiver: Connection, progress: Callable[[str], None], failures: list[Exception], meanwhile: str) -> None:
    """Tell what the child tells: lines, what stopped it, at its end None; without an end it was killed."""
    try:
        while (message := receiver.recv()) is not None:
            if isinstance(message, Exception):
                failures.append(message)
            else:
                progress(message)
        progress(meanwhile)
    except EOFError:
        failures.append(Refusal("worker_lost", where="receive"))


def _receive_all(home: Home, files: Sequence[SentFile], tag: str, sender: Connection) -> None:
    """Receive in this process; leave the interrupt of the keyboard to the one that was started by hand.

    Where that one was killed nobody hears: the pipe breaks at the next file, and the rest stays in the inbox.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with suppress(BrokenPipeError):
        try:
            receive_here(home, files, tag, sender.send)
        except Exception as error:
            sender.send(error)
        sender.send(None)


def _receive(home: Home, file: SentFile, words: Words, tell: Callable[[str], None]) -> None:
    receipt = landing.receive(
        home, file.source, file.path, letter_date=file.letter_date, letter_number=file.letter_number
    )
    if receipt.verdict != "known":
        counts = {"landed": receipt.rows_landed, "quarantined": receipt.rows_quarantined}
        tell(words.text("demo.received", file=file.path.name, source=file.source, **counts))
