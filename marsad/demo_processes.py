"""The demo in two processes: its rounds in one that ends with all that they loaded, its reports in this one.

Belongs here: that process, what is heard of it, and how it is stopped. Does not belong here: what happens in a round
(`demonstration.py`), which this process does not load before the last figures are about to be released.

What two rounds load and leave is half a gigabyte more than what a report needs.
"""

from __future__ import annotations

import importlib
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from multiprocessing.connection import Connection

from ingestion.home import Home
from ingestion.stop_signals import stopped_in_words
from ingestion.waiting import LOOKS_UP_SECONDS, end_of
from languages.refusal import Refusal
from languages.words import Words
from marsad.terminal.process_settings import settle

_FOR_REPORTS = ("marsad.demonstration", "assets.definitions", "reports.publishing.issue_report")
"""What this process needs after the rounds, with all that it imports: two seconds, while releases take one core."""


def run(home: Home, years: int, words: Words, progress: Callable[[str], None]) -> bool:
    """Run the demo in a home of its own and return whether all of it went through; a second run changes nothing.

    Args:
        home: of the demo.
        years: of the country, up to 2025.
        words: in which it is told.
        progress: told each step, in a line.

    Raises:
        Refusal: as `demonstration.rounds`; `worker_lost` if the process of the rounds was killed; `command_stopped`
            with the number of the signal after SIGINT or SIGTERM.
    """
    context = multiprocessing.get_context("spawn")
    receiver, sender = context.Pipe(duplex=False)
    child = context.Process(target=_tell_rounds, args=(home, years, words.tag, sender), name="rounds")
    with stopped_in_words("command_stopped", home.root):
        child.start()
        sender.close()  # of this side: the child's end is the last one, so that its death is seen
        try:
            passed = _passed(receiver, progress)
        except BaseException:
            child.terminate()  # it has nothing left to do, or is told to stop as a build is
            raise
        finally:
            child.join()
    if not passed:
        return False
    from marsad import demonstration  # late: see above

    return demonstration.report(home, words, progress)


def _passed(receiver: Connection, progress: Callable[[str], None]) -> bool:
    """Tell the lines of the child; once it is near its end, load what reports need; return whether it went through."""
    loading, passed = threading.Thread(target=_load, daemon=True), False
    for told in _heard(receiver):
        if isinstance(told, str):
            progress(told)
        elif told is None and not loading.ident:
            loading.start()
        elif isinstance(told, bool):
            passed = told
            break
    if loading.ident:
        end_of(loading)
    return passed


def _heard(receiver: Connection) -> Iterator[object]:
    """Yield lines, None near the end, and whether the rounds went through."""
    with receiver:
        while True:
            if not receiver.poll(LOOKS_UP_SECONDS):  # in pieces: another thread may get the signal that stops a demo
                continue
            try:
                told = receiver.recv()
            except EOFError as lost:
                raise Refusal("worker_lost", where="demo") from lost
            if isinstance(told, Exception):
                raise told
            yield told


def _load() -> None:
    for name in _FOR_REPORTS:
        importlib.import_module(name)


def _tell_rounds(home: Home, years: int, tag: str, sender: Connection) -> None:
    """Run the rounds and tell each step, what stopped them, or whether they went through.

    The terminal's interrupt goes to the process that was started by hand, which ends this one as a build is ended.
    """
    if hasattr(os, "setpgrp"):
        os.setpgrp()
    settle()
    threading.Thread(target=_end_with_parent, daemon=True).start()
    from marsad import demonstration  # late: the process that is told does not load it yet

    country, near_end = partial(demonstration.country_of, years), partial(sender.send, None)
    with suppress(BrokenPipeError):
        try:
            sender.send(demonstration.rounds(home, Words.load(tag), sender.send, country, near_end=near_end))
        except Exception as error:  # whatever it is, it is raised where somebody hears of it
            sender.send(error)


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os.kill(os.getpid(), signal.SIGTERM)
