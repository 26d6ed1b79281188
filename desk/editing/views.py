"""The report's texts: which there are, one place with its figures in three columns, its page with the drafts.

Does not belong here: drafts (`drafts.py`), native readers (`reading.py`), what a text may hold (`marsad/answers`).
"""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from desk.editing import drafts
from desk.identity.access import allow, person_of
from desk.pages.bytes_shown import framed, page_of_report
from desk.pages.request import Request
from desk.pages.showing import show, show_refusal
from languages.refusal import Refusal
from languages.words import Words, languages
from marsad.answers import checklist_lines, edited_texts, previewed_page
from marsad.answers.edited_texts import TextSlot

_STATES = ("kept_out", "other_figures", "older")


@allow("edit")
@require_safe
def list_texts(request: Request) -> HttpResponse:
    """Show the pages of the report, or the places for texts of one of them, with what needs the editor's eye."""
    slots, page = edited_texts.list_slots(request.home), request.GET.get("page", "")
    typed = drafts.texts_of(person_of(request).person)
    if page:
        rows = [(slot, *_marks(slot, typed)) for slot in slots if slot.page == page]
        title = edited_texts.page_title(page, request.words, slots)
        return show(request, "texts_of_page.html", page_title=title, rows=rows)
    pages: dict[str, list[TextSlot]] = {}
    for slot in slots:
        pages.setdefault(slot.page, []).append(slot)
    counts = [
        (
            name,
            edited_texts.page_title(name, request.words, own),
            len(own),
            sum(any(_marks(slot, typed)) for slot in own),
        )
        for name, own in pages.items()
    ]
    return show(request, "texts.html", pages=counts)


@allow("edit")
@require_http_methods(["GET", "HEAD", "POST"])
def edit_text(request: Request, slot: str) -> HttpResponse:
    """Show a place in three languages; save the text whose button was pressed, and keep what else is typed."""
    place, person = edited_texts.find_slot(request.home, slot), person_of(request).person
    if request.method != "POST":
        return show(request, "text.html", **_page(request, place), saved=_saved(request))
    _keep(request, place)
    stored = place.texts.get(request.POST.get("save", ""))
    if stored is None:
        return redirect("edit_text", slot=slot)
    text, opened = request.POST.get(stored.language, ""), request.POST.get(f"opened-{stored.language}", "")
    try:
        saving = edited_texts.save_text(request.home, person, stored.name, text, opened)
    except Refusal as error:
        return show_refusal(request, error, "text.html", **_page(request, edited_texts.find_slot(request.home, slot)))
    if not saving.is_saved:
        lines = checklist_lines.in_words(saving.items, request.words)
        return show(request, "text.html", status=422, **_page(request, place), lines=lines)
    drafts.forget(person, stored.name)
    return redirect(f"/edit/{slot}?saved={stored.language}")


@allow("edit")
@require_http_methods(["GET", "HEAD", "POST"])
def show_preview(request: Request, slot: str) -> HttpResponse:
    """Show the page of a place with all drafts of who asks, as the report would print it."""
    place = edited_texts.find_slot(request.home, slot)
    if request.method == "POST":
        _keep(request, place)
    fields = request.POST if request.method == "POST" else request.GET
    return _preview(request, place.page, fields.get("preview", request.words.tag), place)


@allow("edit")
@require_safe
def show_two_pages(request: Request, tag: str) -> HttpResponse:
    """Show the two pages of the report in a language."""
    return _preview(request, previewed_page.TWO_PAGES, tag)


@allow("edit", "prepare", "approve", "recover")
@require_safe
def show_checklist(request: Request) -> HttpResponse:
    """Show what is to be done or known before the report is published."""
    lines = checklist_lines.checklist_lines(request.home, request.words, place="browser.")
    return show(request, "checklist.html", lines=lines, blocking=sum(line.level == "must" for line in lines))


@allow("edit", "prepare", "approve", "recover")
@require_POST
def read_written(request: Request) -> HttpResponse:
    """Log that who is there has read a sentence that somebody else wrote."""
    name, sentence = request.POST.get("file", ""), request.POST.get("sentence", "")
    try:
        edited_texts.read_written(request.home, person_of(request).person, name, sentence)
    except Refusal as error:
        return show_refusal(request, error)
    return redirect("checklist")


def _preview(request: Request, page: str, tag: str, place: TextSlot | None = None) -> HttpResponse:
    """Show a page with drafts; where the text of `place` would not be saved, what is wrong with it instead."""
    if tag not in languages():
        raise Http404
    typed, own = (
        drafts.texts_of(person_of(request).person),
        [text.name for text in place.texts.values()] if place else [],
    )
    try:
        shown = previewed_page.preview(request.home, page, tag, typed, own)
    except Refusal as error:
        return framed(show_refusal(request, error))
    name = place.texts[tag].name if place else ""
    items = [item for item in shown.items if item.keeps_out and item.where == f"prose/{name}"]
    if items:
        lines = checklist_lines.in_words(items, request.words)
        return framed(show(request, "text_refused.html", status=422, lines=lines))
    return page_of_report(shown.name, shown.content)


def _page(request: Request, place: TextSlot) -> dict[str, Any]:
    title = edited_texts.page_title(place.page, request.words, edited_texts.list_slots(request.home))
    return {"slot": place, "page_title": title, "columns": drafts.columns(person_of(request).person, place)}


def _saved(request: Request) -> str:
    """Return the name of the language whose text was saved; the address may say anything else."""
    tag = request.GET.get("saved", "")
    return Words.load(tag).text("language.name") if tag in languages() else ""


def _keep(request: Request, place: TextSlot) -> None:
    """Keep what was typed before anything can go wrong."""
    typed = {tag: request.POST[tag] for tag in place.texts if tag in request.POST}
    opened = {tag: request.POST.get(f"opened-{tag}", "") for tag in typed}
    drafts.keep(person_of(request).person, place, typed, opened)


def _marks(slot: TextSlot, typed: dict[str, str]) -> tuple[list[tuple[str, str]], bool]:
    """Return language and state of each text that needs the editor's eye, and whether a draft of hers waits."""
    states = [(tag, text.state) for tag, text in slot.texts.items() if text.state in _STATES]
    return states, any(text.name in typed for text in slot.texts.values())
