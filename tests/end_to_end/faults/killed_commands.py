"""The commands that are killed, each with the home it begins in: the smallest country whose gates all pass.

Belongs here: making those homes, once. Does not belong here: killing (`killed_trials.py`).
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

from assets.stages import STAGE_NAMES
from ingestion.home import Home
from ingestion.submissions import landing, receipts, review
from samples import workbooks
from samples.life import country
from tests import signing
from tests.end_to_end.faults.home_trees import copy_home
from tests.end_to_end.faults.killed_trials import KilledCommand, finished
from tests.ingestion.workbooks import case, cases, victim, victims, xlsx

NAMES = ("receive", "inbox", "withdraw", "review", "build", "release", "report")
_MINISTRY = "iraq_interior_ministry"
_SIGNED = ("--reason", "a test of the house", "--by", "statistics")
_FEW = 0.03


def commands(folder: Path, chosen: str) -> Iterator[KilledCommand]:
    """Yield a command with its prepared home, `build` once for each of its stages.

    Args:
        folder: for the homes; what lies there of an earlier call is used again.
        chosen: one of `NAMES`.
    """
    if chosen in ("receive", "inbox"):
        yield _of_senders(folder, chosen)
        return
    received = received_home(folder)
    if chosen == "withdraw":
        home = _landed(folder, received)
        submission = next(one.submission for one in receipts.live_receipts(Home(home)) if one.source == _MINISTRY)
        yield _typed(chosen, home, "submissions", "withdraw", submission, *_SIGNED)
    elif chosen == "review":
        home = _waiting(folder)
        item = next(one for one in review.items(Home(home)) if one.finding.kind == "unknown_code")
        yield _typed(chosen, home, "review", "decide", item.id, "--as", "F", *_SIGNED)
    else:
        yield from _of_builds(folder, received, chosen)


def _typed(name: str, home: Path, *words: str) -> KilledCommand:
    return KilledCommand(name, home, lambda _home: _type(words))


def _type(words: tuple[str, ...]) -> None:
    from marsad.command import main

    sys.argv = ["marsad", *words]
    main()


def _of_senders(folder: Path, chosen: str) -> KilledCommand:
    """`receive` and `inbox` take three files of the same year into a home of real ones, each with one victim more."""
    home, files = folder / f"{chosen}_home", [folder / f"export{number}.xlsx" for number in range(3)]
    for number, file in enumerate(files):
        file.write_bytes(_export(victim(row) for row in range(20 + number)))
    if not home.exists():
        Home(home).open()
    if chosen == "receive":
        return _typed(chosen, home, "receive", _MINISTRY, *map(str, files), "--replace")
    long_ago = time.time() - 3600
    for file in files:
        dropped = home / "inbox" / _MINISTRY / file.name
        dropped.parent.mkdir(exist_ok=True)
        dropped.write_bytes(file.read_bytes())
        os.utime(dropped, (long_ago, long_ago))
    return _typed(chosen, home, "inbox", "--wait", "0")


def _export(rows: Iterable[list[Any]]) -> bytes:
    """Return a file of the interior ministry: these victims, and the cases of the first."""
    return xlsx({"الضحايا": victims(*rows), "القضايا": cases(*[case(number) for number in range(5)])})


def _waiting(folder: Path) -> Path:
    """A home in which a cell waits for a person: the sex of somebody is misspelt."""
    root = folder / "waiting"
    if not root.exists():
        (folder / "misspelt.xlsx").write_bytes(_export([victim(1), victim(2, sex="أنثىى")]))
        home = Home(folder / "taking").open()
        landing.receive(home, _MINISTRY, folder / "misspelt.xlsx")
        landing.land(home, _MINISTRY)
        home.root.rename(root)
    return root


def received_home(folder: Path) -> Path:
    """Return the smallest home whose gates all pass: a few persons of one year, received and not yet built."""
    root = folder / "received"
    if not root.exists():
        home = Home(folder / "receiving").open(invented=True)
        files = workbooks.write(country.invent_country(first_year=2025, last_year=2025, size=_FEW), home.inbox)
        for file in [one for one in files if not one.taken_back]:
            letter = {"letter_date": file.letter_date, "letter_number": file.letter_number}
            landing.receive(home, file.source, file.path, **letter)
        home.root.rename(root)
    return root


def _landed(folder: Path, received: Path) -> Path:
    root = folder / "landed"
    if not root.exists():
        home = Home(copy_home(received, folder / "landing"))
        for source in sorted({one.source for one in receipts.live_receipts(home)}):
            landing.land(home, source)
        home.root.rename(root)
    return root


def _of_builds(folder: Path, received: Path, chosen: str) -> Iterator[KilledCommand]:
    """`build` is killed in every stage that is no command of its own here, each in the home that has come to it."""
    import_heavy()
    home, last = received, STAGE_NAMES.index("reports" if chosen in ("build", "report") else "releases")
    for stage in STAGE_NAMES[:last]:
        home = _parsed(folder, home) if stage == "warehouse" else home
        command = _stage(home, stage)
        if chosen == "build" and stage != "releases":
            yield command
        home = finished(command, folder / f"after_{stage}")
    if chosen == "release":
        yield KilledCommand(chosen, home, _stage(home, "releases").act)
    elif chosen == "report":
        yield _typed(chosen, home, "report", "--language", "en")


def _stage(home: Path, name: str) -> KilledCommand:
    return KilledCommand(f"build: {name}", home, lambda one: _build(one, name))


def _parsed(folder: Path, landed: Path) -> Path:
    """The home of a build that is not the first one: dbt has read its project there."""
    from assets import building

    command = KilledCommand("reading the project", landed, building.prepare)
    return finished(command, folder / "parsed")


def import_heavy() -> None:
    """Import what every build imports, so that forks have it; reports in one language."""
    for heavy in ("great_expectations", "dbt.cli.main", "assets.definitions", "reports.publishing.issue_report"):
        import_module(heavy)
    vars(sys.modules["assets.definitions"])["languages"] = lambda: ["en"]


def _build(home: Home, stage: str) -> None:
    if not signing.build(home, progress=lambda _step: None, until=stage).passed:
        sys.exit(1)
