"""A person who walks through the desk in Chromium, in her language, and looks at each page she comes to.

Belongs here: what a person does in a window, and what every page keeps. Does not belong here: the journeys.
"""

from __future__ import annotations

import io
import os
import re
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Locator, Page, Response

from desk.identity.accounts import INVENTED
from languages.words import Words
from tests.reports.browsing import violations, width_beyond

PICTURES = os.environ.get("MARSAD_DESK_PICTURES", "")
"""The folder for the pictures of the guides, `<tag>/<name>.png`; empty where none are taken."""
SIZES = ((360, 640), (768, 1024), (1280, 900))
WITHOUT_SCRIPTS = "ckb"
"""The language in which the desk is walked with scripts switched off."""
_LOOKED: set[str] = set()
"""The kinds of pages that were looked at: a page that looks like an earlier one is not measured again."""
_ZOOMED = (320, 256)
"""A window of 1280 × 1024 at 400 %."""
_LARGEST_PAGE = 100_000
_PICTURE = (800, 1_000)
_COLOURS = 24
_WIDEST = """[...document.body.querySelectorAll('*')].filter(part => !part.parentElement.closest('.scroll'))
    .map(part => [part.getBoundingClientRect(), part])
    .filter(([box]) => box.right > innerWidth + 1 || box.left < -1)
    .map(([box, part]) => part.outerHTML.slice(0, 120)).slice(0, 3)"""
_PATIENCE = 120_000  # milliseconds, on a busy machine


class Walk:
    """A window of a person, in a language."""

    def __init__(self, page: Page, glass: Page, address: str, tag: str) -> None:
        self.page, self.address, self.words = page, address, Words.load(tag)
        self._glass = glass
        self._size = 0
        page.set_default_timeout(_PATIENCE)
        page.on("response", self._note)

    def _note(self, response: Response) -> None:
        if response.request.is_navigation_request() and response.frame == self.page.main_frame:
            self._size = int(response.header_value("content-length") or 0)

    def text(self, key: str, **arguments: str | float) -> str:
        """Return a text of the desk in her language."""
        return self.words.text(key, **arguments)

    def go(self, path: str) -> None:
        """Type an address."""
        self.page.goto(self.address + path)

    def sign_in(self, person: str, password: str = "") -> None:
        """Choose a language, and sign in as an invented person, by default with the password that everybody knows."""
        self.go("/sign-in")
        self.page.locator(f'button[name="language"][value="{self.words.tag}"]').click()
        self.look()
        self.fill(name=person, password=password or INVENTED.format(person=person))
        self.press("browser.sign_in")
        self.look()

    def sign_out(self) -> None:
        """End the session."""
        self.press("browser.sign_out")

    def fill(self, **typed: str) -> None:
        """Type into fields, by their names."""
        for name, text in typed.items():
            self.page.locator(f'[name="{name}"]').fill(text)

    def bring(self, name: str, data: bytes, field: str = "file") -> None:
        """Choose a file for a field."""
        kind = "application/octet-stream"
        self.page.locator(f'[name="{field}"]').set_input_files({"name": name, "mimeType": kind, "buffer": data})

    def mark(self, *names: str) -> None:
        """Mark every box of these names that the page has."""
        for name in names:
            for box in self.page.locator(f'input[type=checkbox][name="{name}"]').all():
                box.check()

    def press(self, key: str, **arguments: str | float) -> None:
        """Press the button or the link that bears this text."""
        self.named(key, **arguments).click()

    def named(self, key: str, **arguments: str | float) -> Locator:
        """Return the first button or link with this text."""
        name = re.compile(re.escape(self.text(key, **arguments).strip()))
        return self.page.get_by_role("button", name=name).or_(self.page.get_by_role("link", name=name)).first

    def follow(self, address: str) -> None:
        """Follow the first link whose address begins so."""
        self.page.locator(f'main a[href^="{address}"]').first.click()

    def take(self, link: Locator) -> bytes:
        """Take the file that a link hands out."""
        with self.page.expect_download() as download:
            link.click()
        return Path(download.value.path()).read_bytes()

    def says(self, key: str, **arguments: str | float) -> bool:
        """Return whether the page says this."""
        return _plain(self.text(key, **arguments)) in _plain(self.page.locator("main").inner_text())

    def look(self, picture: str = "", *, begins: str = "") -> None:
        """Look at the page in every width, once for each kind of page; take its picture where one is wanted.

        Args:
            picture: its name.
            begins: the text of the heading where the picture begins; by default the top of the page.
        """
        if PICTURES and picture:
            self._take_picture(Path(PICTURES) / self.words.tag / f"{picture}.png", begins)
        kind = self._kind()
        if kind in _LOOKED:
            return
        _LOOKED.add(kind)
        assert self.page.locator("html").get_attribute("lang") == self.words.tag, kind
        assert self._size < _LARGEST_PAGE, (kind, self._size)
        self._show_in_glass()
        found: list[tuple[object, ...]] = []
        for width, height in (*SIZES, _ZOOMED):
            self._glass.set_viewport_size({"width": width, "height": height})
            if width >= SIZES[0][0]:
                found += [(width, *broken) for broken in violations(self._glass)]
            if width_beyond(self._glass) > 0:
                found.append((width, "wider than its window", self._glass.evaluate(_WIDEST)))
        assert not found, (kind, found)

    def _show_in_glass(self) -> None:
        """Show the page, as it stands, in a window where scripts of tests run: axe does not where they are off."""
        address, content = self.page.url, self.page.content()
        self._glass.route(address, lambda route: route.fulfill(body=content, content_type="text/html; charset=utf-8"))
        self._glass.goto(address)
        self._glass.unroute(address)

    def _kind(self) -> str:
        """Return what kind of page this is: its heading, its parts, and whether it refuses something."""
        parts = self.page.locator("main section, main .refused, main .done").count()
        return f"{self.words.tag} {self.page.locator('h1').first.inner_text()} {parts}"

    def _take_picture(self, path: Path, begins: str) -> None:
        width, height = _PICTURE
        before = self.page.viewport_size
        self.page.set_viewport_size({"width": width, "height": 200})  # a short page has a short picture
        heading = self.page.locator("h2", has_text=self.text(begins)).first if begins else None
        box = heading.bounding_box() if heading else None
        top = int(box["y"]) - 16 if box else 0
        taken = Image.open(io.BytesIO(self.page.screenshot(full_page=True)))
        shown = taken.crop((0, top, width, min(top + height, taken.height))).convert("RGB")
        path.parent.mkdir(parents=True, exist_ok=True)
        shown.quantize(_COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)
        self.page.set_viewport_size(before or {"width": width, "height": height})


def _plain(text: str) -> str:
    """Return a text without marks of direction, and with single spaces."""
    return " ".join(re.sub("[\u2066-\u2069\u200e\u200f]", "", text).split())


@contextmanager
def walking(browser: Browser, port: int, tag: str) -> Generator[Walk]:
    """Open a window on a served desk; in one language without scripts."""
    context = browser.new_context(java_script_enabled=tag != WITHOUT_SCRIPTS, locale="en")
    glass = browser.new_context(bypass_csp=True)
    try:
        yield Walk(context.new_page(), glass.new_page(), f"http://127.0.0.1:{port}", tag)
    finally:
        context.close()
        glass.close()
