"""The lines that a printed table draws."""

from __future__ import annotations

import io
from itertools import pairwise

import pikepdf

from reports.editions.edition import TableBlock
from reports.renderers import pdf
from tests.reports.invented_editions import invented


def test_a_printed_table_has_rules_under_its_rows_and_none_between_its_columns():
    edition = invented()
    section = edition.chapters[1].chapters[0]
    tables = tuple(one for one in section.blocks if isinstance(one, TableBlock))  # a picture has axes of its own
    bare = section.model_copy(update={"code": "", "blocks": tables})
    with pikepdf.open(
        io.BytesIO(pdf.render(edition.model_copy(update={"chapters": (bare,), "answers": None, "banners": ()})))
    ) as found:
        lines = [line for page in found.pages[2:] for line in _lines(page)]
    assert not [line for line in lines if line[0] == line[2]]
    assert len(lines) > 4


def _lines(page: pikepdf.Page) -> list[tuple[float, float, float, float]]:
    """Return the straight lines that a page strokes, from and to, in the units they were written in."""
    found: list[tuple[float, float, float, float]] = []
    path: list[tuple[float, float]] = []
    for operands, operator in pikepdf.parse_content_stream(page):
        if str(operator) in ("m", "l"):
            x, y = (float(str(one)) for one in operands)
            path = [(x, y)] if str(operator) == "m" else [*path, (x, y)]
        elif str(operator) == "S":
            found += [(*before, *now) for before, now in pairwise(path)]
    return found
