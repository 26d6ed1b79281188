"""Computing the figures anew from what was received, before they can be approved.

Does not belong here: the build (`marsad/answers/build_work.py`), what the machine does by itself
(`marsad/answers/timed_work.py`), approving what came of it (`views.py`).
"""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from desk.identity.access import allow, person_of
from desk.pages.request import Request
from desk.pages.showing import show
from marsad.answers import build_work, timed_work


@allow("prepare", "recover")
@require_http_methods(["GET", "HEAD", "POST"])
def build(request: Request) -> HttpResponse:
    """Show how far the last build is and what the timers did, or start one; where one goes on, no second one starts."""
    if request.method == "POST":
        build_work.begin(request.home, person_of(request).person, request.words.tag)
        return redirect("build")
    return show(request, "build.html", work=build_work.state(request.home), timed=timed_work.list_timed_work())
