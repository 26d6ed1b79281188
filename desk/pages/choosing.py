"""Choosing the language of the pages."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from desk.pages.language import COOKIE
from languages.words import languages

_SECONDS = 365 * 24 * 3600


@require_POST
def choose_language(request: HttpRequest) -> HttpResponse:
    """Remember a language in this browser, and go back to the page where it was chosen."""
    back = request.POST.get("back", "/")
    is_ours = url_has_allowed_host_and_scheme(back, allowed_hosts=None) and back.startswith("/")
    response = HttpResponseRedirect(back if is_ours else "/")
    if (tag := request.POST.get("language", "")) in languages():
        secure = request.is_secure()
        response.set_cookie(COOKIE, tag, max_age=_SECONDS, secure=secure, httponly=True, samesite="Strict")
    return response
