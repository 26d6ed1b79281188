"""Blocks and years side by side: the same pure function over many of them, on all cores.

Belongs here: how many processes are worth their start, and what becomes of one that dies.
Does not belong here: what is done to a block and year (`protect_block.py`, `disclosure_audit.py`); no files, no clock,
so that the answers do not depend on who gave them.
"""

from __future__ import annotations

import atexit
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import partial
from multiprocessing.context import BaseContext
from typing import TypeVar

from languages.refusal import Refusal

Task = TypeVar("Task")
Answer = TypeVar("Answer")

MOST = 8  # each holds the solver and a few tables: some 200 MB
WORTH = 2_000  # base cells that others could take over: fewer are done before a second process has started


def cores() -> int:
    """Return how many cores this process may use, at least 1."""
    if hasattr(os, "sched_getaffinity"):  # not on macOS and Windows
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def workers_for(sizes: Sequence[int]) -> int:
    """Return how many processes are worth their start; 1: none beside this one.

    Args:
        sizes: of the tasks, in base cells. The largest is done by somebody anyway, so only the others count.
    """
    shared = sum(sizes) - max(sizes, default=0)
    return min(cores(), MOST, len(sizes)) if shared >= WORTH else 1


def in_order(
    work: Callable[[Task], Answer],
    tasks: Sequence[Task],
    sizes: Sequence[int],
    *,
    where: str,
    workers: int | None = None,
) -> Iterator[Answer]:
    """Yield the answer to each task, in the order of the tasks; the largest are begun first.

    Processes are never forked from this one, whose clock has threads. They come from a server that has read the module
    of `work` and holds nothing else, so that all steps of a build pay for reading it once and share its memory; where a
    system has no such server they are spawned.

    Args:
        work: a function of a module, or a partial of one.
        tasks: what is handed to it; like the answers they travel as pickles.
        sizes: in base cells, one a task.
        where: the step, for a refusal.
        workers: how many processes; None: as many as are worth it.

    Raises:
        Refusal: `worker_lost` if a process ended before it answered, e.g. killed for want of memory; or what `work`
            raises.
    """
    count = min(workers_for(sizes) if workers is None else workers, len(tasks))
    if count < 2:
        yield from map(work, tasks)
        return
    executor = ProcessPoolExecutor(count, _context(work), initializer=_begin)
    try:
        largest_first = sorted(range(len(tasks)), key=lambda number: -sizes[number])
        futures = {number: executor.submit(work, tasks[number]) for number in largest_first}
        for number in range(len(tasks)):
            yield futures.pop(number).result()
    except BrokenProcessPool as error:
        raise Refusal("worker_lost", where=where) from error
    except KeyboardInterrupt:
        _end(executor)
        raise
    finally:
        executor.shutdown(cancel_futures=True)


def _end(executor: ProcessPoolExecutor) -> None:
    """End the processes in the middle of their tasks: whoever stops a build does not wait for a block of cells."""
    for process in (executor._processes or {}).values():  # pyright: ignore[reportPrivateUsage] - public from 3.14 on
        process.kill()


def _context(work: Callable[..., object]) -> BaseContext:
    """Return how processes are begun; a server that runs already keeps what it has read."""
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([work.func.__module__ if isinstance(work, partial) else work.__module__])
    atexit.unregister(_end_server)
    atexit.register(_end_server)
    return context


def _end_server() -> None:
    """Wait for the server's end, so that what its processes used is counted as this command's."""
    from multiprocessing import forkserver  # there is none on every system

    forkserver._forkserver._stop()  # pyright: ignore[reportAttributeAccessIssue, reportPrivateUsage]


def _begin() -> None:
    """Leave the interrupt of the keyboard to the process that was started by hand, and end when that one ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """A process that waits for tasks does not notice that nobody is left to send any."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
