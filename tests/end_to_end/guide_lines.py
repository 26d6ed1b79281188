"""The command lines that README and the guides state, in their order.

Belongs here: reading them out of the documents. Does not belong here: what is expected of them (`guides.yml`), running
them (`test_guides.py`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

HOUSE = Path(__file__).resolve().parents[2]
NO_GUIDES = ("architecture.md", "benchmarks.md", "glossary.md", "promises.md")
"""Pages that tell what is, with no line to type."""

_NAMES = "marsad|dbt|sqlfluff|dagster|python|make|sh|tar|cp|cd|printf|curl|apt-get|useradd|install|systemctl|sha256sum"
_COMMANDS = rf"(?:[A-Z_]+=\S+ )*(?:\S*/)?(?:{_NAMES})"
_BLOCK = re.compile(rf"^    ({_COMMANDS} .*)$")
_INLINE = re.compile(r"`((?:[A-Z_]+=\S+ )?marsad [^`]*)`")
_WITH_A_VALUE = re.compile(r" (?:-\w|--[\w-]+) |=|/|FILE|FOLDER| [a-z_]+_[a-z_]+")
_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def guides() -> list[Path]:
    """Return README and the guides."""
    return [
        HOUSE / "README.md",
        *(path for path in sorted((HOUSE / "docs").glob("*.md")) if path.name not in NO_GUIDES),
    ]


def lines_of(guide: Path) -> list[str]:
    """Return the lines that a reader is told to type, each once: of blocks, and in the text those with a value."""
    return list(dict.fromkeys(_lines(guide.read_text(encoding="utf-8"))))


def _lines(text: str) -> Iterator[str]:
    plain = _FENCE.sub("", text)
    for line in plain.splitlines():
        if block := _BLOCK.match(line):
            yield re.sub(r"\s+#\s.*$", "", block[1]).strip()
        elif not line.startswith("    "):
            yield from (span for span in _INLINE.findall(line) if _WITH_A_VALUE.search(span))


def code_of(guide: Path, language: str) -> list[str]:
    """Return the fenced blocks of a language (`python`, `sql`; empty for a table) in a guide."""
    return [code for name, code in _FENCE.findall(guide.read_text(encoding="utf-8")) if name == language]
