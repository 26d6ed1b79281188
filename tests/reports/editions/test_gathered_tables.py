"""Gathered tables: each cell is told once, in its place, in a line of rows alike or in the list of what is left out."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from languages.words import Words, languages
from reports.chapters.build_edition import labels
from reports.editions.edition import Chapter, ItemList, RowGroup, TableBlock, TableColumn, TableRow
from reports.editions.gathered_tables import GatheredTable, gather_edition, gather_table, pages_of_tables
from reports.editions.printed_parts import PrintedFigure
from tests.reports.invented_editions import invented

MARKED = [PrintedFigure(mark=mark, sign=f"[{mark}]") for mark in ("c", "x", "n", "low")]
FIGURES = st.sampled_from(
    [*MARKED, PrintedFigure(mark="low", sign="[low]", is_share=True), PrintedFigure(text="5", value=5.0)]
)
Told = Counter[tuple[str, str, str]]


def table(
    rows: list[list[PrintedFigure]], *, name: str = "t", total: int = -1, headings: tuple[str, ...] = ("",)
) -> TableBlock:
    """Return a table with these rows under each heading; the columns are years, the last row may be the total."""
    years = range(2016, 2016 + (len(rows[0]) if rows else 0))
    lines = tuple(
        TableRow(label=f"row {place}", cells=tuple(cells), is_total=place == total) for place, cells in enumerate(rows)
    )
    return TableBlock(
        id=name,
        caption=f"Caption {name}",
        unit="victims",
        row_heading="Row",
        columns=tuple(TableColumn(text=str(year), code=str(year), why="not_sent") for year in years),
        groups=tuple(RowGroup(heading=heading, rows=lines) for heading in headings),
    )


def told_cells(gathered: GatheredTable) -> Told:
    """Return how often each cell is told, from what is shown alone: measure and row, column, and its figure or mark."""
    told: Told = Counter()
    for group in gathered.groups:
        lines = [(row.label, [cell.told for cell in row.cells]) for row in group.rows]
        marks = [(label, alike.marks) for alike in group.alike for label in alike.rows]
        lines += [(label, list(found)) for label, found in marks]
        for label, cells in lines:
            told.update(zip([name_of(group.heading, label)] * len(cells), _codes(gathered.columns), cells, strict=True))
    for part in gathered.left_out:
        mark = part.why if part.why in ("c", "n") else "x"
        told.update((row, code, f"[{mark}]") for code in _codes(part.columns) for row in part.rows or ("",))
    return told


def name_of(heading: str, label: str) -> str:
    """Return how the list of what is left out names a row."""
    return f"{heading} – {label}" if heading else label


def _codes(columns: tuple[TableColumn, ...]) -> list[str]:
    return [column.code for column in columns]


@st.composite
def grids(draw: st.DrawFn) -> list[list[PrintedFigure]]:
    wide = draw(st.integers(1, 6))
    return draw(st.lists(st.lists(FIGURES, min_size=wide, max_size=wide), min_size=1, max_size=6))


@given(grids(), st.integers(-1, 5), st.sampled_from([("",), ("Part", "Share")]))
def test_every_cell_is_told_once_whatever_is_left_out(
    rows: list[list[PrintedFigure]], total: int, headings: tuple[str, ...]
):
    block = table(rows, total=total, headings=headings)
    told = told_cells(gather_table(block))
    for group in block.groups:
        for row in group.rows:
            for column, cell in zip(block.columns, row.cells, strict=True):
                ways = ((name, column.code, cell.told) for name in (name_of(group.heading, row.label), ""))
                assert sum(told[way] for way in ways) == 1


@given(grids())
def test_no_column_that_is_shown_lacks_a_figure_and_no_figure_is_left_out(rows: list[list[PrintedFigure]]):
    gathered = gather_table(table(rows))
    shown = [column.code for column in gathered.columns]
    holding = {str(2016 + place) for row in rows for place, cell in enumerate(row) if cell.text or cell.mark == "low"}
    assert set(shown) == holding
    assert all(cell.text for row in _rows(gathered) for cell in row.cells if not cell.mark)


def _rows(gathered: GatheredTable) -> list[TableRow]:
    return [row for group in gathered.groups for row in group.rows]


def _tables(chapter: Chapter) -> list[TableBlock]:
    return [block for block in chapter.blocks if isinstance(block, TableBlock)]


def _gathered(*blocks: TableBlock) -> Chapter:
    edition = invented().model_copy(update={"chapters": (Chapter(id="a", title="A", blocks=blocks),)})
    return gather_edition(edition).chapters[0]


def _texts(chapter: Chapter) -> tuple[str, ...]:
    (last,) = [block for block in chapter.blocks if isinstance(block, ItemList)]
    return last.texts


X, C, LOW = MARKED[1], MARKED[0], MARKED[3]
FIVE = PrintedFigure(text="5", value=5.0)


def test_years_before_the_first_figure_are_told_once_with_their_reason():
    chapter = _gathered(table([[X, X, X, FIVE], [X, X, X, C]]))
    assert [column.text for column in _tables(chapter)[0].columns] == ["2019"]
    assert _texts(chapter) == ("2016 to 2018: not sent by an agency that had to send it.",)


def test_what_only_one_of_two_tables_leaves_out_names_that_table():
    chapter = _gathered(table([[X, FIVE]]), table([[C, FIVE], [FIVE, FIVE]], name="u"))
    assert _texts(chapter) == ("2016 (Caption t): not sent by an agency that had to send it.",)


def test_a_table_without_any_figure_is_named_with_its_reason_and_has_no_page():
    chapter = _gathered(table([[C, C, C]]), table([[X, FIVE]], name="u"))
    assert [block.id for block in _tables(chapter)] == ["u"]
    edition = invented().model_copy(
        update={"chapters": (Chapter(id="a", title="A", blocks=(table([[C]]), table([[FIVE]], name="u"))),)}
    )
    assert pages_of_tables(edition) == {"u": "a.html"}
    assert (
        _texts(chapter)[0] == "Caption t: 2016 to 2018: withheld, so that no person or institution can be recognised."
    )
    assert _texts(chapter)[1] == "2016: not sent by an agency that had to send it."


def test_a_column_with_two_marks_names_the_rows_of_each():
    assert _texts(_gathered(table([[X, FIVE], [C, FIVE]]))) == (
        "2016 (row 0): not sent by an agency that had to send it.",
        "2016 (row 1): withheld, so that no person or institution can be recognised.",
    )


def test_rows_without_a_figure_are_told_by_their_marks_but_a_total_keeps_its_place():
    (block,) = _tables(_gathered(table([[FIVE, FIVE], [LOW, LOW], [LOW, C], [LOW, LOW]], total=3)))
    assert [row.label for row in block.groups[0].rows] == ["row 0", "row 3"]
    assert block.groups[0].alike == (
        "[low] in every column: row 1",
        "[low] in 2016, [c] in 2017: row 2",
    )


@pytest.mark.parametrize("tag", languages())
def test_every_reason_has_words_in_every_language(tag: str):
    known = labels(Words.load(tag))
    assert all(known[f"why_{why}"] for why in ("c", "x", "n", "not_sent", "not_held", "not_due"))


def test_earlier_years_keep_their_columns():
    earlier = table([[X, FIVE], [LOW, LOW]], name="old").model_copy(update={"earlier": "2015"})
    _, old = _tables(_gathered(table([[X, FIVE], [LOW, LOW]]), earlier))
    assert len(old.columns) == 2
