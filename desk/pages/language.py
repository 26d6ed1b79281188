"""The language of a page: chosen by the reader, else the first of the browser's that there is, else Arabic.

Does not belong here: texts (`languages`).
"""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation.trans_real import parse_accept_lang_header

from languages.words import Words, languages

COOKIE = "language"
_ELSE = "ar"


def words_of(request: HttpRequest) -> Words:
    """Return the texts of the language of an answer."""
    named = [request.COOKIES.get(COOKIE, ""), *(tag for tag, _ in _accepted(request)), _ELSE]
    known = languages()
    return Words.load(next(tag for name in named if (tag := name.split("-")[0]) in known))


def _accepted(request: HttpRequest) -> tuple[tuple[str, float], ...]:
    return parse_accept_lang_header(request.headers.get("Accept-Language", ""))
