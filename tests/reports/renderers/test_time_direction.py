"""In every picture of a report time runs as lines do: from the right in Arabic and Sorani, and the forms say so."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

import pytest
from lxml import etree

from languages import dates
from languages.words import Words, languages
from reports.chapters import build_edition
from reports.editions.edition import Edition
from reports.editors.editorial_inputs import EditorialInputs
from reports.publishing.issue_report import other_languages
from reports.released.report_model import Report
from reports.renderers import site
from reports.renderers.story import story_manuscripts

_ISOLATES = re.compile("[\u2066-\u2069]")
_MOVED = re.compile(r"translate\(([-\d.]+)")
_SVG = re.compile(r"<svg.*?</svg>", re.DOTALL)


@pytest.fixture(params=languages())
def edition(request: pytest.FixtureRequest, report: Report) -> Edition:
    return build_edition.edition(report, Words.load(request.param), EditorialInputs(code="0"))


def drawings(edition: Edition) -> Iterator[str]:
    """Every drawing of report and pages."""
    manuscript = story_manuscripts.booklet(edition)
    yield from (data.decode() for name, data in manuscript.files.items() if name.endswith(".svg"))
    for page in site.pages(edition, other_languages(edition.language)).values():
        yield from _SVG.findall(page.decode())


def texts(svg: str) -> Iterator[tuple[str, float]]:
    """Each text of a drawing, with its place across."""
    for node in etree.fromstring(svg.encode()).iter("{*}text"):
        across = float(node.get("x", 0))
        for outer in (node, *node.iterancestors()):
            moved = _MOVED.match(outer.get("transform", ""))
            across += float(moved[1]) if moved else 0
        yield _ISOLATES.sub("", "".join(node.itertext())), across


def test_in_every_picture_years_follow_each_other_as_lines_run(edition: Edition, report: Report):
    words = Words.load(edition.language)
    place_of = {_ISOLATES.sub("", dates.year(words, year)): place for place, year in enumerate(report.years)}
    pictures_of_years = 0
    for svg in drawings(edition):
        years = sorted((across, place_of[text]) for text, across in texts(svg) if text in place_of)
        in_order = years[::-1] if edition.direction == "rtl" else years
        pictures_of_years += len(years) > 1
        assert all(before[1] < now[1] for before, now in pairwise(in_order)), svg
    assert pictures_of_years > 10


def test_report_and_pages_say_in_words_how_time_runs(edition: Edition):
    told = edition.labels["time_runs"]
    assert told in site.pages(edition, other_languages(edition.language))["index.html"].decode()
    assert told in story_manuscripts.booklet(edition).files["edition.json"].decode()
