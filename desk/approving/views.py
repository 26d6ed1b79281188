"""What waits for two signatures: seen, prepared, signed by a file from the signer's own machine.

No private key comes near the desk. Does not belong here: who may sign what (`marsad/answers/acting.py`), publishing a
report (`publication.py`).
"""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from desk.identity.access import SIGNERS, allow, person_of
from desk.pages.bytes_shown import page_of_report
from desk.pages.request import Request
from desk.pages.showing import show, show_refusal
from ingestion.people.acts_log import log_look
from languages.refusal import Refusal
from marsad.answers import acting, shown_act
from marsad.answers.shown_act import Waiting

_LARGEST_SIGNATURE = 10_000
_COLUMNS = ("version", "replaces", "new", "revised", "withheld", "gone", "years")


@allow(*SIGNERS)
@require_safe
def show_waiting(request: Request) -> HttpResponse:
    """Show what waits for signatures, and what its next signer does."""
    log_look(request.home, person_of(request).person, "desk acts")
    waiting = shown_act.find_waiting(request.home, request.words)
    done = request.GET.get("done", "")
    kind = shown_act.kind_done(request.home, done) if done else ""
    return show(request, "acts.html", **_page(request, waiting), done=done, done_kind=kind)


@allow(*SIGNERS)
@require_safe
def show_certificates(request: Request) -> HttpResponse:
    """Show the certificate of each dataset that waits."""
    log_look(request.home, person_of(request).person, "desk certificates")
    waiting = shown_act.find_waiting(request.home, request.words)
    return show(request, "certificates.html", certificates=waiting.certificates if waiting else {})


@allow("prepare", "recover")
@require_POST
def prepare(request: Request) -> HttpResponse:
    """Prepare the act that publishes the figures that wait; each warning is taken by a mark of its own."""
    waiting, reason = shown_act.find_waiting(request.home, request.words), request.POST.get("reason", "")
    try:
        if waiting is None:
            raise Refusal("act_none", where=str(request.home.acts))
        if waiting.act is not None and waiting.act.void is None:
            if waiting.act.kind == "publish":  # the button was pressed twice
                return redirect("acts")
            raise Refusal("act_waits", where=waiting.act.name, count=1)
        warnings = _taken_warnings(request, waiting)
        acting.prepare_publication(request.home, person_of(request).person, reason, {"warnings": warnings})
    except Refusal as error:
        return show_refusal(request, error, "acts.html", **_page(request, waiting), reason=reason)
    return redirect("acts")


@allow(*SIGNERS)
@require_POST
def sign(request: Request, act: str) -> HttpResponse:
    """Take the signature of who is there; the last one that the act needs carries it out."""
    if shown_act.kind_done(request.home, act):  # the button was pressed twice
        return redirect(f"/acts?done={act}")
    waiting = shown_act.find_waiting(request.home, request.words)
    try:
        shown = shown_act.find_shown(request.home, act)
        if shown.void is not None:
            raise shown.void
        person = person_of(request).person
        if person in shown.signed_by:
            raise Refusal("act_signed_already", where=shown.name, person=person)
        if waiting is not None:
            _taken_warnings(request, waiting)
        folder = acting.find_act(request.home, shown.name)
        signature, is_clock_right = _signature_in(request), "clock" in request.POST
        signed = acting.take_signature(request.home, folder, signature, person, is_clock_right=is_clock_right)
    except Refusal as error:
        waiting = shown_act.find_waiting(request.home, request.words)
        asks_clock = error.code == "clock_far_ahead"
        return show_refusal(request, error, "acts.html", **_page(request, waiting), asks_clock=asks_clock)
    return redirect(f"/acts?done={shown.name}" if signed.is_complete else "/acts")


@allow(*SIGNERS)
@require_safe
def download(request: Request, act: str) -> HttpResponse:
    """Return the bytes that are signed."""
    content = shown_act.find_shown(request.home, act).content
    return HttpResponse(
        content,
        content_type="application/octet-stream",
        headers={"Content-Disposition": 'attachment; filename="act.json"'},
    )


@allow(*SIGNERS)
@require_safe
def show_report(request: Request, act: str, file: str) -> HttpResponse:
    """Show a file of the report that an act would publish, as its record names it."""
    shown = shown_act.find_shown(request.home, act)
    return page_of_report(file, shown_act.report_file(request.home, shown, file))


def _page(request: Request, waiting: Waiting | None) -> dict[str, Any]:
    """Return what the page of acts shows of what waits."""
    person, act = person_of(request).person, waiting.act if waiting else None
    rows = [
        (row["dataset"], [(name, row[name]) for name in _COLUMNS]) for row in (waiting.effects.rows if waiting else ())
    ]
    return {
        "waiting": waiting,
        "act": act,
        "rows": rows,
        "people": shown_act.roster_changes(request.home, act, request.words) if act else [],
        "has_signed": bool(act and person in act.signed_by),
        "is_hers": bool(act and act.void is None and person in act.may_sign),
        "may_prepare": bool(waiting and person in waiting.may_prepare),
        "may_build": bool(request.roles & {"prepare", "recover"}),
        "is_open": act is None or act.void is not None,
    }


def _taken_warnings(request: Request, waiting: Waiting) -> list[str]:
    """Return the warnings of what waits, each of which was marked.

    Raises:
        Refusal: `warnings_open` if one was not.
    """
    taken = request.POST.getlist("warning")
    left = [warning for warning in waiting.effects.warnings if warning not in taken]
    if left:
        raise Refusal("warnings_open", where=left[0], count=len(left))
    return waiting.effects.warnings


def _signature_in(request: Request) -> bytes:
    """Return the signature that was uploaded.

    Raises:
        Refusal: `signature_missing`.
    """
    upload = request.FILES.get("signature")
    if upload is None or not upload.size or upload.size > _LARGEST_SIGNATURE:
        raise Refusal("signature_missing", where="act.json.sig")
    return upload.read()
