"""The tags that every template has: a text, a number, a day.

{% text "browser.owed.count" count=owed.count %}     the text of a key in the language of the page
{% amount 1234 %}                                    a number in the digits of the language
{% written_day day %}                                a day as the language writes it
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.html import format_html

from desk.pages import typed_forms
from desk.pages.showing import refusal_in_words
from languages import dates
from languages.numbers import number
from languages.refusal import Refusal
from languages.words import Words, languages
from marsad.answers.act_effects import warning_in_words
from marsad.answers.agency_deliveries import agency_name
from marsad.answers.changed_people import Concern
from marsad.answers.edited_texts import SlotText, TextSlot
from marsad.answers.release_changes import ChangedFile, file_in_words
from marsad.answers.sent_file import SentFile

register = template.Library()


@register.simple_tag(takes_context=True)
def text(context: Mapping[str, Any], key: str, **arguments: Any) -> str:  # noqa: ANN401 - whatever a template names
    """Return the text of a key; Django escapes it like any value."""
    words = _words(context)
    plain = {
        name: value if isinstance(value, int | float) else dates.written(words, str(value))
        for name, value in arguments.items()
    }
    return words.text(key, **plain)


@register.simple_tag(takes_context=True)
def written_day(context: Mapping[str, Any], day: datetime.date | str | None) -> str:
    """Return a day as the language writes it; a dash where there is none, and what only looks like one as it is."""
    return dates.written(_words(context), str(day)) if day else "–"


@register.simple_tag(takes_context=True)
def label(context: Mapping[str, Any], code_list: str, code: str) -> str:
    """Return the label of a code."""
    return _words(context).label(code_list, code)


@register.simple_tag(takes_context=True)
def typed_by(context: Mapping[str, Any]) -> str:
    """Return the field that marks a form as that of who is there: what is typed into it outlives her session."""
    person = context["request"].person
    return format_html(
        '<input type="hidden" name="{}" value="{}">', typed_forms.FIELD, typed_forms.mark_of(person.person)
    )


@register.simple_tag
def all_languages() -> list[Words]:
    """Return every language, to choose one."""
    return [Words.load(tag) for tag in languages()]


@register.simple_tag
def own_name(language: Words) -> str:
    """Return the name of a language in itself."""
    return language.text("language.name")


@register.simple_tag(takes_context=True)
def task_name(context: Mapping[str, Any], task: str) -> str:
    """Return what a task is called."""
    return _words(context).text(f"browser.task.{task}")


@register.simple_tag(takes_context=True)
def task_hint(context: Mapping[str, Any], task: str) -> str:
    """Return what a task is for, in a sentence."""
    return _words(context).text(f"browser.task.{task}.hint")


@register.simple_tag(takes_context=True)
def role_name(context: Mapping[str, Any], role: str) -> str:
    """Return what a role of the roster is called."""
    return _words(context).text(f"browser.role.{role}")


@register.simple_tag(takes_context=True)
def column_name(context: Mapping[str, Any], name: str) -> str:
    """Return the heading of a column."""
    return _words(context).text(f"browser.column.{name}")


@register.simple_tag(takes_context=True)
def dataset_name(context: Mapping[str, Any], dataset: str) -> str:
    """Return the title of a dataset or an estimate; its name if it has none."""
    key = f"dataset.{dataset}.title"
    return _words(context).text(key) if key in _words(context) else dataset


@register.simple_tag(takes_context=True)
def account_question(context: Mapping[str, Any], what: str) -> str:
    """Return the question before something is done to an account."""
    return _words(context).text(f"browser.accounts.ask.{what}")


@register.simple_tag(takes_context=True)
def account_effect(context: Mapping[str, Any], what: str) -> str:
    """Return what happens then."""
    return _words(context).text(f"browser.accounts.ask.{what}.hint")


@register.simple_tag(takes_context=True)
def account_done(context: Mapping[str, Any], what: str, person: str) -> str:
    """Return that it is done."""
    return _words(context).text(f"browser.accounts.done.{what}", person=person)


@register.simple_tag(takes_context=True)
def act_kind(context: Mapping[str, Any], kind: str) -> str:
    """Return what an act of a kind does."""
    return _words(context).text(f"browser.acts.kind.{kind}")


@register.simple_tag(takes_context=True)
def concern_text(context: Mapping[str, Any], concern: Concern) -> str:
    """Return what is to be known before an act is prepared."""
    named = {"person": concern.person}
    if concern.code == "act_waits":
        named |= {"act": concern.act, "kind": act_kind(context, concern.kind)}
    return _words(context).text(f"browser.concern.{concern.code}", **named)


@register.simple_tag(takes_context=True)
def refusal_of(context: Mapping[str, Any], refusal: Refusal) -> str:
    """Return what a refusal says, and what to do."""
    return " ".join(refusal_in_words(refusal, _words(context)))


@register.simple_tag(takes_context=True)
def warning_text(context: Mapping[str, Any], warning: str) -> str:
    """Return what a warning about figures that wait means."""
    return warning_in_words(warning, _words(context))


@register.simple_tag(takes_context=True)
def text_state(context: Mapping[str, Any], state: str) -> str:
    """Return what an editor's text needs."""
    return _words(context).text(f"browser.texts.state.{state}")


