"""A gate for each dataset: the verdict on exactly the bytes that may be published.

Belongs here: the asset and the check that blocks a release. Does not belong here: any rule (`expectations/gate`), which
is imported when it runs (`candidate_assets.py` says why).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import dagster as dg

from assets import event_metadata
from assets.house import OWNERS, BuildContext
from expectations.cards import dataset_card
from ingestion.home import sha256_of


def gate_asset(house: BuildContext, dataset: str) -> dg.AssetsDefinition:
    """Return `gate_<dataset>`: the verdict on exactly those bytes, with a check that blocks the release."""
    check = dg.AssetCheckSpec(
        "nothing_leaves_untested",
        asset=f"gate_{dataset}",
        blocking=True,
        description="Every critical rule holds for these very bytes. A broken one blocks the release; a broken warning "
        "is printed in its notes.",
    )

    @dg.asset(
        name=f"gate_{dataset}",
        deps=["protected", "figures_of_others", "adopted_standards"],
        code_version=house.code_version("gates"),
        group_name="gates",
        kinds={"gx"},
        owners=[OWNERS["gates"]],
        check_specs=[check],
        description="The dataset's suite and an independent disclosure audit over the final bytes; writes the verdict.",
    )
    def examine_candidate() -> Iterator[dg.MaterializeResult[Any]]:
        from assets import gate_events
        from expectations.gate import stored_verdict, verdicts

        house.progress(f"gate: examining {dataset}")
        watch = event_metadata.Stopwatch()
        with house.refusals_as_failures("gates"):
            verdict = verdicts.examine(house.home, dataset)
        if verdict.is_silent:  # it has no figures, so nothing can leak: the other datasets go on
            house.silent[dataset] = verdicts.silence(house.home, dataset)
        else:
            house.refusals.extend(verdict.refusals)  # the check below blocks; the command prints why
        if verdict.passed or verdict.is_silent:
            house.finish_stage("gates", dataset, dataset_card.dataset_names())
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

    return examine_candidate
