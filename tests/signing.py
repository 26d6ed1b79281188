"""Two invented people who publish what a build proposes, for tests whose matter is what is published.

Belongs here: building on until nothing waits for a signature. Does not belong here: any test of signatures
(`tests/ingestion/people`, `tests/marsad/answers/test_acting.py`).
"""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from assets import building
from assets.building import BuildReport
from assets.stages import STAGE_NAMES
from ingestion.home import Home
from ingestion.people import acts, founding, openssh
from ingestion.people.roster import APPROVE, PREPARE
from marsad.answers import acting
from samples import invented_people


def build(home: Home, *, progress: Callable[[str], None], until: str = STAGE_NAMES[-1]) -> BuildReport:
    """Build a home of invented files, sign what waits, and build on; return all stages that ran as one report."""
    report = building.build(home, progress=progress, until=until)
    if not report.awaiting:
        return report
    sign(home)
    rest = building.build(home, progress=progress, until=until)
    return replace(rest, stages=(*report.stages, *rest.stages), silent=[*report.silent, *rest.silent])


def sign(home: Home) -> None:
    """Publish what waits, by two who may."""
    found(home)
    sign_act(home, acting.prepare_publication(home, invented_people.PREPARER, "a test of the house", {}))


def sign_act(home: Home, folder: Path) -> None:
    """Sign an act that was prepared in the name of the one, and carry it out by the signature of the other."""
    for signature in signatures_of(home, folder):
        acting.take_signature(home, folder, signature)


def signatures_of(home: Home, folder: Path) -> tuple[bytes, bytes]:
    """Return the signatures of an act by who prepares and who approves."""
    keys, content = found(home), acts.read_act(folder).content

    def sign_as(person: str, namespace: str) -> bytes:
        if keys:
            return openssh.sign(content, keys / person, namespace)
        return invented_people.signature_of(person, content, namespace)

    return sign_as(invented_people.PREPARER, PREPARE), sign_as(invented_people.APPROVER, APPROVE)


def found(home: Home) -> Path | None:
    """Enter two people where there are none; return the folder of their keys, None for the invented ones.

    The keys of everybody are for invented homes: one of real files gets fresh keys.
    """
    if home.is_invented:
        with home.lock("a test"):
            invented_people.found(home)
        return None
    keys = home.root.with_name(f"{home.root.name}_keys")
    if not keys.exists():
        keys.mkdir()
        people = ""
        for person, role in ((invented_people.PREPARER, "prepare"), (invented_people.APPROVER, "approve")):
            subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(keys / person)], check=True)
            public = " ".join((keys / f"{person}.pub").read_text().split()[:2])
            people += f"  {person}:\n    name: {person}\n    agency: a test\n    roles: [{role}]\n"
            people += f"    keys: [{{key: {public}, valid_after: 2020-01-01}}]\n"
        with home.lock("a test"):
            founding.found(home, f"signatures: 2\npeople:\n{people}".encode(), keys)
    return keys
