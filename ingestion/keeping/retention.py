"""The retention card: how long each class of file in a home is kept, whether it is backed up, by which rule and why.

Belongs here: reading `retention.yml` and determining the class of a file.
Does not belong here: removing anything (whoever writes a file removes it), or copying it (`backup.py`).
"""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path, PurePosixPath
from typing import Annotated, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field

CARD = Path(__file__).with_name("retention.yml")

Kept = Literal["for_ever", "until_withdrawn", "until_replaced", "until_the_next_build", "while_in_use"]
Days = Annotated[int, Field(ge=1)]
Text = Annotated[str, Field(min_length=10)]

_MOST_FOLDERS = 32
_NAME_BYTES = 255
_PATH_BYTES = 2048
"""Longest path that every file system accepts to which a home may be restored, its own path included."""
_UNSEEN = {"Cc", "Cf", "Cs", "Zl", "Zp"}
"""Unicode categories: control characters, invisible ones, surrogates, line and paragraph separators."""
_JOINERS = {"\u200c", "\u200d"}
"""Invisible, but part of Kurdish and Persian spelling: a person may have written them."""


class FileClass(BaseModel):
    """One class of files of a home, as the card defines it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    places: Annotated[list[str], Field(min_length=1)]
    beside: str = ""
    backed_up: bool
    kept: Kept | Days
    rule: Text
    reason: Text


class BackupRhythm(BaseModel):
    """How often a backup is made, and for how many days it is kept."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    every_days: Days
    kept_days: Days
    at_least: Days
    rule: Text
    reason: Text


class RetentionCard(BaseModel):
    """The content of `retention.yml`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    backups: BackupRhythm
    classes: dict[str, FileClass]


@dataclass(frozen=True)
class KeptFile:
    """A file of a home.

    Args:
        path: under the home, with `/`.
        name: of its class in the card; empty if it has none, and for a link, which may lead outside.
    """

    path: str
    name: str

    @property
    def is_backed_up(self) -> bool:
        """Whether a backup includes it."""
        return bool(self.name) and card().classes[self.name].backed_up


@cache
def card() -> RetentionCard:
    """Return the card.

    Raises:
        pydantic.ValidationError: for an invalid card; a test of the repository reads it.
    """
    return RetentionCard.model_validate(yaml.safe_load(CARD.read_text(encoding="utf-8")))


def class_of(path: PurePosixPath, is_there: Callable[[str], bool]) -> str:
    """Return the name of the first class that a file belongs to, empty if it has none or its path is not plain.

    Args:
        path: of the file under the home.
        is_there: whether a file exists at a path under the home: some classes depend on a neighbouring file.
    """
    if not _is_plain(path):
        return ""
    for name, file_class in card().classes.items():
        if _is_in(path, file_class) and _has_beside(path, file_class.beside, is_there):
            return name
    return ""


def files_of(root: Path) -> Iterator[KeptFile]:
    """Yield every file of the home at `root` with its class, by path; of colliding paths only one has a class."""
    entries: list[tuple[str, bool]] = []
    for folder, names, files in os.walk(root):
        links = [name for name in names if (Path(folder) / name).is_symlink()]
        for name in (*files, *links):
            path = Path(folder) / name
            entries.append((path.relative_to(root).as_posix(), path.is_file() and not path.is_symlink()))
    twins = _colliding_paths(path for path, _ in entries)
    for path, is_file in sorted(entries):
        has_class = is_file and path not in twins
        yield KeptFile(path, class_of(PurePosixPath(path), lambda name: (root / name).exists()) if has_class else "")


def strangers_of(paths: Collection[str]) -> list[str]:
    """Return those of the paths that no backup of a home can hold, sorted.

    Args:
        paths: all files of one home: whether a report was published depends on a file among them.
    """
    twins = _colliding_paths(paths)
    return sorted(path for path in paths if path in twins or not _is_kept(path, paths))


def _is_kept(path: str, paths: Collection[str]) -> bool:
    plain = PurePosixPath(path)
    is_inside = bool(plain.parts) and not plain.is_absolute() and ".." not in plain.parts
    if not is_inside or plain.as_posix() != path:
        return False
    if not KeptFile(path, class_of(plain, paths.__contains__)).is_backed_up:
        return False
    return not any(folder.as_posix() in paths for folder in plain.parents[:-1])  # a file and a folder of the same name


def _is_plain(path: PurePosixPath) -> bool:
    """Return whether a person can read a path and any file system write it: no control or invisible characters."""
    signs = set(path.as_posix()) - _JOINERS
    if len(path.parts) > _MOST_FOLDERS or any(unicodedata.category(sign) in _UNSEEN for sign in signs):
        return False
    sizes = [len(part.encode("utf-8")) for part in path.parts]
    return max(sizes, default=0) <= _NAME_BYTES and sum(sizes) + len(sizes) <= _PATH_BYTES


def _colliding_paths(paths: Iterable[str]) -> set[str]:
    """Return the paths that a disk which folds case or accents cannot distinguish from another one.

    The last of each group in code-point order is excluded: Marsad writes small letters.
    """
    last: dict[str, str] = {}
    twins: set[str] = set()
    for path in sorted(paths):
        seen = "".join(sign for sign in path if sign not in _JOINERS)
        folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", seen).casefold())
        if folded in last:
            twins.add(last[folded])
        last[folded] = path
    return twins


def _is_in(path: PurePosixPath, file_class: FileClass) -> bool:
    return any(fnmatchcase(path.as_posix(), place) for place in file_class.places)


def _has_beside(path: PurePosixPath, name: str, is_there: Callable[[str], bool]) -> bool:
    return not name or is_there(PurePosixPath(*path.parts[:2], name).as_posix())
