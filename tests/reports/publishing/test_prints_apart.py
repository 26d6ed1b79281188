"""A process of its own sets the same pages, tells what went wrong, and its death is noticed."""

from __future__ import annotations

import datetime
import multiprocessing
import signal
import threading
from pathlib import Path

import pytest
from filelock import FileLock

from languages.refusal import Refusal
from reports.publishing.prints_apart import typeset_apart
from reports.renderers.typesetting import Manuscript, typeset

_PAGE = b"""#set document(title: "t")
#set text(lang: "en", font: "IBM Plex Sans Arabic")
#table(columns: 2, table.header[a][b], [c], [d])"""


def _manuscript(page: bytes = _PAGE) -> Manuscript:
    return Manuscript({"main": page}, datetime.date(2026, 1, 1), is_right_to_left=True)


def test_a_process_of_its_own_sets_the_same_bytes() -> None:
    assert typeset_apart({"a.pdf": _manuscript()})() == {"a.pdf": typeset(_manuscript())}


def test_what_stops_typst_is_raised_where_the_report_is_made() -> None:
    with pytest.raises(Exception, match="unknown variable: nobody"):
        typeset_apart({"a.pdf": _manuscript(b"#nobody")})()


def test_a_process_that_was_killed_is_a_refusal() -> None:
    before = set(multiprocessing.active_children())
    printed = typeset_apart({"a.pdf": _manuscript()})
    (child,) = set(multiprocessing.active_children()) - before
    child.kill()
    with pytest.raises(Refusal, match="worker_lost"):
        printed()


def test_who_has_not_the_turn_waits_for_it(tmp_path: Path) -> None:
    before = set(multiprocessing.active_children())
    with FileLock(tmp_path / "turn"):
        printed = typeset_apart({"a.pdf": _manuscript()}, tmp_path / "turn")
        (child,) = set(multiprocessing.active_children()) - before
        child.join(1)
        assert child.is_alive()
    assert printed() == {"a.pdf": typeset(_manuscript())}


def test_a_stop_is_heard_though_another_thread_gets_the_signal(tmp_path: Path) -> None:
    before = set(multiprocessing.active_children())
    with FileLock(tmp_path / "turn"):
        printed = typeset_apart({"a.pdf": _manuscript()}, tmp_path / "turn")
        (child,) = set(multiprocessing.active_children()) - before
        rescue = threading.Timer(20, child.kill)  # the end of a wait that heard nothing
        rescue.start()
        with pytest.raises(KeyboardInterrupt):  # on a busy machine the signal may come before the wait
            threading.Timer(0.5, lambda: signal.pthread_kill(threading.get_ident(), signal.SIGINT)).start()
            printed()
        assert not rescue.finished.is_set()
        rescue.cancel()
    child.kill()
