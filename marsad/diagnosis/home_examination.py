"""One examination of a home: every look is asked to its end, and what could not be looked at is known at the end.

Belongs here: going from look to look whatever one of them meets, reading what no look could hold against a hash, the
list of places that were not looked at. Does not belong here: the looks (`home_looks.py`), how it is told (`answers`).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase

from ingestion.home import Home
from ingestion.home_settings import read_settings
from ingestion.keeping import retention
from ingestion.storage import refusal_of
from languages.refusal import Refusal
from marsad.diagnosis import readable_files
from marsad.diagnosis.home_looks import LOOKS, RIGHTS, Cure, Look

_OF_OTHERS = ("inbox", "runs")
"""Classes whose files are not ours to parse: what senders dropped, and Dagster's own store."""


@dataclass(frozen=True)
class Problem:
    """One thing that does not hold.

    Args:
        refusal: what and where.
        cure: what mends it.
    """

    refusal: Refusal
    cure: Cure


@dataclass(frozen=True)
class HomeExamination:
    """What an examination of a home found.

    Args:
        problems: each once.
        not_looked_at: places of the retention card whose files nothing is held against.
        not_to_the_end: places whose look could not go on.
    """

    problems: list[Problem]
    not_looked_at: list[str]
    not_to_the_end: list[str]


def examine_home(home: Home, progress: Callable[[str], None]) -> HomeExamination:
    """Return what is wrong with a home; no harm to one file keeps another from being looked at.

    Args:
        home: that is examined.
        progress: told each look.

    Raises:
        Refusal: `home_empty`, `home_newer`: there is nothing that this program could look at.
    """
    problems: dict[tuple[str, str], Problem] = {}
    unfinished: set[str] = set()

    def ask_look(look: Look) -> None:
        progress(f"doctor: {look.name}")
        refusals = _AskedLook(look, home)
        for refusal in refusals:
            problems.setdefault((refusal.code, refusal.where), Problem(refusal, look.cure))
        if refusals.is_unfinished:
            unfinished.update(look.places)

    _open_home(home, ask_look, problems)
    for look in LOOKS:
        ask_look(look)
    progress("doctor: what can be read at all")
    known = {place for look in LOOKS for place in look.places}
    places = [place for file_class in retention.card().classes.values() for place in file_class.places]
    unread = [place for place in dict.fromkeys(places) if place not in known]
    named = {problem.refusal.where for problem in problems.values()}
    for refusal, cure in _unreadable_files(home, {*unread, *unfinished}, named):
        problems.setdefault((refusal.code, refusal.where), Problem(refusal, cure))
    return HomeExamination(list(problems.values()), unread, sorted(unfinished))


def _open_home(home: Home, ask: Callable[[Look], None], problems: dict[tuple[str, str], Problem]) -> None:
    """Look at the rights of a home, then open it; settings that cannot be read are a finding like others."""
    try:
        if read_settings(home.root):
            ask(RIGHTS)  # opening a home closes its rooms
        home.existing()
    except Refusal as refusal:
        if refusal.code in ("home_empty", "home_newer"):
            raise
        problems[refusal.code, refusal.where] = Problem(refusal, "restore")


class _AskedLook:
    """What one look finds, and whether it came to its end."""

    def __init__(self, look: Look, home: Home) -> None:
        self._look, self._home = look, home
        self.is_unfinished = False

    def __iter__(self) -> Iterator[Refusal]:
        try:
            yield from self._look.ask(self._home)
        except Exception as error:
            self.is_unfinished = True
            fault = Refusal("look_ended", where=self._look.name, error=type(error).__name__)
            yield refusal_of(error, self._home.root) or fault


def _unreadable_files(home: Home, places: Collection[str], named: Collection[str]) -> Iterator[tuple[Refusal, Cure]]:
    """Yield the files of some places that cannot be read as what their names say."""
    for file in retention.files_of(home.root):
        path = home.root / file.path
        if file.name in ("", *_OF_OTHERS) or not any(fnmatchcase(file.path, place) for place in places):
            continue
        if str(path) not in named and not readable_files.can_be_read(path):
            yield Refusal("bytes_changed", where=str(path)), "restore" if file.is_backed_up else "build"
