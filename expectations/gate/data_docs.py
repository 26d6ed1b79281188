"""Data Docs of a verdict: the page that Great Expectations writes about a suite, sealed, for the analyst of the house.

Belongs here: rendering the page so that it calls nobody, and keeping it.
Does not belong here: the verdict (`verdicts.py`).

    verdicts/<dataset>.data_docs.html         counts of broken rows, exact ones too: it never leaves the house
    verdicts/<dataset>.data_docs.html.seal    its keyed seal

Open it with a browser on this machine; the gate in Dagster's interface links to it. The page of Great Expectations asks
seven hosts for styles and scripts. They are taken out, and the page forbids a browser to fetch anything.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

from lxml import html

from ingestion.home import Home
from ingestion.seals import write_sealed

_CALLING = "//script | //link | //img | //iframe | //a[starts-with(@href, 'http')] | //footer"
_RANDOM = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"
_STYLE = """
body { font: 15px/1.5 sans-serif; margin: 2rem auto; max-width: 70rem; padding: 0 1rem; }
table { border-collapse: collapse; width: 100%; }
td, th { border: 1px solid #bbb; padding: .3rem .6rem; text-align: start; vertical-align: top; }
"""


def docs_path(home: Home, dataset: str) -> Path:
    """Return where the page about the last examination of a dataset stands."""
    return home.verdicts / f"{dataset}.data_docs.html"


def keep(home: Home, dataset: str, validation: Any) -> None:  # noqa: ANN401 - a type of Great Expectations
    """Render the page about a validation and write it with its seal.

    Args:
        home: with a seal key.
        dataset: whose suite was run.
        validation: its result, with counts and without a row's value.
    """
    write_sealed(home, docs_path(home, dataset), page_of(validation))


def forget(home: Home, dataset: str) -> None:
    """Remove the page about an earlier examination: it says nothing of the bytes that are examined now."""
    docs_path(home, dataset).unlink(missing_ok=True)


def page_of(validation: Any) -> bytes:  # noqa: ANN401 - a type of Great Expectations
    """Return the page; the same result gives the same bytes."""
    from great_expectations.render.renderer.page_renderer import ValidationResultsPageRenderer  # late: seconds

    validation.meta.pop("batch_markers", None)  # when it was loaded: another one each time
    text = _view().render(ValidationResultsPageRenderer().render(validation))
    page: Any = html.document_fromstring(_number_pages(text))
    for element in page.xpath(_CALLING):
        element.drop_tree()
    head = page.find("head")
    head.insert(0, html.Element("meta", {"http-equiv": "Content-Security-Policy", "content": _POLICY}))
    head.insert(1, html.Element("meta", {"charset": "utf-8"}))
    style = html.Element("style")
    style.text = _STYLE
    head.append(style)
    return html.tostring(page, encoding="utf-8", doctype="<!DOCTYPE html>")


@cache
def _view() -> Any:  # noqa: ANN401 - a type of Great Expectations
    """Return what writes pages; it keeps its compiled templates, which take most of the time of a page."""
    from great_expectations.render.view.view import DefaultJinjaPageView  # late: seconds

    return DefaultJinjaPageView()


def _number_pages(text: str) -> str:
    """Give the places of the page numbers instead of the random names that they get each time."""
    numbers: dict[str, str] = {}
    return _RANDOM.sub(lambda match: numbers.setdefault(match[0], f"place-{len(numbers)}"), text)
