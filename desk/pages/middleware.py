"""What every request passes: headers, the language of its answer, refusals in words.

Does not belong here: who asks (`desk/identity/who_is_there.py`).
"""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect

from desk.pages import language, typed_forms
from desk.pages.request import Request
from desk.pages.showing import show_refusal
from languages.refusal import Refusal
from languages.words import Words

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
        """Return the answer in the language that was chosen, else in one that the browser names.

        Where a button of the languages was pressed, the page is asked for, and nothing that its form does is done.
        """
        request.words, request.typed = language.words_of(request), None
        if not (tag := language.chosen_in(request)):
            return _led_home(request, self._answer(request))
        request.words, request.typed = Words.load(tag), typed_forms.fields_of(request)
        request.method = "GET"
        response = _led_home(request, self._answer(request))
        language.remember(request, response, tag)
        return response

    def process_exception(self, request: Request, error: Exception) -> HttpResponse | None:
        """Return the page of a refusal; whatever else goes wrong is Django's."""
        if not isinstance(error, Refusal):
            return None
        return show_refusal(request, error, has_typed=typed_forms.hold(request))


def _led_home(request: Request, response: HttpResponse) -> HttpResponse:
    """Return an answer; where an address that takes forms alone was asked for as a page, the way to the first page."""
    is_asked_for = request.method in ("GET", "HEAD")
    return redirect("tasks") if is_asked_for and isinstance(response, HttpResponseNotAllowed) else response
