"""Showing a page: a template with the texts of its language, and a refusal as a page.

Does not belong here: what a page shows (the views of each task), its texts (`languages`).
"""

from __future__ import annotations

import re
from typing import Any

from django.http import HttpResponse
from django.template.loader import render_to_string

from desk.pages.filling import fill_in
from desk.pages.request import Request
from languages.refusal import Refusal
from languages.words import Words
from marsad.answers.answer_forms import refusal_texts

_MISLEADING = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202d\u202e\ufffe\uffff]")
"""What a typed text may hold to look like another one: controls, and marks that turn the order of letters round."""

_REFUSED = 422
"""The status of a page that says what is wrong in a form: what was typed is on it, and nowhere else."""


def show(request: Request, template: str, *, status: int = 200, **content: Any) -> HttpResponse:  # noqa: ANN401 - whatever a template shows
    """Return a page: a template of `desk/templates/` with what it shows."""
    typed = getattr(request, "typed", None)
    state: dict[str, Any] = {"words": request.words, "is_unsaved": typed is not None or status == _REFUSED}
    page = _plainly(render_to_string(template, state | content, request))
    if typed is not None:
        page = fill_in(page, [(name, _plainly(value)) for name, value in typed])
    return HttpResponse(page, status=status)


def _plainly(text: str) -> str:
    return _MISLEADING.sub("\ufffd", text)


def show_finished(html: str) -> HttpResponse:
    """Return a finished page of the house, to be read and printed: it loads nothing, and states its policy itself."""
    return HttpResponse(html, headers={"Content-Security-Policy": "frame-ancestors 'none'"})


def refusal_in_words(error: Refusal, words: Words) -> tuple[str, str]:
    """Return what happened and what to do: by a page of the desk where the terminal names a command."""
    what, remedy = refusal_texts(error, words, by_page=True)
    by_page = f"browser.refused.{error.code}"
    happened = f"browser.happened.{error.code}"  # where the terminal names a process and a folder of the machine
    return words.text(happened) if happened in words else what, words.text(by_page) if by_page in words else remedy


def show_refusal(
    request: Request,
    error: Refusal,
    template: str = "refusal.html",
    **content: Any,  # noqa: ANN401 - as `show`
) -> HttpResponse:
    """Return the page of a refusal: what is wrong and what to do, on the page of the form if one is named."""
    what, remedy = refusal_in_words(error, request.words)
    return show(request, template, status=_REFUSED, refused=what, remedy=remedy, **content)
