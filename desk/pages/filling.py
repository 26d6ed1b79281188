"""A page whose form is filled in as it was sent before: by the names of its fields, whichever form it is.

Does not belong here: when (`middleware.py`), forms that are held (`typed_forms.py`).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import lxml.html

from desk.pages import typed_forms

FORM = "typed"
"""The id of a page's form in which something is typed; a page has one at most."""
_NEVER = ("password", "file", "submit", "button")
"""Kinds of fields that no page gives back."""
_MARKS = (typed_forms.FIELD, "csrfmiddlewaretoken")


def fill_in(page: str, fields: Iterable[tuple[str, str]]) -> str:
    """Return a page whose form has these values, in the order in which they were sent; a page without one as it is."""
    html = lxml.html.document_fromstring(page)
    form = html.find(f".//form[@id='{FORM}']")
    if form is None:
        return page
    left: dict[str, list[str]] = {}
    for name, value in fields:
        left.setdefault(name, []).append(value)
    for control in form.iter("input", "textarea", "select"):
        name = control.get("name", "")
        if name and name not in _MARKS and control.get("type") not in _NEVER:
            _fill(control, left.get(name, []))
    return lxml.html.tostring(html, encoding="unicode", doctype="<!doctype html>")


def _fill(control: Any, values: list[str]) -> None:  # noqa: ANN401 - an element, which lxml names privately
    if control.tag == "select":
        for option in control.iter("option"):
            _mark(option, "selected", is_marked=option.get("value", "") in values)
    elif control.get("type") in ("checkbox", "radio"):
        _mark(control, "checked", is_marked=control.get("value", "on") in values)
    elif values and control.tag == "textarea":
        control.text = "\n" + values.pop(0).replace("\r\n", "\n")
    elif values:
        control.set("value", values.pop(0))


def _mark(control: Any, attribute: str, *, is_marked: bool) -> None:  # noqa: ANN401 - as `_fill`
    if is_marked:
        control.set(attribute, "")
    elif attribute in control.attrib:
        del control.attrib[attribute]
