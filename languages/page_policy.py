"""What a page's Content-Security-Policy lets in: a style or a program by the hash of its text.

Belongs here: that hash and the policy, for the pages of every floor; this is the one room that all of them may import.
Does not belong here: which programs a page has (its maker).
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence


def source_of(text: str) -> str:
    """Return the source expression of a text (`sha256-…`, Content Security Policy Level 3, 2.3.1)."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii")


def policy(style: str, programs: Sequence[str] = (), *, has_fonts: bool = False) -> str:
    """Return the policy of a page that fetches nothing.

    Args:
        style: source expression of its style.
        programs: those of its programs; without one, none runs.
        has_fonts: whether its style carries fonts inside itself.
    """
    parts = ["default-src 'none'"]
    if programs:  # what runs is told by name that it may call nobody
        parts += ["connect-src 'none'", "script-src " + " ".join(f"'{program}'" for program in programs)]
    parts += [f"style-src '{style}'"]
    parts += ["font-src data:"] if has_fonts else []
    return "; ".join([*parts, "base-uri 'none'", "form-action 'none'"])
