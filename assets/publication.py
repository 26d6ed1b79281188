"""From indicators to released datasets: candidates, one protection, a gate and a release for each dataset.

Belongs here: the factories over `expectations/datasets`. Does not belong here: any rule of the gate or of protection.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import dagster as dg

from assets.house import OWNERS, House
from expectations import candidate, card, gate, indicator_card, protection, release


def candidates(house: House) -> dg.AssetsDefinition:
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
        )
        for dataset in card.dataset_names()
    ]

    @dg.multi_asset(name="candidates", specs=specs)
    def built() -> Iterator[dg.MaterializeResult[Any]]:
        house.progress("candidates: adding up the published cells")
        with house.answering("candidates"):
            candidate.build(house.home)
        house.finished("candidates")
        yield from (dg.MaterializeResult(asset_key=spec.key) for spec in specs)

    return built


def protected(house: House) -> dg.AssetsDefinition:
    """Return the one protection over all datasets and all that was ever released."""

    @dg.asset(
        name="protected",
        deps=[f"candidate_{dataset}" for dataset in card.dataset_names()],
        group_name="protected",
        kinds={"highs"},
        owners=[OWNERS["protected"]],
        description="Controlled rounding over the cells of all datasets together, with the ledger as constraints; "
        "every share and gap is computed here, from protected counts.",
    )
    def protect() -> None:
        with house.answering("protection"):
            protection.protect(house.home, progress=house.progress)
        house.finished("protection")

    return protect


def gate_of(house: House, dataset: str) -> dg.AssetsDefinition:
    """Return `gate_<dataset>`: the verdict over the very bytes, with a check that blocks the release."""
    check = "nothing_leaves_untested"

    @dg.asset(
        name=f"gate_{dataset}",
        deps=["protected"],
        group_name="gates",
        kinds={"gx"},
        owners=[OWNERS["gates"]],
        check_specs=[dg.AssetCheckSpec(check, asset=f"gate_{dataset}", blocking=True)],
        description="The dataset's suite and an independent disclosure audit over the final bytes; writes the verdict.",
    )
    def examined() -> Iterator[dg.MaterializeResult[Any]]:
        house.progress(f"gate: examining {dataset}")
        with house.answering("gates"):
            verdict = gate.examine(house.home, dataset)
        if verdict.is_silent:  # it says nothing, so nothing can leak: the other datasets go on
            house.silent[dataset] = gate.silence(house.home, dataset)
        else:
            house.refusals.extend(verdict.refusals)  # the check below blocks; the front desk tells why
        if verdict.passed or verdict.is_silent:
            house.finished("gates", dataset, card.dataset_names())
        severity = dg.AssetCheckSeverity.WARN if verdict.is_silent else dg.AssetCheckSeverity.ERROR
        result = dg.AssetCheckResult(passed=verdict.passed, check_name=check, severity=severity)
        yield dg.MaterializeResult(check_results=[result])

    return examined


def release_of(house: House, dataset: str) -> dg.AssetsDefinition:
    """Return `release_<dataset>`: copies exactly the bytes that a passing verdict names."""

    @dg.asset(
        name=f"release_{dataset}",
        deps=[f"gate_{dataset}"],
        group_name="releases",
        kinds={"parquet", "csv"},
        owners=[OWNERS["releases"]],
        description="Released bytes: Parquet, CSV, data package, notes, verdict. Immutable.",
    )
    def published() -> dg.MaterializeResult[Any]:
        with house.answering("releases"):
            version = _released(house, dataset)
        house.finished("releases", dataset, card.dataset_names())
        return dg.MaterializeResult(metadata={"version": version})

    return published


def _released(house: House, dataset: str) -> str:
    """Release a dataset and return its version, `unchanged`, or `-` where it holds no figure yet."""
    if gate.is_silent(house.home, dataset):
        house.silent[dataset] = gate.silence(house.home, dataset)
        house.progress(f"release: {dataset} holds no figure yet")
        return "-"
    record = release.publish(house.home, dataset)
    version = record.version if record else "unchanged"
    house.progress(f"release: {dataset} {version}")
    return version
