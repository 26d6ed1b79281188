"""What every factory of assets is given: the home, where to report progress, and where refusals are kept.

Does not belong here: assets.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path

import dagster as dg

from assets.outputs import changed_outputs
from assets.stages import code_version, hashes_before_run, record_stages
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
"""Who answers for the assets of a group, shown in Dagster's interface."""


_OF_THE_LEDGER = ("releases", "estimates")
"""The stages that write lines of the ledger."""


def _report_nothing(_message: str) -> None:
    """Report nothing: the interface has its own log."""


@dataclass(frozen=True)
class BuildContext:
    """A home, the ears of whoever started the run, and whether the starter holds the home's lock.

    Attributes:
        home: whose assets they are.
        progress: told each step in a line.
        is_locked: whether the starter holds the home's lock.
        may_release: whether a run may write releases and the ledger; else their assets are shown and cannot be run.
        refusals: what was refused on the way, for people.
        silent: dataset to why it holds no figure yet; that stops nothing where another dataset is released.
        code: what decides in the checkout what each stage writes, hashed before the run begins.
        given: what the stages read that others may change, hashed before the run begins.
        begun: stages that an asset of this run has begun.
        done: stages that came to their end in this run.
        parts: of the stages that are many assets, those that came to their end.
        apart: the languages whose report another process makes meanwhile.
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

    def __post_init__(self) -> None:
        """Hash what others may change while the run goes on: a file that comes in between waits for the next build."""
        code, given = hashes_before_run(self.home)
        self.code.update(code)
        self.given.update(given)

    def code_version(self, stage: str) -> str:
        """Return the code version of the assets of a stage."""
        return code_version(self.code, stage)

    def finish_stage(self, stage: str, part: str = "", parts: Sequence[str] = ("",)) -> None:
        """Remember that a stage is done, so that a build killed later goes on from here.

        A stage of several assets is done when each of `parts` is. Those before it in this run are remembered anew: a
        release writes the ledger, which they read.
        """
        self.parts.add((stage, part))
        if all((stage, asset) in self.parts for asset in parts):
            self.done.append(stage)
            record_stages(self.home, self.done, self.code, self.given)

    @contextmanager
    def refusals_as_failures(self, stage: str) -> Generator[None]:
        """Keep a refusal, also one of the disk, for the front desk; fail the step with its code, without a traceback.

        A step started from the interface takes the home's lock itself; a build of the command holds it already. The
        first step of a stage removes what the stage wrote and somebody changed since, lest it is taken for its work.
        """
        if stage in _OF_THE_LEDGER:
            self._fail_where_the_disk_said_no()
        try:
            with nullcontext() if self.is_locked else self.home.lock("marsad ui, a run"):
                self._begin(stage)
                yield
        except Exception as error:
            refusal = refusal_of(error, self.home.root)
            if refusal is None:
                raise
            self.refusals.append(refusal)
            raise dg.Failure(description=str(refusal)) from error

    def _fail_where_the_disk_said_no(self) -> None:
        """Fail a step that writes the ledger if the disk said no to one before it in this run.

        A release tells which ones were before it: so the next build releases in the order of an undisturbed one, and
        gives the same bytes.

        Raises:
            Failure: with what the disk said no to, which the front desk tells once.
        """
        disk_refusal = next((refusal for refusal in self.refusals if refusal.code in OF_THE_DISK), None)
        if disk_refusal:
            raise dg.Failure(description=str(disk_refusal))

    def _begin(self, stage: str) -> None:
        if stage in self.begun:
            return
        self.begun.add(stage)
        for path in filter(Path.exists, changed_outputs(self.home, [stage])):  # one that is gone may be withdrawn
            self.progress(f"changed since it was written: {path}; it is written again")
            path.unlink()
