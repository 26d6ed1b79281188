"""Who may read which file of a home: its owner everything, two kinds of groups a little, nobody else anything.

Belongs here: the rights of every place of a home, finding places that have others, mending them.
Does not belong here: writing files (`home.py` gives a new file the rights of the folder it comes into).

    everything                 0700, files 0600
    inbox/<source>/            3730 for the group of that sender: it drops files, and neither lists nor removes any
    releases/, reports/        2750, files 0640 for the group of readers
    the home, inbox/           0711 where such a group is named: it passes through, and lists nothing

Files hold tokens and true small counts, so a group is there only where `home.json` names it.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePath

from ingestion.home_settings import HomeSettings

OPEN_TO_READERS = ("releases", "reports")


@dataclass(frozen=True)
class Rights:
    """What a place of a home must have.

    Args:
        folder: mode of a folder.
        file: mode of a file.
        group: the group that it belongs to; empty where none is meant.
    """

    folder: int
    file: int
    group: str = ""


@dataclass(frozen=True)
class Stray:
    """A place whose rights are not its own: `found` and `wanted` are modes, `group` the group it should belong to."""

    path: Path
    found: int
    wanted: int
    group: str

    @property
    def is_too_open(self) -> bool:
        """Whether somebody may do more than he should."""
        return bool(self.found & ~self.wanted & 0o777)


_PRIVATE = Rights(0o700, 0o600)


def rights_of(settings: HomeSettings, place: PurePath) -> Rights:
    """Return the rights of a place, named relative to the home."""
    room = place.parts[0] if place.parts else ""
    if room in OPEN_TO_READERS and settings.readers:
        return Rights(0o2750, 0o640, settings.readers)
    if not place.parts and settings.groups:
        return Rights(0o711, 0o600)
    if room == "inbox" and settings.senders:
        if len(place.parts) == 1:
            return Rights(0o711, 0o600)
        group = settings.senders.get(place.parts[1], "")
        return Rights(0o3730, 0o640, group) if group else _PRIVATE
    return _PRIVATE


def find_strays(root: Path, settings: HomeSettings, *, rooms_only: bool = False) -> Iterator[Stray]:
    """Yield every place of ours whose rights are not its own; what somebody dropped into the inbox is his.

    Args:
        root: of the home.
        settings: of the home.
        rooms_only: look at the home, its rooms and the folders of the inbox only: what lies behind a closed door is
            closed.
    """
    known = {name: number for name in settings.groups if (number := _group_number(name)) is not None}
    for path in _rooms(root) if rooms_only else _walk_all(root):
        place = path.relative_to(root)
        rights = rights_of(settings, place)
        if rights.group and rights.group not in known:  # `unknown_groups` tells; until then it is closed
            rights = _PRIVATE
        status = _own_stat(path)
        if status is None or (place.parts[:1] == ("inbox",) and stat.S_ISREG(status.st_mode)):
            continue
        wanted = rights.folder if stat.S_ISDIR(status.st_mode) else rights.file
        has_group = not rights.group or status.st_gid == known[rights.group]
        if stat.S_IMODE(status.st_mode) != wanted or not has_group:
            yield Stray(path, stat.S_IMODE(status.st_mode), wanted, rights.group)


def mend(root: Path, settings: HomeSettings, *, rooms_only: bool = False) -> list[Stray]:
    """Give every place its own rights, return those that had others; `find_strays` finds what cannot be changed."""
    mended: list[Stray] = []
    for stray in list(find_strays(root, settings, rooms_only=rooms_only)):
        try:
            if (number := _group_number(stray.group)) is not None:
                os.chown(stray.path, -1, number)  # before the mode: it clears the bit that hands the group on
            stray.path.chmod(stray.wanted)
        except OSError:  # not ours to change, or a disk that cannot be written: `doctor` tells
            continue
        mended.append(stray)
    return mended


def unknown_groups(settings: HomeSettings) -> list[str]:
    """Return the groups of the settings that this machine does not know."""
    return [name for name in settings.groups if _group_number(name) is None]


def inherited_mode(folder: Path, *, is_folder: bool = False) -> int:
    """Return the mode of a new file (or folder) in a folder: a group that may enter may read, and nobody else."""
    mode = stat.S_IMODE(folder.stat().st_mode)
    if is_folder:
        return mode & 0o2750 if mode & 0o050 == 0o050 else 0o700
    return 0o640 if mode & 0o010 and mode & 0o060 else 0o600  # one that may only pass through reads nothing


def _own_stat(path: Path) -> os.stat_result | None:
    """Return what is known of a file or folder of ours; None for one of others, a link, or one that has just gone."""
    try:
        status = path.lstat()
    except FileNotFoundError:
        return None
    return None if stat.S_ISLNK(status.st_mode) or status.st_uid != os.geteuid() else status


def _rooms(root: Path) -> Iterator[Path]:
    yield root
    for path in sorted(root.iterdir()):
        yield path
        if path.name == "inbox" and path.is_dir():
            yield from sorted(folder for folder in path.iterdir() if folder.is_dir())


def _walk_all(root: Path) -> Iterator[Path]:
    yield root
    for folder, names, files in os.walk(root):
        yield from (Path(folder) / name for name in sorted((*names, *files)))


def _group_number(name: str) -> int | None:
    import grp  # late: there is none on Windows, where rights are not ours to set

    try:
        return grp.getgrnam(name).gr_gid
    except KeyError:
        return None
