"""Native readers: the sentences of the report in their language, one a page, approved or changed.

Does not belong here: what a judgement means (`marsad/answers/read_sentences.py`).
"""

from __future__ import annotations

from collections.abc import Sequence

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_safe

from desk.identity.access import allow, person_of
from desk.pages.request import Request
from desk.pages.showing import show, show_refusal
from languages.catalogue import plural_forms
from languages.refusal import Refusal
from languages.words import languages
from marsad.answers import read_sentences
from marsad.answers.read_sentences import ReadSentence

_A_PAGE = 25
_READ = languages()[1:]


@allow("edit")
@require_safe
def list_sentences(request: Request, tag: str) -> HttpResponse:
    """Show the sentences of a language that await a reader; with `all`, every sentence."""
    sentences = read_sentences.list_sentences(request.home, _read(tag))
    waiting = [sentence for sentence in sentences if sentence.reading == "awaits"]
    chosen = sentences if "all" in request.GET else waiting
    start = int(number) if (number := request.GET.get("from", "")).isdecimal() else 0
    following = start + _A_PAGE if start + _A_PAGE < len(chosen) else 0
    counts = {"total": len(sentences), "waiting": len(waiting), "following": following, "every": "all" in request.GET}
    return show(request, "sentences.html", tag=tag, tags=_READ, sentences=chosen[start : start + _A_PAGE], **counts)


@allow("edit")
@require_http_methods(["GET", "HEAD", "POST"])
def read_sentence(request: Request, tag: str) -> HttpResponse:
    """Show a sentence with what it says today, and take a reader's judgement; the next that waits follows."""
    key = (request.POST if request.method == "POST" else request.GET).get("key", "")
    sentence = read_sentences.find_sentence(request.home, _read(tag), key)
    if request.method != "POST":
        own = sentence.proposed or sentence.forms
        return show(
            request, "sentence.html", tag=tag, sentence=sentence, judged=_judged(request, tag), fields=_fields(tag, own)
        )
    forms = request.POST.getlist("form") if "change" in request.POST else list(sentence.forms)
    try:
        version = request.POST.get("version", "")
        read_sentences.judge_sentence(request.home, person_of(request).person, tag, key, forms, version)
    except Refusal as error:
        return show_refusal(request, error, "sentence.html", tag=tag, sentence=sentence, fields=_fields(tag, forms))
    following = _following(request, tag, key)
    query = urlencode({"key": following.key, "judged": key}) if following else ""
    return redirect(f"/sentences/{tag}/one?{query}" if following else f"/sentences/{tag}")


@allow("edit")
@require_safe
def take_file(request: Request, tag: str) -> HttpResponse:
    """Return the sentences that were read in a language, for a maintainer."""
    content = read_sentences.exported_sentences(request.home, _read(tag))
    headers = {"Content-Disposition": f'attachment; filename="{tag}.po"'}
    return HttpResponse(content, content_type="text/x-gettext-translation; charset=utf-8", headers=headers)


def _following(request: Request, tag: str, key: str) -> ReadSentence | None:
    """Return the next sentence that awaits a reader: after this one in the report, else from its beginning."""
    sentences = read_sentences.list_sentences(request.home, tag)
    here = next(place for place, sentence in enumerate(sentences) if sentence.key == key)
    return next((s for s in (*sentences[here + 1 :], *sentences[:here]) if s.reading == "awaits"), None)


def _judged(request: Request, tag: str) -> ReadSentence | None:
    """Return the sentence that was judged a moment ago; the address may name anything."""
    key = request.GET.get("judged", "")
    return next((s for s in read_sentences.list_sentences(request.home, tag) if s.key == key and s.reader), None)


def _fields(tag: str, forms: Sequence[str]) -> list[tuple[str, str]]:
    """Return each form of a sentence with the key of what it is for."""
    names = plural_forms(tag) if len(forms) > 1 else ("alone",)
    return [(f"browser.sentences.form.{name}", form) for name, form in zip(names, forms, strict=False)]


def _read(tag: str) -> str:
    """Return a language that native readers read."""
    if tag not in _READ:
        raise Http404
    return tag
