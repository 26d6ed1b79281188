"""The format of a release: the number that a manifest names, and the refusal of a release of another format.

Belongs here: that number. Does not belong here: writing a manifest (`release_draft.py`), or what it may contain
(`manifest_agreement.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from languages.refusal import Refusal

FORMAT = 4
"""Format of the releases that are written, and the only one that is read."""


def format_refusal(manifest: Mapping[str, Any], path: Path) -> Refusal | None:
    """Return `manifest_other_format` for a release of another format; None if this program reads it.

    Args:
        manifest: of the release.
        path: where it lies.
    """
    found = manifest["format"]
    return None if found == FORMAT else Refusal("manifest_other_format", where=str(path), found=found, wanted=FORMAT)


def frozen_of(manifest: Mapping[str, Any]) -> dict[str, list[str]]:
    """Return the indicators of each frozen year of a release."""
    return {str(year["year"]): [str(code) for code in year["indicators"]] for year in manifest["frozen"]}
