"""Process blocks and years in parallel: the same pure function over many of them, on all cores.

Belongs here: how many processes are worth starting, and what happens if one dies.
Does not belong here: what is done to a block and year (`protect_block.py`, `disclosure_audit.py`); no files, no clock,
so that the answers do not depend on the process that computed them.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from multiprocessing.connection import Connection
from typing import Generic, NamedTuple, TypeVar

from ingestion.waiting import LOOKS_UP_SECONDS
from languages.refusal import Refusal

Task = TypeVar("Task")
Answer = TypeVar("Answer")

MOST = 8  # each holds the solver and a few tables: some 200 MB
WORTH = 2_000  # base cells that others could take over: fewer are finished before a second process has started


def cores() -> int:
    """Return the number of cores that this process may use, at least 1."""
    if hasattr(os, "sched_getaffinity"):  # not on macOS and Windows
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def workers_for(sizes: Sequence[int]) -> int:
    """Return the number of processes worth starting; 1: none besides this one.

    Args:
        sizes: sizes of the tasks, in base cells. One process does the largest anyway, so only the others count.
    """
    shared = sum(sizes) - max(sizes, default=0)
    return min(cores(), MOST, len(sizes)) if shared >= WORTH else 1


class Sized(NamedTuple, Generic[Task]):
    """A task, its position among all, and its size in base cells; 0 if it costs nothing."""

    place: int
    task: Task
    size: int


def run_in_order(
    work: Callable[[Task], Answer],
    arriving: Iterable[Sized[Task]],
    *,
    where: str,
    workers: int | None = None,
    meanwhile: Callable[[], None] = lambda: None,
) -> Iterator[Answer]:
    """Yield the answer to each task, in the order of their positions; a task is started as soon as it arrives.

    Processes are spawned, never forked: this process runs threads (the progress clock).

    Args:
        work: a function of a module, or a partial of one.
        arriving: the tasks, the largest first; tasks and answers are pickled. Producing one may take time.
        where: name of the step, for a refusal.
        workers: number of processes; None: as many as are worth it.
        meanwhile: called while other processes work, before waiting for the first answer.

    Raises:
        Refusal: `worker_lost` if a process ended before it answered, e.g. killed for lack of memory; or whatever `work`
            raises.
    """
    pool = _Pool(work, workers)
    try:
        for sized_task in arriving:
            pool.take(sized_task)
        if pool.executor is None:
            yield from map(work, [each.task for each in sorted(pool.waiting, key=lambda each: each.place)])
        else:
            meanwhile()
        for place in sorted(pool.futures):
            yield _answer_of(pool.futures.pop(place))
    except BrokenProcessPool as error:
        raise Refusal("worker_lost", where=where) from error
    except KeyboardInterrupt:
        pool.kill()
        raise
    finally:
        pool.end()


class Apart(Generic[Task, Answer]):
    """One task in a separate process, in parallel with this one."""

    def __init__(self, work: Callable[[Task], Answer], task: Task, *, where: str) -> None:
        """Start it.

        Args:
            work: a function of a module, or a partial of one.
            task: argument of `work`; task and answer are pickled.
            where: name of the step, for a refusal.
        """
        self._pool, self._where = _Pool(work, 1), where
        self._executor = self._pool.begin()
        self._future = self._executor.submit(work, task)
        self._future.add_done_callback(self._shut_down)  # an idle process holds its memory until it is shut down

    def _shut_down(self, _: Future[Answer]) -> None:
        self._executor.shutdown(wait=False)

    def answer(self) -> Answer:
        """Wait for the answer.

        Raises:
            Refusal: `worker_lost` if the process ended before it answered; or whatever the work raises.
        """
        try:
            return _answer_of(self._future)
        except BrokenProcessPool as error:
            raise Refusal("worker_lost", where=self._where) from error
        except KeyboardInterrupt:
            self._pool.kill()
            raise
        finally:
            self._pool.end()

    def kill(self) -> None:
        """Kill it before it has finished: the answer is no longer needed."""
        self._pool.kill()
        self._pool.end()


def _answer_of(future: Future[Answer]) -> Answer:
    """Wait for an answer, waking now and then: another thread may receive the signal that stops a build."""
    while not wait([future], timeout=LOOKS_UP_SECONDS).done:
        pass
    return future.result()


class _Pool(Generic[Task, Answer]):
    """Processes that are started once enough tasks have arrived to be worth it; until then tasks wait."""

    def __init__(self, work: Callable[[Task], Answer], workers: int | None) -> None:
        self._work, self._workers = work, workers
        self._sizes: list[int] = []
        self.waiting: list[Sized[Task]] = []
        self.futures: dict[int, Future[Answer]] = {}
        self.executor: ProcessPoolExecutor | None = None
        self._end_of_this: Connection | None = None

    def take(self, sized_task: Sized[Task]) -> None:
        """Start a task, or let it wait."""
        self.waiting.append(sized_task)
        self._sizes.append(sized_task.size)
        if self.executor is None and self._is_worth_it():
            self.begin()
        if self.executor is not None:
            self.futures |= {each.place: self.executor.submit(self._work, each.task) for each in self.waiting}
            self.waiting.clear()

    def begin(self) -> ProcessPoolExecutor:
        """Create the pool; each process is started when there is a task for it."""
        spawning = multiprocessing.get_context("spawn")
        ends, self._end_of_this = spawning.Pipe(duplex=False)
        count = self._workers or min(cores(), MOST)
        self.executor = ProcessPoolExecutor(count, spawning, initializer=_begin, initargs=(ends,))
        return self.executor

    def _is_worth_it(self) -> bool:
        """Return whether a second process is worth starting; with a given number of workers, two tasks are enough."""
        if self._workers is None:
            return workers_for(self._sizes) > 1
        return self._workers > 1 and len(self._sizes) > 1

    def kill(self) -> None:
        """Kill the processes before they have finished: stopping a build does not wait for a block of cells."""
        if self._end_of_this is not None:
            self._end_of_this.close()

    def end(self) -> None:
        """Release the processes; tasks not yet started are dropped."""
        if self.executor is not None:
            self.executor.shutdown(cancel_futures=True)
        self.kill()


def _begin(end_of_parent: Connection) -> None:
    """Leave keyboard interrupts to the parent process, and exit when that one says so."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_exit_when_closed, args=(end_of_parent,), daemon=True).start()


def _exit_when_closed(end_of_parent: Connection) -> None:
    """Wait until the other end of the pipe is closed: by whoever stops this process, or because its parent is gone."""
    with suppress(OSError):
        end_of_parent.poll(None)
    os._exit(1)
