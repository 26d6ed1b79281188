"""The documents as pages: all of them are reachable, and opening them asks nobody outside."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.reports import browsing

HOUSE = Path(__file__).resolve().parents[2]
OUTSIDE = re.compile(
    r"""<(?:script|img|iframe|source|audio|video|embed|object)\b[^>]*\b(?:src|srcset|data)=["']?(?:https?:)?//"""
    r"""|<link\b(?![^>]*rel=["']?canonical)[^>]*\bhref=["']?(?:https?:)?//"""
    r"""|url\(["']?(?:https?:)?//|@import\s+["'](?:https?:)?//"""
)
"""What a browser fetches by itself; links that a reader follows are none of it."""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("documents")
    command = [sys.executable, "-m", "mkdocs", "build", "--quiet", "--site-dir", str(folder)]
    subprocess.run(command, cwd=HOUSE, check=True, env={"NO_MKDOCS_2_WARNING": "1"}, capture_output=True)
    return folder


def test_no_page_fetches_anything_from_outside(site: Path) -> None:
    files = [path for path in site.rglob("*") if path.suffix in {".html", ".css", ".svg"}]
    assert len(files) > 60
    assert {path.name: found.group() for path in files if (found := OUTSIDE.search(path.read_text("utf-8")))} == {}


def test_what_the_theme_would_fetch_on_occasion_has_no_occasion(site: Path) -> None:
    pages = "".join(path.read_text("utf-8") for path in site.rglob("*.html"))
    assert 'class="mermaid"' not in pages  # diagrams load a script from elsewhere: pictures are drawn instead
    assert 'data-md-component="source"' not in pages  # a repository's address makes the page ask for its stars


def test_the_pattern_finds_each_way_to_fetch() -> None:
    ways = [
        '<script src="https://x/y.js">',
        "<link rel=stylesheet href=//x/y.css>",
        "@import 'https://x'",
        "url(//x/y)",
    ]
    assert [way for way in ways if not OUTSIDE.search(way)] == []
    assert not OUTSIDE.search('<a href="https://x/">') and not OUTSIDE.search('<link rel="canonical" href="https://x">')


def test_every_document_stands_in_the_navigation_and_in_the_index() -> None:
    documents = {path.name for path in (HOUSE / "docs").glob("*.md")} - {"index.md"}
    navigation = (HOUSE / "mkdocs.yml").read_text("utf-8").partition("\nnav:")[2]
    assert {name for name in documents if name not in navigation} == set()
    index = (HOUSE / "docs" / "index.md").read_text("utf-8")
    assert {name for name in documents if f"]({name})" not in index} == set()


def test_each_reader_of_the_index_has_a_path_of_the_same_name() -> None:
    navigation = yaml.safe_load("nav:" + (HOUSE / "mkdocs.yml").read_text("utf-8").partition("\nnav:")[2])["nav"]
    paths = [name for entry in navigation for name, pages in entry.items() if isinstance(pages, list)]
    assert re.findall(r"^## (.+)$", (HOUSE / "docs" / "index.md").read_text("utf-8"), re.MULTILINE) == paths


@pytest.mark.needs_browser
def test_a_page_opened_from_a_folder_is_searched_and_asks_nobody(site: Path) -> None:
    asked: list[str] = []
    with browsing.chromium() as started:
        page = started.new_page()
        page.set_default_timeout(120_000)
        page.on("request", lambda request: asked.append(request.url))
        page.goto((site / "runbook.html").as_uri())
        page.click("input.md-search__input")
        page.keyboard.type("quarantine", delay=20)
        page.wait_for_selector(".md-search-result__item")
    assert [address for address in asked if not address.startswith("file:")] == []
