"""Who owes what, one agency, the letter to it, its quality, the rows of the report that name it.

Does not belong here: what is owed and the letter (`marsad/answers/owed_deliveries.py`), the quality of data
(`marsad/answers/agency_quality.py`).
"""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from desk.identity.access import SIGNERS, allow, person_of
from desk.pages.request import Request
from desk.pages.showing import show, show_finished
from languages import dates
from languages.words import Words, languages
from marsad.answers import agency_letters, owed_deliveries
from marsad.answers.agency_quality import look_at_quality
from marsad.answers.owed_deliveries import SenderState


@allow(*SIGNERS)
@require_safe
def list_owed(request: Request) -> HttpResponse:
    """Show what every agency owes, the longest owed first."""
    states = owed_deliveries.states_of_all(request.home, timezone.localdate())
    rows = [(state, _periods_owed(state, request.words)) for state in states]
    return show(request, "owed.html", rows=rows, owing=sum(bool(state.owed) for state in states))


@allow(*SIGNERS)
@require_safe
def show_agency(request: Request, source: str) -> HttpResponse:
    """Show what one agency owes, and where its letter and its quality are."""
    state = owed_deliveries.state_of(request.home, source, timezone.localdate())
    return show(
        request,
        "agency.html",
        state=state,
        periods=[(dates.year(request.words, owed.period), owed) for owed in state.owed],
        last_periods=_list_years(state.last_periods, request.words),
        is_named=agency_letters.gets_letter(source),
    )


@allow(*SIGNERS)
@require_safe
def show_letter(request: Request, source: str) -> HttpResponse:
    """Show the letter about what an agency owes, in its language or in another, to be copied or printed."""
    letter = owed_deliveries.owed_letter(request.home, source, timezone.localdate(), _asked_language(request))
    return show(request, "letter.html", letter=letter, source=source)


@allow(*SIGNERS)
@require_safe
def show_quality(request: Request, source: str) -> HttpResponse:
    """Show the page on the quality of an agency's data, as the agency gets it: a look, which is logged."""
    person = person_of(request).person
    return show_finished(look_at_quality(request.home, person, source, timezone.localdate(), _asked_language(request)))


@allow(*SIGNERS)
@require_safe
def show_named_rows(request: Request, source: str) -> HttpResponse:
    """Show what an agency is sent before publication: the rows that name it."""
    return show_finished(agency_letters.letter_page(request.home, source, _asked_language(request)))


def _asked_language(request: Request) -> str | None:
    """Return the language that the address names; None for the agency's own."""
    tag = request.GET.get("language", "")
    return tag if tag in languages() else None


def _periods_owed(state: SenderState, words: Words) -> str:
    return _list_years([owed.period for owed in state.owed], words)


def _list_years(years: Sequence[str], words: Words) -> str:
    """Return years as a text: first and last of more than two that follow each other, else each of them."""
    shown = [dates.year(words, year) for year in years]
    if len(years) > 2 and int(years[-1]) - int(years[0]) == len(years) - 1:
        return words.text("quality.sent.span", first=shown[0], last=shown[-1])
    return words.text("page.separator").join(shown)
