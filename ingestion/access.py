"""File permissions of a home: the owner may do everything, two kinds of groups a little, nobody else anything.

Belongs here: the permissions of every path of a home, finding paths with other permissions, correcting them.
Does not belong here: writing files (`home.py` gives a new file the permissions of its folder).

    everything                 0700, files 0600 (proposal/ too; what lies in it as in the room of that name)
    inbox/<source>/            3730 for that sender's group: it drops files, and can neither list nor remove any
    releases/, reports/        2750, files 0640 for the group of readers
    the home, inbox/           0711 where such a group is named: it passes through, and lists nothing

Files hold pseudonymous IDs and unrounded small counts, so a group has access only if `home.json` names it.
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
    """The permissions that a path of a home must have.

    Args:
        folder: mode of a folder.
        file: mode of a file.
        group: the group that it belongs to; empty for no particular group.
    """

    folder: int
    file: int
    group: str = ""


@dataclass(frozen=True)
class Stray:
    """A path with wrong permissions: `found` and `wanted` are modes, `group` the group it should belong to."""

    path: Path
    found: int
    wanted: int
    group: str

    @property
    def is_too_open(self) -> bool:
        """Whether the path is more open than intended."""
        return bool(self.found & ~self.wanted & 0o777)


_PRIVATE = Rights(0o700, 0o600)


def rights_of(settings: HomeSettings, place: PurePath) -> Rights:
    """Return the intended permissions of a path, given relative to the home."""
    room, *below = place.parts or ("",)
    if room == "proposal" and len(below) > 1:  # second names of published files: one file has one mode
        return rights_of(settings, place.relative_to("proposal"))
    if room in OPEN_TO_READERS and settings.readers:
        return Rights(0o2750, 0o640, settings.readers)
    if not place.parts and settings.groups:
        return Rights(0o711, 0o600)
    if room == "inbox" and settings.senders:
        if not below:
            return Rights(0o711, 0o600)
        group = settings.senders.get(below[0], "")
        return Rights(0o3730, 0o640, group) if group else _PRIVATE
    return _PRIVATE


def find_strays(root: Path, settings: HomeSettings, *, rooms_only: bool = False) -> Iterator[Stray]:
    """Yield every path of the home with wrong permissions; files that others dropped into the inbox are left out.

    Args:
        root: the home.
        settings: of the home.
        rooms_only: look only at the home, its top folders and the folders of the inbox: whatever lies in a closed
            folder is closed too.
    """
    known = {name: number for name in settings.groups if (number := _group_number(name)) is not None}
    for path in _rooms(root) if rooms_only else _walk_all(root):
        place = path.relative_to(root)
        rights = rights_of(settings, place)
        if rights.group and rights.group not in known:  # `unknown_groups` reports it; until then the path is closed
            rights = _PRIVATE
        status = _own_stat(path)
        if status is None or (place.parts[:1] == ("inbox",) and stat.S_ISREG(status.st_mode)):
            continue
        wanted = rights.folder if stat.S_ISDIR(status.st_mode) else rights.file
        has_group = not rights.group or status.st_gid == known[rights.group]
        if stat.S_IMODE(status.st_mode) != wanted or not has_group:
            yield Stray(path, stat.S_IMODE(status.st_mode), wanted, rights.group)


def mend(root: Path, settings: HomeSettings, *, rooms_only: bool = False) -> list[Stray]:
    """Correct wrong permissions and return the paths corrected; `find_strays` still finds what cannot be changed."""
    mended: list[Stray] = []
    for stray in list(find_strays(root, settings, rooms_only=rooms_only)):
        try:
            if (number := _group_number(stray.group)) is not None:
                os.chown(stray.path, -1, number)  # before the mode: chown clears the setgid bit
            stray.path.chmod(stray.wanted)
        except OSError:  # not ours to change, or a read-only disk: `doctor` reports it
            continue
        mended.append(stray)
    return mended


def unknown_groups(settings: HomeSettings) -> list[str]:
    """Return the groups in the settings that this machine does not have."""
    return [name for name in settings.groups if _group_number(name) is None]


def inherited_mode(folder: Path, *, is_folder: bool = False) -> int:
    """Return the mode of a new file (or folder) in a folder: a group that may enter may read, and nobody else."""
    mode = stat.S_IMODE(folder.stat().st_mode)
    if is_folder:
        return mode & 0o2750 if mode & 0o050 == 0o050 else 0o700
    return 0o640 if mode & 0o010 and mode & 0o060 else 0o600  # a group that may only pass through reads nothing


def _own_stat(path: Path) -> os.stat_result | None:
    """Return the stat of our own file or folder; None for another user's, a link, or a path that has just gone."""
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
    import grp  # imported late: Windows has none, and there we set no permissions

    try:
        return grp.getgrnam(name).gr_gid
    except (KeyError, ValueError):  # a name with a null character is no group's
        return None
