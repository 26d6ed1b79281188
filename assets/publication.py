"""From indicators to released datasets: candidates, one protection, a gate and a release for each dataset.

Belongs here: the factories over `expectations/datasets`. Does not belong here: any rule of the gate or of protection.

What an asset calls is imported when it runs: solvers and statistics take two seconds, which a graph that ends before
them does not pay.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import dagster as dg

from assets import event_metadata
from assets.house import OWNERS, BuildContext
from assets.stages import code_version_of, made_by, made_for
from expectations.cards import dataset_card, indicator_card
from ingestion.home import sha256_of

if TYPE_CHECKING:
    from expectations.protection.protect_datasets import BlockOutcome, ProtectionReport
    from expectations.releases.release_listing import ReleaseRecord

_PAGES = ("notes.*.md", "certificate.*.html")


def candidates(house: BuildContext) -> dg.AssetsDefinition:
    """Return one candidate a dataset: the union of the indicators that name it, true values, sealed."""
    cards = indicator_card.indicators(house.home).values()
    specs = [
        dg.AssetSpec(
            f"candidate_{dataset}",
            deps=[one.model for one in cards if dataset in one.datasets],
            group_name="candidates",
            kinds={"parquet"},
            owners=[OWNERS["candidates"]],
            description="The cells that would be published, with their true values. Sealed: never leaves the house.",
            code_version=code_version_of("candidates"),
        )
        for dataset in dataset_card.dataset_names()
    ]

    @dg.multi_asset(name="candidates", specs=specs)
    def built() -> Iterator[dg.MaterializeResult[Any]]:
        from expectations.candidates import candidate

        house.progress("candidates: adding up the published cells")
        watch = event_metadata.Stopwatch()
        with house.refusals_as_failures("candidates"):
            summaries = candidate.build(house.home)
        house.finished("candidates")
        for one in summaries:
            yield dg.MaterializeResult(
                asset_key=f"candidate_{one.dataset}",
                data_version=event_metadata.version_of(one.sha256, made_for(house.home, "candidates")),
                metadata={
                    "cells": event_metadata.counted(one.cells),
                    "cells_with_a_value": event_metadata.counted(one.valued),
                    "indicators": len(one.indicators),
                    "years": ", ".join(one.years),
                    "sha256": one.sha256,
                    "seconds_of_all_datasets": watch.seconds,
                },
            )

    return built


def protected(house: BuildContext) -> dg.AssetsDefinition:
    """Return the one protection over all datasets and all that was ever released."""

    @dg.asset(
        name="protected",
        deps=[*(f"candidate_{dataset}" for dataset in dataset_card.dataset_names()), "figures_of_others"],
        code_version=code_version_of("protection"),
        group_name="protected",
        kinds={"highs"},
        owners=[OWNERS["protected"]],
        description="Controlled rounding over the cells of all datasets together, with the ledger as constraints; "
        "every share and gap is computed here, from protected counts.",
    )
    def protect() -> dg.MaterializeResult[Any]:
        from expectations.gate import dataset_suite
        from expectations.protection import protect_datasets

        house.progress("protection: looking for what may be printed exactly")
        watch = event_metadata.Stopwatch()
        with house.refusals_as_failures("protection"):
            report = protect_datasets.protect(house.home, progress=house.progress, meanwhile=dataset_suite.load)
        house.finished("protection")
        return dg.MaterializeResult(
            data_version=event_metadata.version_of(made_by(house.home, "protection")),
            metadata={**_of_protection(report), "seconds": watch.seconds},
        )

    return protect


def gate_of(house: BuildContext, dataset: str) -> dg.AssetsDefinition:
    """Return `gate_<dataset>`: the verdict over the very bytes, with a check that blocks the release."""
    check = dg.AssetCheckSpec(
        "nothing_leaves_untested",
        asset=f"gate_{dataset}",
        blocking=True,
        description="Every critical rule holds for these very bytes. A broken one blocks the release; a broken warning "
        "is printed in its notes.",
    )

    @dg.asset(
        name=f"gate_{dataset}",
        deps=["protected", "figures_of_others"],
        code_version=code_version_of("gates"),
        group_name="gates",
        kinds={"gx"},
        owners=[OWNERS["gates"]],
        check_specs=[check],
        description="The dataset's suite and an independent disclosure audit over the final bytes; writes the verdict.",
    )
    def examined() -> Iterator[dg.MaterializeResult[Any]]:
        from assets import gate_events
        from expectations.gate import stored_verdict, verdicts

        house.progress(f"gate: examining {dataset}")
        watch = event_metadata.Stopwatch()
        with house.refusals_as_failures("gates"):
            verdict = verdicts.examine(house.home, dataset)
        if verdict.is_silent:  # it says nothing, so nothing can leak: the other datasets go on
            house.silent[dataset] = verdicts.silence(house.home, dataset)
        else:
            house.refusals.extend(verdict.refusals)  # the check below blocks; the front desk tells why
        if verdict.passed or verdict.is_silent:
            house.finished("gates", dataset, dataset_card.dataset_names())
        path = stored_verdict.verdict_path(house.home, dataset)
        yield dg.MaterializeResult(
            data_version=event_metadata.version_of(sha256_of(path)),
            check_results=[gate_events.result_of(house.home, verdict, check.name)],
            metadata={
                **gate_events.facts_of(house.home, verdict),
                "files": event_metadata.hashes_of(verdict.files),
                "seconds": watch.seconds,
            },
        )

    return examined


def release_of(house: BuildContext, dataset: str) -> dg.AssetsDefinition:
    """Return `release_<dataset>`: copies exactly the bytes that a passing verdict names."""

    @dg.asset(
        name=f"release_{dataset}",
        deps=[f"gate_{dataset}"],
        code_version=code_version_of("releases"),
        group_name="releases",
        kinds={"parquet", "csv"},
        owners=[OWNERS["releases"]],
        description="Released bytes: Parquet, CSV, data package, notes, verdict. Immutable.",
    )
    def published() -> dg.MaterializeResult[Any]:
        from expectations.releases import release_listing

        watch = event_metadata.Stopwatch()
        with house.refusals_as_failures("releases"):
            version = _released(house, dataset)
            out = release_listing.latest(house.home, dataset)
        house.finished("releases", dataset, dataset_card.dataset_names())
        return dg.MaterializeResult(
            data_version=event_metadata.version_of(out.version if out else "-"),
            metadata={"version": version, **(_of_release(out) if out else {}), "seconds": watch.seconds},
        )

    return published


def _of_protection(report: ProtectionReport) -> dict[str, Any]:
    """Return what protection did, by what became of the blocks and years, and what it cost the readers."""
    states = sorted({one.state for one in report.outcomes})
    columns = ("state", "tables", "cells", "exact", "withheld")
    records = [_of_state(state, [one for one in report.outcomes if one.state == state]) for state in states]
    cost = {name: one for name, one in report.loss.items() if one}
    return {
        "blocks_and_years": event_metadata.table(records, columns),
        **{f"loss_{name}": dg.MetadataValue.json(dict(one)) for name, one in sorted(cost.items())},
    }


def _of_state(state: str, outcomes: Sequence[BlockOutcome]) -> dict[str, str]:
    sums = {
        "cells": sum(one.cells for one in outcomes),
        "exact": sum(one.exact for one in outcomes),
        "withheld": sum(one.withheld for one in outcomes),
    }
    return {"state": state, "tables": str(len(outcomes))} | {
        name: str(event_metadata.counted(number)) for name, number in sums.items()
    }


def _of_release(out: ReleaseRecord) -> dict[str, Any]:
    """Return where the release lies, its hashes, and its pages in every language."""
    pages = {path.stem.replace(".", "_"): path for name in _PAGES for path in out.path.glob(name)}
    return {
        "released": out.version,
        **event_metadata.rows(out.rows),
        "data_sha256": out.sha256,
        "manifest_sha256": out.manifest_sha256,
        **event_metadata.places(folder=out.path, **dict(sorted(pages.items()))),
    }


def _released(house: BuildContext, dataset: str) -> str:
    """Release a dataset and return its version, `unchanged`, or `-` where it holds no figure yet."""
    from expectations.gate import stored_verdict, verdicts
    from expectations.releases import release

    if stored_verdict.is_silent(house.home, dataset):
        house.silent[dataset] = verdicts.silence(house.home, dataset)
        house.progress(f"release: {dataset} holds no figure yet")
        return "-"
    record = release.publish(house.home, dataset)
    version = record.version if record else "unchanged"
    house.progress(f"release: {dataset} {version}")
    return version
