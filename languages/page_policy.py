"""A page's Content-Security-Policy: which style and scripts it allows, by the hash of their text.

Belongs here: that hash and the policy, for the pages of every package; all of them may import this module.
Does not belong here: which scripts a page has (its maker).
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence


def source_of(text: str) -> str:
    """Return the source expression of a text (`sha256-…`, Content Security Policy Level 3, 2.3.1)."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii")


def policy(style: str, programs: Sequence[str] = (), *, has_fonts: bool = False) -> str:
    """Return the policy of a page that loads nothing.

    Args:
        style: source expression of its style.
        programs: those of its scripts; without any, none runs.
        has_fonts: whether its style contains fonts.
    """
    parts = ["default-src 'none'"]
    if programs:  # a page with scripts states that they may connect nowhere
        parts += ["connect-src 'none'", "script-src " + " ".join(f"'{program}'" for program in programs)]
    parts += [f"style-src '{style}'"]
    parts += ["font-src data:"] if has_fonts else []
    return "; ".join([*parts, "base-uri 'none'", "form-action 'none'"])
