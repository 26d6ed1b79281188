"""One examination of a home: every check is run to its end, and what could not be checked is listed.

Belongs here: running check after check whatever one of them finds, parsing files for which no check has a hash, the
list of unchecked places. Does not belong here: the checks (`home_looks.py`), how the result is printed (`answers`).
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
    """One thing that is wrong.

    Args:
        refusal: what and where.
        cure: what repairs it.
    """

    refusal: Refusal
    cure: Cure


@dataclass(frozen=True)
class HomeExamination:
    """The result of examining a home.

    Args:
        problems: each once.
        warnings: each once; the home is sound in spite of them.
        not_looked_at: places of the retention card whose files no check covers.
        not_to_the_end: places whose check could not go on.
        sound: places with files, each of which holds.
        unsound: places with a file that does not.
    """

    problems: list[Problem]
    warnings: list[Problem]
    not_looked_at: list[str]
    not_to_the_end: list[str]
    sound: list[str]
    unsound: list[str]


def examine_home(home: Home, progress: Callable[[str], None]) -> HomeExamination:
    """Return what is wrong with a home; damage to one file does not stop the check of another.

    Args:
        home: that is examined.
        progress: called with each check.

    Raises:
        Refusal: `home_empty`, `home_newer`, `home_older`: this program cannot check anything.
    """
    problems: dict[tuple[str, str], Problem] = {}
    warnings: dict[tuple[str, str], Problem] = {}
    unfinished: set[str] = set()
    unsound: set[str] = set()

    def ask_look(look: Look) -> None:
        progress(f"doctor: {look.name}")
        refusals = _AskedLook(look, home)
        for refusal in refusals:
            findings = warnings if look.warns else problems
            findings.setdefault((refusal.code, refusal.where), Problem(refusal, look.cure))
            if not look.warns:
                unsound.update(_places_of(refusal, look, home))
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
        unsound.update(place for place in known if fnmatchcase(_relative(refusal.where, home), place))
    held = {place for place in known - unsound - unfinished if any(home.root.glob(place))}
    found = list(problems.values()), list(warnings.values())
    return HomeExamination(*found, unread, sorted(unfinished), sorted(held), sorted(unsound))


def _places_of(refusal: Refusal, look: Look, home: Home) -> list[str]:
    """Return the places of a check that a finding is about: that of its file, or all where it names none of them."""
    named = [place for place in look.places if fnmatchcase(_relative(refusal.where, home), place)]
    return named or list(look.places)


def _relative(where: str, home: Home) -> str:
    return where.removeprefix(f"{home.root}/")


def _open_home(home: Home, ask: Callable[[Look], None], problems: dict[tuple[str, str], Problem]) -> None:
    """Check the permissions of a home, then open it; unreadable settings are a finding like others."""
    try:
        if read_settings(home.root):
            ask(RIGHTS)  # opening a home corrects the permissions of its folders
        home.existing()
    except Refusal as refusal:
        if refusal.code in ("home_empty", "home_newer", "home_older"):
            raise
        problems[refusal.code, refusal.where] = Problem(refusal, "restore")


class _AskedLook:
    """The findings of one check, and whether it came to its end."""

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
    """Yield the files in some places that cannot be read in the format of their names."""
    for file in retention.files_of(home.root):
        path = home.root / file.path
        if file.name in ("", *_OF_OTHERS) or not any(fnmatchcase(file.path, place) for place in places):
            continue
        if str(path) not in named and not readable_files.can_be_read(path):
            yield Refusal("bytes_changed", where=str(path)), "restore" if file.is_backed_up else "build"
