"""Pages for agencies as a reader reads them, and what holds for each: its direction, and that it fetches nothing."""

from __future__ import annotations

import base64
import hashlib
import re

from languages.words import Words


def read_page(html: str) -> str:
    """Return the text of a page: no style, no tags, no marks of direction."""
    body = re.sub(r"<style>.*?</style>", "", html, flags=re.DOTALL)
    return re.sub(r"\s+", " ", re.sub(r"[\u2066-\u2069\u061c]", "", re.sub(r"<[^>]+>", " ", body)))


def assert_runs_in_its_direction(html: str, tag: str) -> None:
    """Assert the direction of the language, and that a page without a native reader says that it awaits review."""
    words = Words.load(tag)
    assert f'<html lang="{tag}" dir="{"ltr" if tag == "en" else "rtl"}">' in html
    assert (words.text("page.awaits_review") in html) == (not words.is_reviewed)


def assert_fetches_and_runs_nothing(html: str) -> None:
    """Assert that a page has no address and no script, and that its policy lets in its one style alone."""
    assert not re.search(r"<script|<link|<img|<iframe|url\(|@import|https?:|\son\w+=|\sstyle=", html)
    style = re.search(r"<style>(.*?)</style>", html, re.DOTALL)
    assert style
    digest = base64.b64encode(hashlib.sha256(style[1].encode("utf-8")).digest()).decode("ascii")
    assert f"default-src 'none'; style-src 'sha256-{digest}'" in html
