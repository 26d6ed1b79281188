"""What the gate says of the final files of a dataset alone: the suite of its card, and the rules that read the files.

Belongs here: running both once for the very same files, also while other processes audit. Does not belong here: the
joint audit (`disclosure_audit.py`), or the verdict (`verdicts.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from expectations.cards.cells import text_hash
from expectations.cards.release_scheme import Scheme
from expectations.gate import dataset_suite, mandatory_rules
from expectations.gate.dataset_suite import RuleResult
from expectations.published import ledger
from expectations.published.release_log import ReleaseLog
from ingestion.home import Home, sha256_of_bytes


@dataclass(frozen=True)
class FinalChecks:
    """How the final files of a dataset fared.

    Attributes:
        validation: what Great Expectations says of them.
        suite: the results of the card's checks.
        rules: those of `mandatory_rules.of_files`.
    """

    validation: Any
    suite: list[RuleResult]
    rules: list[RuleResult]


_KEPT: dict[tuple[Path, str], tuple[str, FinalChecks]] = {}
"""The last answer of this process, by home and dataset, under the hash of all that it depends on."""


@dataclass(frozen=True)
class FinalDatasets:
    """The final files of all datasets whose columns are the allowed ones.

    Attributes:
        frames: read back from the Parquet, by dataset.
        content: the bytes of each file, by dataset and name.
        log: what was released before.
    """

    home: Home
    scheme: Scheme
    frames: Mapping[str, pd.DataFrame]
    content: Mapping[str, Mapping[str, bytes]]
    log: ReleaseLog

    def check(self) -> None:
        """Check the files of each dataset; the gate of each then finds the answer."""
        for dataset in self.frames:
            self.checked(dataset)

    def checked(self, dataset: str) -> FinalChecks:
        """Return how the files of a dataset fare; the same files are not checked twice in one process.

        Raises:
            Refusal: `check_invalid` for a check that Great Expectations does not know.
        """
        place, state = (self.home.root, dataset), self._state(dataset)
        known = _KEPT.get(place)
        if known and known[0] == state:
            return known[1]
        found = self._found(dataset)
        _KEPT[place] = (state, found)
        return found

    def _found(self, dataset: str) -> FinalChecks:
        card, frame = self.scheme.datasets[dataset], self.frames[dataset]
        validation = dataset_suite.validate(card, frame)
        suite = dataset_suite.results_of(card, validation)
        last, csv = ledger.last_cells(self.home, self.log.of(dataset)), self.content[dataset]["data.csv"]
        files = mandatory_rules.FinalFiles(card, frame, csv, last, suite, self.scheme.indicators)
        return FinalChecks(validation, suite, mandatory_rules.of_files(files))

    def _state(self, dataset: str) -> str:
        card, files = self.scheme.datasets[dataset], self.content[dataset]
        hashes = [f"{name} {sha256_of_bytes(data)}" for name, data in sorted(files.items())]
        rules = [repr(card), repr(self.scheme.indicators), self.log.last_version(dataset)]
        return text_hash("|".join([*hashes, *rules]))
