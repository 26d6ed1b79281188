"""What the documents point at is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

HOUSE = Path(__file__).resolve().parents[2]
DOCUMENTS = sorted([*HOUSE.glob("*.md"), *(HOUSE / "docs").rglob("*.md")])


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_file_a_document_names_is_there(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    linked = re.findall(r"\]\((?!https?://|#)([^)#]+)", text)
    assert [name for name in linked if not (document.parent / name).exists()] == []
    named = re.findall(r"`((?:docs|benchmarks|tests|ingestion|expectations)/[\w/.-]+\.(?:md|py|yml))`", text)
    assert [name for name in named if not (HOUSE / name).exists()] == []


def test_decisions_are_numbered_once_each() -> None:
    numbers = [path.name[:4] for path in sorted((HOUSE / "docs" / "decisions").glob("*.md"))]
    assert numbers == [f"{number:04d}" for number in range(1, len(numbers) + 1)]
