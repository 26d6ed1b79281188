"""The publication of the report: what is still to be done, its day and embargo, writing it and preparing its act.

Does not belong here: signing the act (`views.py`), texts (`desk/editing`).
"""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from desk.identity.access import allow, person_of
from desk.pages.request import Request
from desk.pages.showing import show, show_refusal
from languages.refusal import Refusal
from marsad.answers import acting, publication_days, report_work
from marsad.answers.changed_people import Concern
from marsad.answers.publication_days import PublicationDays
from marsad.answers.report_work import NextReport

PREPARERS = ("prepare", "recover")
_FIELDS = ("published", "next_release", "embargo_until", "version")


@allow("edit", "approve", *PREPARERS)
@require_safe
def show_publication(request: Request) -> HttpResponse:
    """Show the days of the next publication, and how far its report is."""
    return show(request, "publication.html", **_page(request), saved="saved" in request.GET)


@allow("edit", *PREPARERS)
@require_POST
def save_days(request: Request) -> HttpResponse:
    """Save the day that the report bears, that of the next one, and its embargo; what else was typed stays."""
    typed, reason = _typed_days(request), request.POST.get("reason", "")
    try:
        publication_days.save_days(request.home, person_of(request).person, typed)
    except Refusal as error:
        return show_refusal(request, error, "publication.html", **_page(request) | {"days": typed, "reason": reason})
    if reason:
        return show(request, "publication.html", **_page(request), saved=True, reason=reason, is_unsaved=True)
    return redirect("/publication?saved")


@allow(*PREPARERS)
@require_POST
def write_report(request: Request) -> HttpResponse:
    """Start writing the report in every language; if nothing blocks, its act waits for two signatures then.

    Days that were typed on the same page are saved before.
    """
    reason = request.POST.get("reason", "")
    if (typed := _typed_days(request)).published:
        try:
            publication_days.save_days(request.home, person_of(request).person, typed)
        except Refusal as error:
            page = _page(request) | {"days": typed, "reason": reason}
            return show_refusal(request, error, "publication.html", **page)
    is_early = "pre_release" in request.POST
    waiting = acting.act_given_up_by(request.home, {})
    if waiting is not None and "act_waits" not in request.POST.getlist("taken"):
        concerns = [Concern("act_waits", waiting.prepared_by, waiting.name, waiting.kind)]
        return show(request, "publication.html", status=422, **_page(request), reason=reason, concerns=concerns)
    try:
        report_work.begin(request.home, person_of(request).person, reason, request.words.tag, is_pre_release=is_early)
    except Refusal as error:
        return show_refusal(request, error, "publication.html", **_page(request) | {"reason": reason})
    return redirect("publication")


def _typed_days(request: Request) -> PublicationDays:
    published, following, embargo, version = (request.POST.get(name, "") for name in _FIELDS)
    return PublicationDays(published, following, embargo, (), version)


def _page(request: Request) -> dict[str, Any]:
    return {
        "days": publication_days.read_days(request.home),
        "work": report_work.state(request.home),
        "report": _next_report(request),
        "may_write": bool(request.roles & set(PREPARERS)),
        "may_change": bool(request.roles & {"edit", *PREPARERS}),
    }


def _next_report(request: Request) -> NextReport | None:
    """Return the report that would be written now; None where nothing is released."""
    try:
        return report_work.next_report(request.home)
    except Refusal as refusal:
        if refusal.code != "nothing_released":
            raise
        return None
