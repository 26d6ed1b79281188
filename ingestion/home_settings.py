"""The settings of a home: `home.json`, its format, whether its files are invented, which groups may read and drop.

Belongs here: reading that file and refusing one that is incomplete. Does not belong here: setting permissions
(`access.py`), or the paths of a home (`home.py`).

    {"format_version": 3, "invented": false,
     "groups": {"readers": "marsad-readers", "inbox": {"iraq_interior_ministry": "sender-interior"}}}
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from ingestion.storage import parse_json, reading
from languages.refusal import Refusal

NAME = "home.json"
_KEYS = {"format_version", "invented", "groups"}


@dataclass(frozen=True)
class HomeSettings:
    """The content of `home.json`.

    Args:
        format_version: of the home.
        invented: whether it holds invented files only.
        readers: the group of this machine that may read `releases` and `reports`; empty for nobody but the owner.
        senders: source -> the group that may drop files into its folder of the inbox.
    """

    format_version: int
    invented: bool
    readers: str = ""
    senders: Mapping[str, str] = field(default_factory=dict[str, str])

    @property
    def groups(self) -> list[str]:
        """The named groups, sorted."""
        return sorted({self.readers, *self.senders.values()} - {""})


def read_settings(root: Path) -> HomeSettings | None:
    """Return the settings of the home at `root`; None if there is no home.

    Raises:
        Refusal: `home_settings_unreadable` for an empty, cut or damaged file, `home_settings_unknown` naming the key.
    """
    path = root / NAME
    try:
        with reading(path):
            data = path.read_bytes()
    except Refusal as refusal:
        if refusal.code == "file_missing":
            return None
        raise Refusal("home_settings_unreadable", where=str(path)) from refusal
    return parse_settings(data, path)


def parse_settings(data: bytes, path: Path) -> HomeSettings:
    """Return the settings that the bytes of a `home.json` hold.

    Args:
        data: those bytes.
        path: where they lie, for the refusal.

    Raises:
        Refusal: `home_settings_unreadable`, `home_settings_unknown` naming the key.
    """
    try:
        content = parse_json(data)
    except ValueError as error:
        raise Refusal("home_settings_unreadable", where=str(path)) from error
    if not isinstance(content, dict) or type(content.get("format_version")) is not int:
        raise Refusal("home_settings_unreadable", where=str(path))
    if not isinstance(content.get("invented"), bool):
        raise Refusal("home_settings_unreadable", where=str(path))
    stored = cast(dict[str, Any], content)
    _refuse_unknown(path, stored, _KEYS)
    readers, senders = _groups(path, stored.get("groups", {}))
    return HomeSettings(stored["format_version"], stored["invented"], readers, senders)


def _groups(path: Path, stored: Any) -> tuple[str, dict[str, str]]:  # noqa: ANN401 - whatever the file holds
    if not isinstance(stored, dict):
        raise Refusal("home_settings_unknown", where=str(path), setting="groups")
    groups = cast(dict[str, Any], stored)
    _refuse_unknown(path, groups, {"readers", "inbox"})
    readers, senders = groups.get("readers", ""), groups.get("inbox", {})
    if not isinstance(readers, str):
        raise Refusal("home_settings_unknown", where=str(path), setting="groups.readers")
    if not isinstance(senders, dict):
        raise Refusal("home_settings_unknown", where=str(path), setting="groups.inbox")
    named = cast(dict[str, Any], senders)
    for source, group in named.items():
        if not isinstance(group, str) or "/" in source or "\0" in source or source.startswith("."):
            raise Refusal("home_settings_unknown", where=str(path), setting=f"groups.inbox.{ascii(source)[1:-1]}")
    return readers, named


def _refuse_unknown(path: Path, stored: Mapping[str, Any], known: set[str]) -> None:
    unknown = sorted(set(stored) - known)
    if unknown:
        raise Refusal("home_settings_unknown", where=str(path), setting=ascii(unknown[0])[1:-1])
