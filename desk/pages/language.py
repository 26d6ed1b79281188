"""The language of a page: chosen by the reader, else the first of the browser's that there is, else Arabic.

The buttons of the languages send the form of their page, with whatever is typed in it, to the address of that page:
it is answered as if it had been asked for, in that language, with the form filled in as it was sent.

Does not belong here: texts (`languages`), filling in (`filling.py`).
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation.trans_real import parse_accept_lang_header

from languages.words import Words, languages

COOKIE = "language"
FIELD = "language"
"""What a button of the languages is called."""
_ELSE = "ar"
_SECONDS = 365 * 24 * 3600


def words_of(request: HttpRequest) -> Words:
    """Return the texts of the language of an answer."""
    named = [request.COOKIES.get(COOKIE, ""), *(tag for tag, _ in _accepted(request)), _ELSE]
    known = languages()
    return Words.load(next(tag for name in named if (tag := name.split("-")[0]) in known))


def chosen_in(request: HttpRequest) -> str:
    """Return the language whose button sent a request; empty where no such button did."""
    tag = request.POST.get(FIELD, "") if request.method == "POST" else ""
    return tag if tag in languages() else ""


def remember(request: HttpRequest, response: HttpResponse, tag: str) -> None:
    """Remember a language in the browser that gets an answer."""
    secure = request.is_secure()
    response.set_cookie(COOKIE, tag, max_age=_SECONDS, secure=secure, httponly=True, samesite="Strict")


def _accepted(request: HttpRequest) -> tuple[tuple[str, float], ...]:
    return parse_accept_lang_header(request.headers.get("Accept-Language", ""))
