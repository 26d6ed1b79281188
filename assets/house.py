"""The build context of every asset factory: the home, where to report progress, and where refusals are collected.

Does not belong here: assets.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path

import dagster as dg

from assets.outputs import changed_outputs
from assets.proposals import LEDGER_STAGES
from assets.stages import StageHashes, code_version, hashes_before_run, record_stages
from expectations.protection.parallel_blocks import Apart
from ingestion.home import Home
from ingestion.storage import OF_THE_DISK, refusal_of
from languages.refusal import Refusal

OWNERS = {
    "inputs": "team:intake",
    "landing": "team:intake",
    "warehouse": "team:statistics",
    "candidates": "team:statistics",
    "protected": "team:disclosure",
    "gates": "team:disclosure",
    "releases": "team:statistics",
    "estimates": "team:statistics",
    "reports": "team:editors",
}
"""The owners of the assets of a group, shown on Dagster's pages."""


def _report_nothing(_message: str) -> None:
    """Report nothing: Dagster has its own log."""


@dataclass(frozen=True)
class BuildContext:
    """A home, where the starter of a run wants progress reported, and whether the starter holds the home's lock.

    Attributes:
        home: whose assets they are.
        progress: called with each step, as a line.
        is_locked: whether the starter holds the home's lock.
        may_release: whether a run may write releases and the ledger; else their assets are shown but cannot be run.
        refusals: what was refused, for people.
        silent: dataset to why it holds no figure yet; that stops nothing if another dataset is released.
        code: hash of the checkout files that decide what each stage writes, taken before the run begins.
        given: hash of what the stages read that others may change, taken before the run begins.
        begun: stages that an asset of this run has begun.
        done: stages that came to their end in this run.
        parts: of the stages with many assets, those that came to their end.
        apart: the languages whose report another process makes meanwhile.
        proposing: where releases and estimates are written until they are signed; None where a run publishes nothing.
        proposed: stages that came to their end in it.
    """

    home: Home
    progress: Callable[[str], None] = _report_nothing
    is_locked: bool = False
    may_release: bool = False
    refusals: list[Refusal] = field(default_factory=list[Refusal])
    silent: dict[str, Refusal] = field(default_factory=dict[str, Refusal])
    code: dict[str, str] = field(default_factory=dict[str, str])
    given: dict[str, str] = field(default_factory=dict[str, str])
    begun: set[str] = field(default_factory=set[str])
    done: list[str] = field(default_factory=list[str])
    parts: set[tuple[str, str]] = field(default_factory=set[tuple[str, str]])
    apart: dict[str, Apart[str, Path]] = field(default_factory=dict[str, "Apart[str, Path]"])
    proposing: Home | None = None
    proposed: list[str] = field(default_factory=list[str])

    def __post_init__(self) -> None:
        """Hash what others may change during the run: a file that comes in between waits for the next build."""
        before = hashes_before_run(self.home)
        self.code.update(before.code)
        self.given.update(before.given)

    @property
    def releasing(self) -> Home:
        """The home that releases and estimates are written to: a proposal, until it is signed."""
        return self.proposing or self.home

    @property
    def hashes(self) -> StageHashes:
        """The hashes of all stages from before the run."""
        return StageHashes(self.code, self.given)

    def code_version(self, stage: str) -> str:
        """Return the code version of the assets of a stage."""
        return code_version(self.code, stage)

    def finish_stage(self, stage: str, part: str = "", parts: Sequence[str] = ("",)) -> None:
        """Record that a stage is done, so that a build killed later continues from here.

        A stage of several assets is done when each of `parts` is. What was only proposed is recorded once it is
        published (`proposals.py`).
        """
        self.parts.add((stage, part))
        if not all((stage, asset) in self.parts for asset in parts):
            return
        if self.proposing and stage in LEDGER_STAGES:
            self.proposed.append(stage)
        else:
            self.done.append(stage)
            record_stages(self.home, self.done, self.hashes)

    @contextmanager
    def refusals_as_failures(self, stage: str) -> Generator[None]:
        """Collect a refusal, or a disk error, for the command; fail the step with its code, without a traceback.

        A step started by Dagster's own commands takes the home's lock itself; `marsad build` holds it already. The
        first step of a stage removes files that the stage wrote and somebody has changed since, so that they are not
        taken for its output.
        """
        if stage in LEDGER_STAGES:
            self._fail_where_the_disk_said_no()
        try:
            with nullcontext() if self.is_locked else self.home.lock("dagster, a run"):
                self._begin(stage)
                yield
        except Exception as error:
            refusal = refusal_of(error, self.home.root)
            if refusal is None:
                raise
            self.refusals.append(refusal)
            raise dg.Failure(description=str(refusal)) from error

    def _fail_where_the_disk_said_no(self) -> None:
        """Fail a step that writes the ledger if a disk error occurred in an earlier step of this run.

        A release records the ones before it: so the next build releases in the order of an undisturbed one, and gives
        the same bytes.

        Raises:
            Failure: with the disk error, which the command reports once.
        """
        disk_refusal = next((refusal for refusal in self.refusals if refusal.code in OF_THE_DISK), None)
        if disk_refusal:
            raise dg.Failure(description=str(disk_refusal))

    def _begin(self, stage: str) -> None:
        if stage in self.begun:
            return
        self.begun.add(stage)
        for path in filter(Path.exists, changed_outputs(self.home, [stage])):  # a missing one may be withdrawn
            self.progress(f"changed since it was written: {path}; it is written again")
            path.unlink()
