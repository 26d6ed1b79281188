"""A real Chromium for the tests of pages: one start a module, pages from disk, without any network."""

from __future__ import annotations

import json
import shutil
from collections.abc import Generator
from contextlib import contextmanager
from importlib import resources
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

QUIET = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync")  # fmt: skip
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PHONE, DESK = (360, 640), (1280, 900)
_CONTRAST = "color-contrast"
_ONE_OF_EACH_LOOK = """[...new Map([...document.body.querySelectorAll('*')]
    .filter(one => one.checkVisibility() && (one.matches('input, select, textarea')
        || [...one.childNodes].some(node => node.nodeType === Node.TEXT_NODE && node.data.trim())))
    .map(one => {
        const own = getComputedStyle(one), look = [own.color, own.fontSize, own.fontWeight, own.textShadow];
        for (let around = one; around; around = around.parentElement) {
            const style = getComputedStyle(around);
            look.push(style.backgroundColor, style.backgroundImage, style.opacity, style.display, style.visibility,
                style.position);
        }
        return [look.join('|'), one];
    })).values()]"""
"""All that the contrast of a text hangs on: its own look, and what lies behind it."""
_PATIENCE = 120_000  # milliseconds; a cold start on a busy machine is slow


@contextmanager
def chromium() -> Generator[Browser]:
    """Start the browser of this machine; it is closed at the end."""
    with sync_playwright() as started:
        path = shutil.which("chromium")
        browser = started.chromium.launch(executable_path=path, args=list(QUIET), timeout=_PATIENCE)
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def opened(browser: Browser, file: Path, size: tuple[int, int] = DESK, *, bypass_csp: bool = False) -> Generator[Page]:
    """Open a file in a window of a size; `bypass_csp` lets a test run axe in a page whose policy forbids scripts."""
    width, height = size
    context = browser.new_context(viewport={"width": width, "height": height}, bypass_csp=bypass_csp, offline=True)
    page = context.new_page()
    page.set_default_timeout(_PATIENCE)
    try:
        page.goto(file.as_uri())
        yield page
    finally:
        context.close()


def violations(page: Page) -> list[tuple[str, str]]:
    """Return (rule, element) of everything that axe finds against WCAG 2.2 AA and best practice.

    What a colour stands out from is asked of one text of each look: a table of thousands of cells has three.
    """
    page.evaluate((resources.files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8"))
    wanted = {"runOnly": RULES, "resultTypes": ["violations"]}
    apart = wanted | {"rules": {_CONTRAST: {"enabled": False}}}
    ran: list[dict[str, Any]] = page.evaluate(
        f"""async () => [
            await axe.run(document, {json.dumps(apart)}),
            await axe.run({{include: {_ONE_OF_EACH_LOOK}}}, {{runOnly: [{_CONTRAST!r}], resultTypes: ["violations"]}}),
        ]"""
    )
    return [(one["id"], node["html"][:200]) for found in ran for one in found["violations"] for node in one["nodes"]]


def width_beyond(page: Page) -> int:
    """Return by how many pixels the page is wider than its window."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


_CUT_NUMBERS = """([shown, by]) => shown.flatMap(box => {
    box.scrollLeft += by
    const edge = box.getBoundingClientRect()
    const head = box.querySelector('tbody th:not([colspan])').getBoundingClientRect()
    const isAtLeft = Math.abs(head.left - edge.left) < Math.abs(head.right - edge.right)
    const [left, right] = isAtLeft ? [head.right, edge.right] : [edge.left, head.left]
    return [...box.querySelectorAll('td:not([colspan]), thead th + th')].map(cell => {
        const range = document.createRange()
        range.selectNodeContents(cell)
        return [cell, range.getBoundingClientRect(), range.getClientRects().length]
    }).filter(([cell, text, lines]) => text.width && (
        [left, right].some(border => text.left < border - 0.5 && text.right > border + 0.5)
        || cell.scrollWidth > cell.clientWidth + 1 || (lines > 1 && /^[0-9٠-٩]+$/.test(cell.textContent.trim()))
    )).map(([cell]) => cell.textContent.trim())
})"""
_SCROLLED = """() => [...document.querySelectorAll('.scroll')].filter(box => box.checkVisibility()
    && box.scrollWidth > box.clientWidth && box.querySelector('tbody th:not([colspan])')
    && !box.querySelector('td.w'))"""


def cut_numbers(page: Page, by: int = 0) -> tuple[int, list[str]]:
    """Return how many tables of numbers are wider than their box, and what is seen in part when they are scrolled.

    Args:
        page: with its tables unfolded.
        by: pixels by which each table is scrolled from where it rests; negative to the left.
    """
    boxes = page.evaluate_handle(_SCROLLED)
    cut: list[str] = page.evaluate(_CUT_NUMBERS, [boxes, by])
    return int(boxes.evaluate("boxes => boxes.length")), cut