@register.simple_tag(takes_context=True)
def text_kind(context: Mapping[str, Any], slot: TextSlot) -> str:
    """Return what kind of text stands in a place."""
    first = slot.id.split("-")[0]
    kind = first if first in ("title", "answer", "comment", "recommendation") else "chapter"
    return _words(context).text(f"browser.texts.kind.{kind}")


@register.simple_tag(takes_context=True)
def own_text(context: Mapping[str, Any], texts: Mapping[str, SlotText]) -> SlotText:
    """Return the text in the language of the page."""
    return texts[_words(context).tag]


@register.simple_tag(takes_context=True)
def level_name(context: Mapping[str, Any], level: str) -> str:
    """Return whether a line of the checklist blocks."""
    return _words(context).text(f"report.{level}")


@register.simple_tag(takes_context=True)
def reading_name(context: Mapping[str, Any], reading: str) -> str:
    """Return what a native reader said of a sentence."""
    return _words(context).text(f"browser.sentences.reading.{reading}")


@register.simple_tag
def language_name(tag: str) -> str:
    """Return the name of a language in itself."""
    return Words.load(tag).text("language.name")


@register.simple_tag
def direction_of(tag: str) -> str:
    """Return the direction of a language."""
    return Words.load(tag).direction


@register.simple_tag
def text_in(tag: str, key: str) -> str:
    """Return a text in another language than that of the page."""
    return Words.load(tag).text(key)


@register.simple_tag(takes_context=True)
def change_name(context: Mapping[str, Any], kind: str) -> str:
    """Return what rows of a kind of change are called."""
    return _words(context).text(f"desk.change.{kind}")


@register.simple_tag(takes_context=True)
def timed_work_name(context: Mapping[str, Any], name: str) -> str:
    """Return what a timer of the machine does."""
    return _words(context).text(f"browser.timed.work.{name}")


@register.simple_tag(takes_context=True)
def timed_outcome(context: Mapping[str, Any], outcome: str) -> str:
    """Return how the last work of a timer ended."""
    return _words(context).text(f"browser.timed.outcome.{outcome}")


@register.simple_tag(takes_context=True)
def year_name(context: Mapping[str, Any], year: str) -> str:
    """Return a year in the digits of the language, without a separator."""
    return dates.year(_words(context), year)


@register.simple_tag(takes_context=True)
def expected_name(context: Mapping[str, Any], expected_as: str) -> str:
    """Return what the text that a finding expects is: a sum, a known word, a name, or an example only."""
    return _words(context).text(f"browser.send.{expected_as}")


@register.simple_tag(takes_context=True)
def verdict_of(context: Mapping[str, Any], sent: SentFile) -> str:
    """Return in a sentence whether a file can be sent, and whether any row of it would be accepted."""
    verdict = "nothing_landed" if sent.receipt.lands_nothing else sent.receipt.verdict
    return _words(context).text(f"browser.send.verdict.{verdict}")


@register.filter
def split_words(names: str) -> list[str]:
    """Return the names in a text, between blanks or commas."""
    return names.replace(",", " ").split()


@register.simple_tag(takes_context=True)
def source_name(context: Mapping[str, Any], source: str) -> str:
    """Return what a sender is called."""
    return agency_name(source, _words(context))


@register.simple_tag(takes_context=True)
def indicator_name(context: Mapping[str, Any], code: str) -> str:
    """Return the title of an indicator."""
    return _words(context).text(f"indicator.{code.lower().replace('-', '_')}.title")


@register.simple_tag(takes_context=True)
def cause_name(context: Mapping[str, Any], cause: str) -> str:
    """Return why figures of a year changed, in a sentence."""
    return _words(context).text(f"changes.cause.{cause}")


@register.simple_tag(takes_context=True)
def file_change(context: Mapping[str, Any], file: ChangedFile) -> str:
    """Return what became of a file between two releases, in a sentence."""
    return file_in_words(file, _words(context))


@register.simple_tag(takes_context=True)
def pillar_name(context: Mapping[str, Any], pillar: str) -> str:
    """Return what a pillar of the indicators is called."""
    return _words(context).text(f"pillar.{pillar}")


@register.simple_tag(takes_context=True)
def amount(context: Mapping[str, Any], value: str | float) -> str:
    """Return a number in the digits of the language, and any other value as it is."""
    return value if isinstance(value, str) else number(value, _words(context).numerals)


def _words(context: Mapping[str, Any]) -> Words:
    return context["words"]
