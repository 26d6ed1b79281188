"""What a browser or a screen reader makes of a page: its elements with their attributes, its texts by element."""

from __future__ import annotations

from html.parser import HTMLParser


class Reader(HTMLParser):
    """A page that was read."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.texts: list[tuple[str, str]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep a tag; called by the parser."""
        self.tags.append((tag, {name: value or "" for name, value in attrs}))

    def handle_data(self, data: str) -> None:
        """Keep a text under the tag it follows; called by the parser."""
        if data.strip():
            self.texts.append((self.tags[-1][0] if self.tags else "", data.strip()))

    def all(self, *tags: str) -> list[dict[str, str]]:
        """Return the attributes of every element with one of the names."""
        return [found for tag, found in self.tags if tag in tags]

    def values(self, name: str) -> list[str]:
        """Return every value of an attribute, in the order of the page."""
        return [found[name] for _, found in self.tags if name in found]
