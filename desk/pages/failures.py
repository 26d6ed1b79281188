"""Pages for what goes wrong beside the views: an unknown address, a form that is not ours, a fault of the house."""

from __future__ import annotations

from django.contrib.sessions.exceptions import SessionInterrupted  # pyright: ignore[reportAttributeAccessIssue]
from django.http import HttpResponse
from django.shortcuts import redirect

from desk.pages import language, typed_forms
from desk.pages.request import Request
from desk.pages.showing import show


def forged(request: Request, reason: str = "") -> HttpResponse:
    """Return the page for a form that did not come from a page of the desk, or from one that is too old."""
    if typed_forms.hold(request):  # she has signed in again since in another window, or her session has ended
        return redirect("typed")
    return _fail(request, "forged", 403)


def unreadable(request: Request, exception: Exception) -> HttpResponse:
    """Return the page for a request that no page of the desk makes: under another name, or with far too much in it."""
    if isinstance(exception, SessionInterrupted):  # a button that ends a session was pressed twice
        return redirect("tasks")
    return _fail(request, "unreadable", 400)


def unknown(request: Request, exception: Exception) -> HttpResponse:
    """Return the page for an address that there is not, or that is not for who asks: the same page, on purpose."""
    return _fail(request, "unknown", 404)


def faulty(request: Request) -> HttpResponse:
    """Return the page for a fault; nothing of the request is on it."""
    return _fail(request, "faulty", 500, has_typed=typed_forms.hold(request))


def _fail(request: Request, what: str, status: int, *, has_typed: bool = False) -> HttpResponse:
    if not hasattr(request, "words"):
        request.words = language.words_of(request)
    texts = {"what": f"browser.failure.{what}", "remedy": f"browser.failure.{what}.remedy"}
    return show(request, "failure.html", status=status, has_typed=has_typed, **texts)
