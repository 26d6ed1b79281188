"""What a page's Content-Security-Policy lets in: a style or a program by the hash of its text.

Belongs here: that hash, for the pages of every floor; this is the one room that all of them may import. Does not belong
here: which page allows what (its template).
"""

from __future__ import annotations

import base64
import hashlib


def source_of(text: str) -> str:
    """Return the source expression of a text (`sha256-…`, Content Security Policy Level 3, 2.3.1)."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii")
