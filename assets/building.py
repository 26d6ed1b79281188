"""A build: running the graph over received files, from the first stage whose input changed.

Belongs here: the lock, the selection, Dagster's instance in the home, reporting the outcome. Does not belong here: what
is stale (`stages.py`) or what an asset does.
"""

from __future__ import annotations

import datetime
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from assets import proposals, stages
from ingestion.checkout_files import ROOT
from ingestion.home import Home, write_bytes
from ingestion.leftovers import Tidied
from ingestion.stop_signals import INTERRUPTED_QUERY, stopped_in_words
from ingestion.submissions.receipts import read_receipts
from languages.refusal import Refusal

if TYPE_CHECKING:
    import dagster as dg

    from assets.house import BuildContext

_SETTINGS = ROOT / "dagster.yaml"
"""Dagster's settings for every home; `dagster dev` reads them in place."""

LOADING = "build: loading Dagster and dbt"
"""Reported while loading takes some seconds without any other output."""

_STOPPED = ("KeyboardInterrupt", "DagsterExecutionInterruptedError")
"""Dagster's names for the error of a step that SIGINT or SIGTERM ended."""

# the pillar is called protection too, so that the step's group is `protected`
_GROUPS = {
    "landing": ["landing"],
    "warehouse": ["codes", "staging", "core", "prevention", "protection", "prosecution", "partnership"],
    "candidates": ["candidates"],
    "protection": ["protected"],
    "gates": ["gates"],
    "releases": ["releases"],
    "estimates": ["estimates"],
    "reports": ["reports"],
}


