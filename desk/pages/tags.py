"""The tags that every template has: a text, a number, a day.

{% text "browser.owed.count" count=owed.count %}     the text of a key in the language of the page
{{ day|as_day }}                                     a day as the language writes it
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from django import template

from languages.words import Words, languages

register = template.Library()


@register.simple_tag(takes_context=True)
def text(context: Mapping[str, Any], key: str, **arguments: Any) -> str:  # noqa: ANN401 - whatever a template names
    """Return the text of a key; Django escapes it like any value."""
    plain = {name: value if isinstance(value, int | float) else str(value) for name, value in arguments.items()}
    return _words(context).text(key, **plain)


@register.simple_tag(takes_context=True)
def label(context: Mapping[str, Any], code_list: str, code: str) -> str:
    """Return the label of a code."""
    return _words(context).label(code_list, code)


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


@register.filter
def split_words(names: str) -> list[str]:
    """Return the names in a text, between blanks or commas."""
    return names.replace(",", " ").split()


@register.filter
def as_day(day: datetime.date | str) -> str:
    """Return a day as all languages of the house write it in tables."""
    return day if isinstance(day, str) else day.isoformat()


def _words(context: Mapping[str, Any]) -> Words:
    return context["words"]
