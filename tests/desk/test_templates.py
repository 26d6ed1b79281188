"""Templates as Django reads them: what it does not read as a tag it prints, to everybody."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import desk

TEMPLATES = sorted((Path(desk.__file__).parent / "templates").glob("*.html"))


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_every_tag_ends_on_the_line_on_which_it_begins(template: Path):
    left = re.sub(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", "", template.read_text(encoding="utf-8"))
    assert re.findall(r"\{\{|\{%|\{#|\}\}|%\}|#\}", left) == []


def test_there_are_templates():
    assert len(TEMPLATES) > 40
