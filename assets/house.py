"""What every factory of assets is given: the home, where to report progress, and where refusals are kept.

Does not belong here: assets.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field

import dagster as dg

from assets.stages import record
from ingestion.home import Home
from ingestion.storage import refusal_of
from languages.refusal import Refusal

OWNERS = {
    "landing": "team:intake",
    "candidates": "team:statistics",
    "protected": "team:disclosure",
    "gates": "team:disclosure",
    "releases": "team:statistics",
    "reports": "team:editors",
}
"""Who answers for the assets of a group, shown in Dagster's interface."""


def _silent(_message: str) -> None:
    """Report nothing: the interface has its own log."""


@dataclass(frozen=True)
class House:
    """A home, the ears of whoever started the run, and whether the starter holds the home's lock.

    Attributes:
        refusals: what was refused on the way.
        silent: dataset to why it holds no figure yet; that stops nothing where another dataset is released.
    """

    home: Home
    progress: Callable[[str], None] = _silent
    is_locked: bool = False
    refusals: list[Refusal] = field(default_factory=list[Refusal])
    silent: dict[str, Refusal] = field(default_factory=dict[str, Refusal])

    def finished(self, stage: str) -> None:
        """Remember that a stage is done, so that a build killed later goes on from here."""
        record(self.home, [stage])

    @contextmanager
    def answering(self) -> Generator[None]:
        """Keep a refusal, also one of the disk, for the front desk; fail the step with its code, without a traceback.

        A step started from the interface takes the home's lock itself; a build of the command holds it already.
        """
        try:
            with nullcontext() if self.is_locked else self.home.lock("a run of the interface"):
                yield
        except Exception as error:
            refusal = refusal_of(error, self.home.root)
            if refusal is None:
                raise
            self.refusals.append(refusal)
            raise dg.Failure(description=str(refusal)) from error
