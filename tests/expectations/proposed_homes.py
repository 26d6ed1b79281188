"""Toy homes with people, in which something waits for signatures, and the hands that sign it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

import pytest

from expectations.releases import proposal
from ingestion.home import Home
from ingestion.people import acts
from ingestion.people.acts import SignedAct
from ingestion.people.roster import APPROVE, PREPARE
from marsad.answers import acting
from samples import invented_people
from tests.expectations import toy_home

MadeOnce = Callable[[str, Callable[[Path], object]], Path]
DATASETS = ("four_ps_governorate", "four_ps_national")


def waiting_home(made_once: MadeOnce, toy_protected: Path, root: Path) -> Home:
    """Return a copy of a toy home of five invented people in which two datasets await signatures."""

    def make(folder: Path) -> None:
        shutil.copytree(toy_protected, folder, dirs_exist_ok=True)
        home = Home(folder)
        with home.lock("test"):
            invented_people.found(home)
            toy_home.publish(proposal.lay_out(home))

    return _copied(made_once("toy_waiting", make), root)


def signed_home(made_once: MadeOnce, toy_protected: Path, root: Path) -> Home:
    """Return a copy of a toy home whose two datasets were published by an act of two."""

    def make(folder: Path) -> None:
        home = waiting_home(made_once, toy_protected, folder / "first")
        publish_signed(home)
        home.root.rename(folder / "home")

    return _copied(made_once("toy_signed", make) / "home", root)


def twice_waiting_home(made_once: MadeOnce, toy_protected: Path, root: Path) -> Home:
    """Return a copy of a home that has published once, and in which late victims await signatures."""

    def make(folder: Path) -> None:
        home = signed_home(made_once, toy_protected, folder / "first")
        propose_more(home)
        home.root.rename(folder / "home")

    return _copied(made_once("toy_twice_waiting", make) / "home", root)


def _copied(source: Path, root: Path) -> Home:
    return Home(shutil.copytree(source, root, symlinks=True))


def propose_more(home: Home, count: int = 40) -> None:
    """Register late victims and lay out what would be published then."""
    country = toy_home.Country()
    country.add(count, year="2024", sex="F", age="Y_GE18", form="FORCED_LABOUR")
    toy_home.build(home, country)
    with home.lock("test"):
        toy_home.publish(proposal.lay_out(home))


def sign(folder: Path, person: str, namespace: str) -> bytes:
    """Return an invented person's signature of the act in a folder."""
    return invented_people.signature_of(person, (folder / acts.ACT).read_bytes(), namespace)


def prepare(home: Home) -> Path:
    """Prepare the publication of what waits."""
    return acting.prepare_publication(home, invented_people.PREPARER, "the figures of the year", {})


def publish_signed(home: Home) -> Path:
    """Prepare and sign what waits, with two persons; return the folder of the act."""
    folder = prepare(home)
    acting.take_signature(home, folder, sign(folder, invented_people.PREPARER, PREPARE))
    signed: SignedAct = acting.take_signature(home, folder, sign(folder, invented_people.APPROVER, APPROVE))
    assert signed.is_complete
    return folder


def published(home: Home) -> dict[str, bytes]:
    """Return everything that a home has published, by its path."""
    rooms = (home.releases, home.ledger, home.lineage)
    files = {path for room in rooms for path in room.rglob("*") if path.is_file()}
    return {path.relative_to(home.root).as_posix(): path.read_bytes() for path in sorted(files)}


class Killed(BaseException):
    """A process that ends at once."""


@contextmanager
def killed_after(steps: int) -> Iterator[SimpleNamespace]:
    """Let a process die after so many files that it has put in place; count them."""
    replace, count = Path.replace, SimpleNamespace(steps=0)

    def replace_once(self: Path, target: Path) -> Path:
        if count.steps >= steps:
            raise Killed
        count.steps += 1
        return replace(self, target)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Path, "replace", replace_once)
        yield count
