"""The clerk's pages: what her agency owes, a file and what is wrong in it, its letter, its receipt.

Number and date of the letter travel in the addresses, so that they survive an error and a lost session; the file does
not. Does not belong here: any answer (`marsad/answers/sent_file.py`), how long a file is held
(`held_files.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any
from urllib.parse import quote, urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from desk.configuration import LARGEST_REQUEST, LARGEST_UPLOAD, TOO_MANY
from desk.identity.access import allow, person_of
from desk.pages.request import Request
from desk.pages.showing import show, show_refusal
from desk.sending import held_files
from desk.sending.held_files import HeldFile
from desk.sending.unlocked_key import unlocked_key
from ingestion.submissions.receipts import Receipt
from languages import dates
from languages.refusal import Refusal
from languages.words import Words
from marsad.answers import sent_file
from marsad.answers.agency_deliveries import OwedYear, agency_name, deliveries_of
from marsad.answers.sent_file import NamedBytes, SentFile

_WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_OF_LETTER = ("number", "date", "again")
View = Callable[..., HttpResponse]


@allow("receive")
@require_safe
def list_owed(request: Request) -> HttpResponse:
    """Show what each of her agencies owes, and when."""
    return show(request, "send.html", agencies=_agencies(request), letter=_letter_query(request))


@allow("receive")
@require_safe
def take_template(request: Request, source: str) -> HttpResponse:
    """Hand out the workbook that an agency fills in."""
    _refuse_other(request, source)
    return _download(sent_file.template_file(request.home, source, request.words), _WORKBOOK)


@allow("receive")
@require_http_methods(["GET", "HEAD", "POST"])
def choose_file(request: Request, source: str) -> HttpResponse:
    """Ask for a file, and check it in memory."""
    _refuse_other(request, source)
    page: dict[str, Any] = {
        "source": source,
        "agency": agency_name(source, request.words),
        "fields": _letter_fields(request),
        "limit": LARGEST_UPLOAD // 10**6,
    }
    if request.method != "POST":
        return show(request, "send_choose.html", **page)
    person, uploaded = person_of(request).person, request.FILES.get("file")
    try:
        if uploaded is None or not uploaded.name:
            if f"HTTP_{TOO_MANY}" in request.META:
                raise Refusal("desk_crowded", where="-")
            is_large = int(request.META.get("CONTENT_LENGTH") or 0) > LARGEST_REQUEST
            raise Refusal("desk_too_large" if is_large else "desk_no_file", where="-", limit=page["limit"])
        if (uploaded.size or 0) > LARGEST_UPLOAD:
            raise Refusal("desk_too_large", where="-", limit=page["limit"])
        held_files.refuse_full(person)
        with held_files.checking():
            name, data, key = uploaded.name, uploaded.read(), unlocked_key(request.home)
            sent = sent_file.examine_bytes(request.home, source, name, data, key=key)
        held = held_files.hold(_session(request), person, sent)
    except Refusal as error:
        return show_refusal(request, error, "send_choose.html", **page)
    return _go(request, "send_file", held)


def _of_held_file(view: View) -> View:
    """Hand a view the file of its address; once it is gone, ask for it again, with the letter as it was typed."""

    @wraps(view)
    def answer(request: Request, token: str, **named: str) -> HttpResponse:
        try:
            held = held_files.find(_session(request), person_of(request).person, token)
        except Refusal as error:
            content = {"agencies": _agencies(request), "letter": _letter_query(request)}
            return show_refusal(request, error, "send_gone.html", **content)
        if held.receipt:
            return redirect("send_receipt", held.receipt.submission)
        if held.sent is None:
            raise Http404
        if held.sent.source not in request.sources:  # she may have left the roster since
            raise Http404
        return view(request, held, held.sent, **named)

    return answer


@allow("receive")
@require_safe
@_of_held_file
def show_file(request: Request, held: HeldFile, sent: SentFile) -> HttpResponse:
    """Show what is wrong in a file, kind by kind, and ask for number and date of its letter."""
    return show(request, "send_file.html", **_page_of(request, held, sent), **_findings_of(request, sent))


@allow("receive")
@require_safe
@_of_held_file
def take_marked(request: Request, held: HeldFile, sent: SentFile) -> HttpResponse:
    """Hand out her own workbook with what was found in it marked."""
    with held_files.checking():
        return _download(sent_file.marked_file(sent, request.words), _WORKBOOK)


@allow("receive")
@require_http_methods(["GET", "HEAD", "POST"])
@_of_held_file
def confirm(request: Request, held: HeldFile, sent: SentFile) -> HttpResponse:
    """Show what would change, and receive the file once she agrees."""
    fields, page = _letter_fields(request), _page_of(request, held, sent)
    try:
        letter = sent_file.letter_of(fields.get("number", ""), fields.get("date", ""), again="again" in fields)
    except Refusal as error:
        return show_refusal(request, error, "send_file.html", **page, **_findings_of(request, sent))
    with held_files.checking():
        sent = sent_file.with_letter(sent, letter)
        changes = sent_file.changed_periods(sent.receipt.row_changes, request.words)
        must_invent = request.home.is_invented and sent.arrival.of_the_house is None
        earlier = sent_file.receipt_with_letter(sent, letter)
        page |= {
            "sent": sent,
            "effects": sent.effects(request.words),
            "changes": changes,
            "must_invent": must_invent,
            "earlier": earlier,
        }
        if request.method != "POST":
            return show(request, "send_confirm.html", **page)
        if sent.replaces_rows and "replace" not in request.POST:
            return show_refusal(request, Refusal("desk_not_agreed", where="-"), "send_confirm.html", **page)
        if sent.receipt.lands_nothing and "nothing" not in request.POST:
            return show_refusal(request, Refusal("desk_nothing_landed", where="-"), "send_confirm.html", **page)
        is_invented, person = "invented" in request.POST, person_of(request).person
        try:
            receipt = sent_file.receive_sent(sent, person, states_invented=is_invented)
        except Refusal as error:
            return show_refusal(request, error, "send_confirm.html", **page)
    held_files.mark_received(held, receipt)
    return redirect("send_receipt", receipt.submission)


# Receipts


@allow("receive")
@require_safe
def show_receipt(request: Request, submission: str) -> HttpResponse:
    """Show that a file of her agency was received, and lead to its receipt."""
    receipt = sent_file.receipt_of(request.home, request.sources, submission)
    received_on = dates.day(request.words, receipt.received_at)
    agency = agency_name(receipt.source, request.words)
    page: dict[str, Any] = {
        "receipt": receipt,
        "agency": agency,
        "received_on": received_on,
        "letter_date": dates.day(request.words, receipt.letter_date) if receipt.letter_date else "",
        "years": _years_of(receipt),
    }
    return show(request, "send_receipt.html", **page)


@allow("receive")
@require_safe
def print_receipt(request: Request, submission: str) -> HttpResponse:
    """Show the receipt to be printed: a page that loads nothing, and states a policy for the style that is in it."""
    response = HttpResponse(_receipt_file(request, submission)[0].data, content_type="text/html; charset=utf-8")
    response["Content-Security-Policy"] = "frame-ancestors 'none'"
    return response


@allow("receive")
@require_safe
def take_receipt(request: Request, submission: str, kind: str) -> HttpResponse:
    """Hand out the receipt as a file, or the machine's signature over it."""
    page, signature = _receipt_file(request, submission)
    if kind == "page":
        return _download(page, "text/html; charset=utf-8")
    if not signature:
        raise Http404
    return _download(NamedBytes(f"{page.name}.sig", signature), "application/octet-stream")


