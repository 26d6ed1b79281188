"""What signed acts say is published: the newest version of each dataset, what was withdrawn, the report that counts.

Belongs here: deriving it from acts alone, for `marsad doctor` and `marsad log --verify` (all acts of a home) and for
`marsad verify --held` (the one that a reader holds). Does not belong here: comparing files with it (`acts_check.py`,
`statements.py`), or reading acts (`acts.py`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from ingestion.people.acts import Act

_MANIFEST, _RECORD = "manifest.json", "published.json"


@dataclass(frozen=True)
class PublishedState:
    """What some acts have published.

    Attributes:
        files: manifest of a release or record of a report, under the home -> its SHA-256.
        versions: dataset -> its versions, oldest first.
        withdrawn: releases that were withdrawn, `<dataset>/<version>`.
        reports: year -> number of the report of that year that was published last.
    """

    files: Mapping[str, str]
    versions: Mapping[str, tuple[str, ...]]
    withdrawn: frozenset[str]
    reports: Mapping[str, str]

    def latest_of(self, dataset: str) -> str:
        """Return the version that `latest` names; empty before the first, and while the newest one is withdrawn."""
        newest = self.versions.get(dataset, ("",))[-1]
        return "" if f"{dataset}/{newest}" in self.withdrawn else newest

    def newer_than(self, name: str) -> str:
        """Return what replaces a released version, or a report, named by its file under the home; empty if nothing."""
        room, *places, file = PurePosixPath(name).parts
        if (room, file) == ("releases", _MANIFEST):
            dataset, version = places
            newest = self.versions.get(dataset, ("",))[-1]
            return newest if version < newest else ""  # both begin with their number of six digits
        if (room, file) == ("reports", _RECORD):
            newest = self.reports.get(_year_of(places[0]), places[0])
            return newest if newest != places[0] else ""
        return ""


def state_of(acts: Iterable[Act]) -> PublishedState:
    """Return what acts have published, oldest act first; a single one tells what it publishes and withdraws itself."""
    files, versions, reports = dict[str, str](), dict[str, set[str]](), dict[str, str]()
    withdrawn = set[str]()
    for act in acts:
        withdrawn |= {str(place) for place in act.facts.get("withdrawn", ())}
        if act.kind == "withdraw":
            withdrawn.add(f"{act.facts.get('dataset')}/{act.facts.get('version')}")
        if act.kind not in ("publish", "publish_report"):
            continue
        for name, sha256 in act.about.items():
            room, *places, file = PurePosixPath(name).parts
            if (act.kind, room, file, len(places)) == ("publish", "releases", _MANIFEST, 2):
                versions.setdefault(places[0], set()).add(places[1])
                files[name] = sha256
            elif (act.kind, room, file, len(places)) == ("publish_report", "reports", _RECORD, 1):
                reports[_year_of(places[0])] = places[0]
                files[name] = sha256
    ordered = {dataset: tuple(sorted(known)) for dataset, known in versions.items()}
    return PublishedState(files, ordered, frozenset(withdrawn), reports)


def _year_of(report: str) -> str:
    """Return the year of a report, with which its number begins."""
    return report.partition("-")[0]