@dataclass(frozen=True)
class BuildReport:
    """The result of a build.

    Attributes:
        stages: those that ran; empty if nothing changed.
        refusals: what was refused, for people.
        silent: why a dataset holds no figure yet, while another one is released.
        awaiting: what the build would publish once it is signed, `<dataset>/<version>`.
        failed_steps: step to the error behind it, for the log; a refusal has one too.
    """

    stages: tuple[str, ...]
    refusals: list[Refusal] = field(default_factory=list[Refusal])
    failed_steps: dict[str, str] = field(default_factory=dict[str, str])
    silent: list[Refusal] = field(default_factory=list[Refusal])
    awaiting: tuple[str, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether every stage that ran succeeded."""
        return not self.refusals and not self.failed_steps


def build(
    home: Home,
    *,
    progress: Callable[[str], None],
    until: str = stages.STAGE_NAMES[-1],
    wait: float = 0.0,
    on_wait: Callable[[Refusal], None] = lambda _held: None,
) -> BuildReport:
    """Run what is stale, in one process, on the home's own Dagster instance.

    Args:
        home: an opened home.
        progress: called with each step, as a line.
        until: the last stage to run; after `gates` nothing is published, but candidates and verdicts are made.
        wait: most seconds to wait for another writer.
        on_wait: called once, with the refusal that names the current holder.

    Raises:
        Refusal: `home_empty` if nothing was ever received; `lock_held` if another writer is running;
            `build_stopped` with the number of the signal after SIGINT or SIGTERM.
    """
    if not read_receipts(home):
        raise Refusal("home_empty", where=str(home.root))
    with stopped_in_words("build_stopped", home.root), home.lock("marsad build", wait=wait, on_wait=on_wait) as tidied:
        _tell_tidying(tidied, progress)
        finish_publication(home)
        first = stages.stale_from(home)
        if first is None:
            return BuildReport(())
        names = list(stages.STAGE_NAMES[first : stages.STAGE_NAMES.index(until) + 1])
        return _run_until_signatures(home, names, progress) if names else BuildReport(())


def finish_publication(home: Home) -> None:
    """Put in place what an act has published and a killed process has not; the caller holds the lock."""
    if not home.proposal.is_dir():
        return
    from expectations.releases import proposal

    kept = proposals.take_hashes(home)
    if proposal.finish(home):
        proposals.record(home, kept)


def _run_until_signatures(home: Home, names: list[str], progress: Callable[[str], None]) -> BuildReport:
    """Run the stages; where they would publish something new, stop before the reports and tell what waits."""
    if names[0] in proposals.LEDGER_STAGES and proposals.is_current(home, stages.code_of(home)):
        return BuildReport((), awaiting=_awaiting(home))
    first = [name for name in names if name != "reports"]
    report = run_stages(home, first, progress) if first else BuildReport(())
    if report.awaiting or not report.passed or names == first:
        return report
    last = run_stages(home, ["reports"], progress)
    return replace(last, stages=(*report.stages, *last.stages), silent=[*report.silent, *last.silent])


def _awaiting(home: Home) -> tuple[str, ...]:
    from expectations.releases import proposal

    return tuple(f"{entry.dataset}/{entry.version}" for entry in proposal.additions(home))


def _tell_tidying(tidied: Tidied, progress: Callable[[str], None]) -> None:
    for path in tidied.swept:
        progress(f"swept: {path} (left by a process that was killed)")
    if open_places := [stray for stray in tidied.mended if stray.is_too_open]:
        progress(f"rights mended: {len(open_places)} places were open to others, e.g. {open_places[0].path}")


def prepare_instance(home: Home) -> None:
    """Write Dagster's settings into the home and make this process use them."""
    settings, wanted = home.dagster / _SETTINGS.name, _SETTINGS.read_bytes()
    if not settings.exists() or settings.read_bytes() != wanted:
        write_bytes(settings, wanted)
    os.environ["DAGSTER_HOME"] = str(home.dagster)


def is_loaded() -> bool:
    """Return whether this process has loaded what a build needs."""
    return "assets.definitions" in sys.modules


def prepare(home: Home) -> None:
    """Load what a build needs and let dbt parse its project, which takes longer than a small build, in advance.

    Args:
        home: an opened one; nothing of it is read except dbt's earlier output.
    """
    from assets.dbt_events import prepare_manifest

    prepare_instance(home)
    prepare_manifest(home)


def run_stages(home: Home, names: list[str], progress: Callable[[str], None]) -> BuildReport:
    """Run the named stages, stale or not; the caller holds the lock."""
    prepare_instance(home)
    progress(LOADING)
    import dagster as dg  # imported late: only if there is something to run

    from assets import dead_runs, given
    from assets.definitions import RELEASING_JOB, build_definitions
    from assets.house import BuildContext
    from expectations.cards.dataset_card import dataset_names
    from expectations.releases import proposal

    publishes = any(name in proposals.LEDGER_STAGES for name in names)
    proposing = proposal.lay_out(home) if publishes else None
    house = BuildContext(home, progress, is_locked=True, may_release=True, proposing=proposing)
    definitions = build_definitions(house)
    with dg.DagsterInstance.get() as instance:
        dead_runs.fail_dead_runs(instance)
        for event in given.changed_events(instance, home, datetime.datetime.now(tz=datetime.UTC).date()):
            instance.report_runless_asset_event(event)
        try:
            outcome = definitions.resolve_job_def(RELEASING_JOB).execute_in_process(
                instance=instance,
                raise_on_error=False,
                asset_selection=keys_of(definitions, names),
                tags=dead_runs.OURS,
                run_config={"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}},  # Dagster keeps it
            )
        except dg.DagsterExecutionInterruptedError as stopped:
            raise KeyboardInterrupt from stopped
    failures = outcome.filter_events(lambda event: event.is_step_failure)
    causes = {event.step_key or "": _cause(event) for event in failures}
    if any(cause.is_stop for cause in causes.values()):
        raise KeyboardInterrupt
    failed = {step: cause.text for step, cause in causes.items()}
    silent, awaiting = list(house.silent.values()), _settle_proposal(house) if publishes else ()
    if len(silent) == len(dataset_names()):  # nothing at all can be released
        return BuildReport(tuple(names), [*house.refusals, *silent], failed)
    return BuildReport(tuple(names), house.refusals, failed, silent, awaiting)


def _settle_proposal(house: BuildContext) -> tuple[str, ...]:
    """Keep a proposal that would publish something; else record its stages, which had nothing to publish, as done."""
    from expectations.releases import proposal

    awaiting = _awaiting(house.home)
    if awaiting:
        proposals.keep(house.home, house.proposed, house.hashes)
    else:
        proposal.discard(house.home)
        stages.record_stages(house.home, house.proposed, house.hashes)
    return awaiting


def keys_of(definitions: dg.Definitions, names: list[str]) -> list[dg.AssetKey]:
    """Return the assets of the named stages."""
    groups = {group for name in names for group in _GROUPS[name]}
    graph = definitions.resolve_asset_graph()
    return [key for key in graph.materializable_asset_keys if graph.get(key).group_name in groups]


@dataclass(frozen=True)
class _StepError:
    """Why a step failed.

    Attributes:
        name: class name of the error.
        message: of the error.
        text: for the log, with where it was raised.
    """

    name: str
    message: str
    text: str

    @property
    def is_stop(self) -> bool:
        """Whether somebody stopped the build."""
        return self.name in _STOPPED or INTERRUPTED_QUERY in self.message


def _cause(event: dg.DagsterEvent) -> _StepError:
    """Return the original error, inside those that Dagster and we wrapped around it."""
    error = event.step_failure_data.error
    while error is not None and error.cause is not None:
        error = error.cause
    return _StepError(error.cls_name or "", error.message, error.to_string()) if error else _StepError("", "", "")
