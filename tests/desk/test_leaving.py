"""A page that is left in a browser, with something typed on it that no button has sent.

Belongs here: what the browser asks then. Does not belong here: language buttons (`test_kept_forms.py`).
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Dialog, Page

from desk.identity.accounts import INVENTED
from ingestion.home import Home
from tests.desk.served import served
from tests.reports.browsing import chromium

pytestmark = pytest.mark.needs_browser
WORDS = "كلمات لم تُرسل"


@pytest.fixture
def asked() -> list[str]:
    """Kinds of dialogs that were shown; each is answered by staying on the page."""
    return []


@pytest.fixture
def page(home: Home, tmp_path: Path, asked: list[str]) -> Iterator[Page]:
    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    (tmp_path / "temporary").mkdir()
    with served(home, folder=tmp_path / "temporary") as port, chromium() as browser:
        context = browser.new_context(locale="ar", base_url=f"http://127.0.0.1:{port}")
        page = context.new_page()
        page.goto("/sign-in")
        page.fill("[name=name]", "amina")
        page.fill("[name=password]", INVENTED.format(person="amina"))
        page.keyboard.press("Enter")  # presses the button of the form, and no language
        page.wait_for_url("**/")
        page.on("dialog", stay)
        yield page
        context.close()


def test_who_leaves_a_page_with_unsent_words_is_asked_and_keeps_them(page: Page, asked: list[str]):
    page.goto("/people/new")
    page.fill("[name=name]", WORDS)
    for way in ("header .house a", "header .who button"):
        with page.expect_event("dialog"):
            page.locator(way).click(no_wait_after=True)
    assert page.input_value("[name=name]") == WORDS
    page.locator(".languages button[value=ckb]").click()
    page.wait_for_selector("html[lang=ckb]")
    assert page.input_value("[name=name]") == WORDS
    assert asked == ["beforeunload"] * 2  # a language is no way out
    with page.expect_event("dialog"):  # and no button has sent its words
        page.locator("header .house a").click(no_wait_after=True)


def test_a_page_on_which_nothing_was_typed_is_left_unasked(page: Page, asked: list[str]):
    page.goto("/people/new")
    page.locator("header .house a").click()
    page.wait_for_url("**/")
    assert asked == []
