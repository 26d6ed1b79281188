"""The invented senders of the demo: their files are received in a separate process, one after the other.

Belongs here: that process, and its messages. Does not belong here: who sends what when (`samples`), or what happens
between the rounds (`demonstration.py`, which the process need not import).

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
from ingestion.sealing.sealing_keys import DEMO_KEY
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
    """Receive files in their order in another process while the body of the `with` runs; at its end all are received.

    Args:
        home: that receives them; files received before are skipped.
        files: that were written.
        tag: of the language of the messages.
        progress: called with a line for each received file.
        meanwhile: what the body does, reported if all files are received before it ends.

    Raises:
        Refusal: of `landing.receive`, `worker_lost` if the process was killed.
    """
    context = multiprocessing.get_context("spawn")
    receiver, sender = context.Pipe(duplex=False)
    child = context.Process(target=_receive_all, args=(home, files, tag, sender), name="senders", daemon=True)
    child.start()
    sender.close()  # this side's copy: only the child's remains, so that its death is noticed
    failures: list[Exception] = []
    listening = threading.Thread(target=_listen, args=(receiver, progress, failures, meanwhile), daemon=True)
    listening.start()
    try:
        yield
        await_end(listening)
    finally:
        if listening.is_alive():  # the body failed: nobody waits for the rest
            child.terminate()
        child.join()
    if failures:
        raise failures[0]


def receive_here(home: Home, files: Sequence[SentFile], tag: str, progress: Callable[[str], None]) -> None:
    """Receive files in their order in this process, which has already loaded all that a build needs.

    Raises:
        Refusal: of `landing.receive`.
    """
    words = Words.load(tag)
    for file in files:
        _receive(home, file, words, progress)


def _listen(receiver: Connection, progress: Callable[[str], None], failures: list[Exception], meanwhile: str) -> None:
    """Relay the child's messages: lines, the error that stopped it, None at its end; without that it was killed."""
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
    """Receive in this process; ignore Ctrl-C, which is for the process that was started by hand.

    If that one was killed, nobody listens: the pipe breaks at the next file, and the rest stays in the inbox.
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
        home, file.source, file.path, letter_date=file.letter_date, letter_number=file.letter_number, key=DEMO_KEY
    )
    if receipt.verdict != "known":
        counts = {"landed": receipt.rows_landed, "quarantined": receipt.rows_quarantined}
        tell(words.text("demo.received", file=file.path.name, source=file.source, **counts))
