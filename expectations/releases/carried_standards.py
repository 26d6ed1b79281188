"""The standards that a release carries: those of the home, each with the first year that it judges.

Belongs here: comparing them with those of the release before. A standard judges no figure that was out before it was
carried, so nobody moves it after having seen the figure.
Does not belong here: their schema (`expectations/cards/adopted_standards.py`), whether a figure meets one, words.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from expectations.cards.adopted_standards import AdoptedStandard, read_carried
from expectations.published.ledger import NATIONAL
from expectations.published.release_log import ReleaseLog
from expectations.releases.home_standards import read_adopted
from ingestion.home import Home
from ingestion.storage import parse_json


@dataclass(frozen=True)
class CarriedStandards:
    """What a release carries, by question, and what the release before it carried; empty before the first."""

    now: Mapping[str, AdoptedStandard]
    before: Mapping[str, AdoptedStandard]

    @property
    def changed(self) -> dict[str, AdoptedStandard]:
        """The standards whose numbers were others in the release before, as they were."""
        return {
            question: self.before[question]
            for question, standard in self.now.items()
            if question in self.before and self.before[question].numbers != standard.numbers
        }

    @property
    def dropped(self) -> dict[str, AdoptedStandard]:
        """The standards of the release before that this one does not carry."""
        return {question: standard for question, standard in self.before.items() if question not in self.now}


NO_STANDARDS = CarriedStandards({}, {})


def carry(home: Home, log: ReleaseLog, dataset: str, today: datetime.date) -> CarriedStandards:
    """Return what the next release of a dataset carries: only the national one carries standards.

    Args:
        home: with its standards and its releases, the withdrawn ones included: their figures were out.
        log: its releases.
        dataset: name of the dataset.
        today: the day of the release.

    Raises:
        Refusal: as `read_adopted`.
    """
    if dataset != NATIONAL:
        return NO_STANDARDS
    manifest = _last_manifest(home, log)
    before = read_carried(manifest, where=NATIONAL)
    years_out = manifest.get("period", {}).get("last", "")
    next_year = str(int(years_out) + 1) if years_out else ""
    now: dict[str, AdoptedStandard] = {}
    for question, standard in read_adopted(home, today).items():
        earlier = before.get(question)
        is_same = earlier is not None and earlier.numbers == standard.numbers
        first_year = earlier.first_year if earlier is not None and is_same else next_year
        now[question] = standard.model_copy(update={"first_year": first_year})
    return CarriedStandards(now, before)


def _last_manifest(home: Home, log: ReleaseLog) -> dict[str, Any]:
    path = home.releases / NATIONAL / log.last_version(NATIONAL) / "manifest.json"
    return parse_json(path.read_bytes()) if path.is_file() else {}
