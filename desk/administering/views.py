"""Accounts of the people of the house, their change as an act of two, and the log.

An administrator gives passwords and ends sessions, and no right: roles stand in the roster, which only an act of two
changes. Does not belong here: accounts (`identity/accounts.py`), the act (`marsad/answers/acting.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, cast, get_args

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from desk.identity import accounts
from desk.identity.access import SIGNERS, allow, person_of
from desk.pages.request import Request
from desk.pages.showing import show, show_refusal
from ingestion.people.acts import read_people
from ingestion.people.acts_log import LineKind, log_look
from ingestion.people.openssh import fingerprint_of
from ingestion.people.roster import ROLES, Person
from languages.refusal import Refusal
from marsad.answers import acting, house_log
from marsad.answers.agency_deliveries import agency_names
from marsad.answers.changed_people import Concern, KeyEnd, PersonChange, concerns_about, roster_with

_PREPARERS = ("prepare", "recover")
_MOST_LINES = 200
_ASKED: Mapping[str, Callable[[str], None]] = {
    "second-factor": accounts.remove_second_factor,
    "sessions": accounts.end_sessions,
}
"""End of the address -> what is done to an account only after a question."""


@allow("administer")
@require_safe
def list_accounts(request: Request) -> HttpResponse:
    """Show each person of the house with her roles and what her account has, and what was just done to one."""
    people = read_people(request.home).people
    done, whose = request.GET.get("done", ""), people.get(request.GET.get("person", ""))
    rows = [(person, accounts.state_of(person.person)) for person in people.values()]
    return show(request, "accounts.html", rows=rows, done=done if done in _ASKED and whose else "", whose=whose)


@allow("administer")
@require_POST
def give_password(request: Request, person: str) -> HttpResponse:
    """Give a person a password for one sign-in, and show it once; her sessions end."""
    _log(request, f"desk password of {_known(request, person).person}", "account")
    password = accounts.give_once(request.home, person)
    return show(request, "password_given.html", person=person, password=password)


@allow("administer")
@require_POST
def remove_second_factor(request: Request, person: str) -> HttpResponse:
    """Remove a person's second factor, for a telephone that is gone, once that was asked; her sessions end."""
    return _once_sure(request, _known(request, person), "second-factor")


@allow("administer")
@require_POST
def end_sessions(request: Request, person: str) -> HttpResponse:
    """End all sessions of a person, once that was asked."""
    return _once_sure(request, _known(request, person), "sessions")


@allow("administer", *SIGNERS)
@require_safe
def list_people(request: Request) -> HttpResponse:
    """Show the people of the house with their keys; who may prepare an act may change them."""
    people = read_people(request.home).people.values()
    preparers = [person.person for person in people if set(person.roles) & set(_PREPARERS)]
    may_change = bool(request.roles & set(_PREPARERS))
    page: dict[str, Any] = {"rows": acting.list_people(request.home), "may_change": may_change, "preparers": preparers}
    return show(request, "people.html", **page)


@allow(*_PREPARERS)
@require_http_methods(["GET", "HEAD", "POST"])
def change_person(request: Request, person: str = "") -> HttpResponse:
    """Ask how a person is to be, and prepare the act of two that makes her so."""
    known = read_people(request.home).people.get(person)
    if request.method != "POST":
        return _show_person(request, known)
    change = _change_in(request, person or request.POST.get("person", "").strip())
    reason = request.POST.get("reason", "")
    try:
        data = roster_with(request.home, change, acting.today())
        concerns = concerns_about(request.home, change, data)
        if {concern.code for concern in concerns} - set(request.POST.getlist("taken")):
            page = _person_page(request, known, change, reason, concerns)
            return show(request, "person.html", status=422, **page)
        path = request.home.root / "people.yml"
        folder = acting.prepare_people(request.home, person_of(request).person, reason, data, path)
    except Refusal as error:
        if error.code == "private_key_typed":
            change = replace(change, new_key="")
        return show_refusal(request, error, "person.html", **_person_page(request, known, change, reason))
    return show(request, "act_prepared.html", act=folder.name)


@allow("administer", *SIGNERS)
@require_safe
def show_log(request: Request) -> HttpResponse:
    """Show the newest lines of all logs, of one person or one day if asked; each look at it is a line, too."""
    _log(request, "desk log")
    person, day = request.GET.get("person", ""), request.GET.get("day", "").strip()
    lines = house_log.walk(request.home, person=person, day=day)
    lines.sort(key=lambda line: (line["day"], line["log"] == "acts"))  # what people did stands first within a day
    newest = [(line, *house_log.line_in_words(line, request.words)) for line in lines[: -_MOST_LINES - 1 : -1]]
    people = {name: someone.name for name, someone in read_people(request.home).people.items()}
    asked: dict[str, Any] = {"person": person, "day": day, "people": people, "most": _MOST_LINES}
    heads = house_log.heads_of(request.home)
    return show(request, "log.html", lines=newest, total=len(lines), heads=heads, **asked)


def _show_person(request: Request, known: Person | None) -> HttpResponse:
    if known is None and request.resolver_match and request.resolver_match.kwargs:
        raise Http404
    fields = (known.person, known.name, known.agency, known.roles, known.sources) if known else ("", "", "", (), ())
    return show(request, "person.html", **_person_page(request, known, PersonChange(*fields), ""))


def _person_page(
    request: Request, known: Person | None, change: PersonChange, reason: str, concerns: Sequence[Concern] = ()
) -> dict[str, Any]:
    keys = [(fingerprint_of(key.text), key) for key in known.keys] if known else []
    open_keys = [(name, key) for name, key in keys if not key.revoked and not key.valid_before]
    choices = {"all_roles": list(ROLES), "agencies": agency_names(request.words)}
    return {"known": known, "change": change, "keys": open_keys, "reason": reason, "concerns": concerns, **choices}


def _change_in(request: Request, person: str) -> PersonChange:
    """Return what the form asks for."""
    fields = request.POST
    ends = {name.removeprefix("end-"): value for name, value in fields.items() if name.startswith("end-")}
    return PersonChange(
        person,
        fields.get("name", "").strip(),
        fields.get("agency", "").strip(),
        tuple(fields.getlist("roles")),
        tuple(fields.getlist("sources")),
        fields.get("new_key", ""),
        {name: cast(KeyEnd, value) for name, value in ends.items() if value in get_args(KeyEnd)},
        leaves="leaves" in fields,
    )


def _once_sure(request: Request, person: Person, what: str) -> HttpResponse:
    """Do what is asked for to an account, or ask first; the list of accounts says afterwards that it is done."""
    if "sure" not in request.POST:
        return show(request, "account_sure.html", person=person, what=what)
    _log(request, f"desk {what.replace('-', ' ')} of {person.person}", "account")
    _ASKED[what](person.person)
    return redirect(f"/accounts?done={what}&person={person.person}")


def _known(request: Request, person: str) -> Person:
    people = read_people(request.home).people
    if person not in people:
        raise Http404
    return people[person]


def _log(request: Request, what: str, kind: LineKind = "looked") -> None:
    log_look(request.home, person_of(request).person, what, kind)
