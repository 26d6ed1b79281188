"""What every request passes: headers, the language of its answer, refusals in words.

Does not belong here: who asks (`desk/identity/who_is_there.py`).
"""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpResponse

from desk.pages import language, typed_forms
from desk.pages.request import Request
from desk.pages.showing import show_refusal
from languages.refusal import Refusal

Answer = Callable[[Request], HttpResponse]


class NeverStored:
    """Nothing of a page stays in a browser or on the way: on a shared machine the next person sees nothing of it."""

    def __init__(self, get_response: Answer) -> None:
        self._answer = get_response

    def __call__(self, request: Request) -> HttpResponse:
        """Return the answer, marked as not to be stored; styles and scripts hold nothing of anybody."""
        response = self._answer(request)
        if not request.path.startswith("/static/"):
            response["Cache-Control"] = "no-store"
        response["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()"
        return response


class InWords:
    """The language of an answer, and every refusal as a page that says what, where and what to do."""

    def __init__(self, get_response: Answer) -> None:
        self._answer = get_response

    def __call__(self, request: Request) -> HttpResponse:
        """Return the answer in the language that was chosen, else in one that the browser names."""
        request.words = language.words_of(request)
        return self._answer(request)

    def process_exception(self, request: Request, error: Exception) -> HttpResponse | None:
        """Return the page of a refusal; whatever else goes wrong is Django's."""
        if not isinstance(error, Refusal):
            return None
        return show_refusal(request, error, has_typed=typed_forms.hold(request))
