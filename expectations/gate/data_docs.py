"""Data Docs of a verdict: Great Expectations' page about a suite, sealed, for Marsad's analyst.

Belongs here: rendering the page without calls to other hosts, and storing it.
Does not belong here: the verdict (`verdicts.py`).

    verdicts/<dataset>.data_docs.html         counts of broken rows, exact ones too: it never leaves the data home
    verdicts/<dataset>.data_docs.html.seal    its keyed seal

Open it with a browser on this machine; the gate on Dagster's pages links to it. The page of Great Expectations
requests styles and scripts from seven hosts. They are removed, and the page forbids the browser to fetch anything.
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
    """Return the path of the page about the last examination of a dataset."""
    return home.verdicts / f"{dataset}.data_docs.html"


def keep(home: Home, dataset: str, validation: Any) -> None:  # noqa: ANN401 - a type of Great Expectations
    """Render the page about a validation and write it with its seal.

    Args:
        home: a data home with a seal key.
        dataset: the dataset whose suite was run.
        validation: its result, with counts and no row values.
    """
    write_sealed(home, docs_path(home, dataset), page_of(validation))


def forget(home: Home, dataset: str) -> None:
    """Remove the page about an earlier examination: it does not describe the bytes examined now."""
    docs_path(home, dataset).unlink(missing_ok=True)


def page_of(validation: Any) -> bytes:  # noqa: ANN401 - a type of Great Expectations
    """Return the page; the same result gives the same bytes."""
    from great_expectations.render.renderer.page_renderer import ValidationResultsPageRenderer  # late: seconds

    validation.meta.pop("batch_markers", None)  # the time of loading, different on every run
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
    """Return the page writer, cached: compiling its templates takes most of the time of a page."""
    from great_expectations.render.view.view import DefaultJinjaPageView  # late: seconds

    return DefaultJinjaPageView()


def _number_pages(text: str) -> str:
    """Replace the random names on the page by numbers."""
    numbers: dict[str, str] = {}
    return _RANDOM.sub(lambda match: numbers.setdefault(match[0], f"place-{len(numbers)}"), text)