def _receipt_file(request: Request, submission: str) -> tuple[NamedBytes, bytes]:
    stored = sent_file.receipt_of(request.home, request.sources, submission)
    receipt = held_files.receipt_in(_session(request), submission) or stored
    return sent_file.receipt_file(request.home, receipt, request.words.tag)


# What the pages have in common


def _agencies(request: Request) -> list[dict[str, Any]]:
    """Return what each of her agencies owes, in words."""
    words = request.words
    return [
        {
            "source": agency.source,
            "title": agency.title(words),
            "owes": agency.owes,
            "next_due": agency.next_due and _in_words(agency.next_due, words),
            "years": [_in_words(year, words) for year in agency.years],
        }
        for agency in deliveries_of(request.home, request.sources)
    ]


def _in_words(year: OwedYear, words: Words) -> dict[str, Any]:
    return {
        "name": dates.year(words, year.period),
        "state": year.in_words(words),
        "submissions": year.submissions,
    }


def _page_of(request: Request, held: HeldFile, sent: SentFile) -> dict[str, Any]:
    agency = agency_name(sent.source, request.words)
    letter, fields = _letter_query(request), _letter_fields(request)
    years = _years_of(sent.receipt)
    page = {"token": held.token, "sent": sent, "agency": agency, "letter": letter, "fields": fields, "years": years}
    return page | {"effects": sent.effects(request.words)}


def _findings_of(request: Request, sent: SentFile) -> dict[str, Any]:
    """Return what is wrong in a file, and whether it came before and another one counts instead of it."""
    findings = sent.receipt.findings
    was_replaced = any(finding.kind == "known_replaced" for finding in findings)
    return {"kinds": sent_file.findings_by_kind(findings, request.words), "was_replaced": was_replaced}


def _years_of(receipt: Receipt) -> list[str]:
    """Return the years whose rows a file brings."""
    return sorted({period for periods in receipt.periods.values() for period in periods})


def _letter_fields(request: Request) -> Mapping[str, str]:
    """Return what was typed of the letter, in a form or an address."""
    typed = request.POST if request.method == "POST" else request.GET
    return {name: text for name in _OF_LETTER if (text := typed.get(name, ""))}


def _letter_query(request: Request) -> str:
    fields = _letter_fields(request)
    return f"?{urlencode(fields)}" if fields else ""


def _go(request: Request, page: str, held: HeldFile) -> HttpResponse:
    return redirect(reverse(page, args=[held.token]) + _letter_query(request))


def _refuse_other(request: Request, source: str) -> None:
    """Refuse an agency whose files she does not bring: for her it has no page."""
    if source not in request.sources:
        raise Http404


def _session(request: HttpRequest) -> str:
    return request.session.session_key or ""


def _download(file: NamedBytes, kind: str) -> HttpResponse:
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(file.name)}"}
    return HttpResponse(file.data, content_type=kind, headers=headers)
