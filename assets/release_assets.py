"""A release for each dataset whose verdict passes.

Belongs here: the asset, and its Dagster events. Does not belong here: a release (`expectations/releases`),
which is imported when it runs (`candidate_assets.py` says why).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import dagster as dg

from assets import event_metadata
from assets.house import OWNERS, BuildContext
from expectations.cards import dataset_card

if TYPE_CHECKING:
    from expectations.releases.release_listing import ReleaseRecord

_PAGES = ("notes.*.md", "certificate.*.html")


def release_asset(house: BuildContext, dataset: str) -> dg.AssetsDefinition:
    """Return `release_<dataset>`: copies exactly the bytes that a passing verdict names."""

    @dg.asset(
        name=f"release_{dataset}",
        deps=[f"gate_{dataset}"],
        code_version=house.code_version("releases"),
        group_name="releases",
        kinds={"parquet", "csv"},
        owners=[OWNERS["releases"]],
        description="Released bytes: Parquet, CSV, data package, notes, verdict. Immutable.",
    )
    def publish_dataset() -> dg.MaterializeResult[Any]:
        from expectations.releases import release_listing

        watch = event_metadata.Stopwatch()
        with house.refusals_as_failures("releases"):
            version = _release_dataset(house, dataset)
            out = release_listing.latest(house.releasing, dataset)
        house.finish_stage("releases", dataset, dataset_card.dataset_names())
        return dg.MaterializeResult(
            data_version=event_metadata.version_of(out.version if out else "-"),
            metadata={"version": version, **(_release_metadata(out) if out else {}), "seconds": watch.seconds},
        )

    return publish_dataset


def _release_metadata(out: ReleaseRecord) -> dict[str, Any]:
    """Return the path of the release, its hashes, and its pages in every language."""
    pages = {path.stem.replace(".", "_"): path for name in _PAGES for path in out.path.glob(name)}
    return {
        "released": out.version,
        **event_metadata.rows(out.rows),
        "data_sha256": out.sha256,
        "manifest_sha256": out.manifest_sha256,
        **event_metadata.places(folder=out.path, **dict(sorted(pages.items()))),
    }


def _release_dataset(house: BuildContext, dataset: str) -> str:
    """Release a dataset and return its version, `unchanged`, or `-` if it holds no figure yet."""
    from expectations.gate import stored_verdict, verdicts
    from expectations.releases import release

    if stored_verdict.is_silent(house.home, dataset):
        house.silent[dataset] = verdicts.silence(house.home, dataset)
        house.progress(f"release: {dataset} holds no figure yet")
        return "-"
    record = release.publish(house.releasing, dataset)
    version = record.version if record else "unchanged"
    house.progress(f"release: {dataset} {version}")
    return version
