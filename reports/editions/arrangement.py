"""The layout of blocks on a page: gathered into the rows that a reader sees, and where each anchor is.

Belongs here: gathering tables, charts and editors' paragraphs that follow each other, collapsing earlier years under
their table, and the file that holds each anchor of an edition.
Does not belong here: markup (`templates/site`), or any word or number.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from reports.editions.edition import Block, Chapter, DrawnBlock, Edition, MapBlock, Paragraph, TableBlock

FRONT = "index.html"
_ON_FRONT = ("results", "charts")  # chapters printed in full on the front page
_CROSSED = " · "  # between the two labels of a crossing
_GATHERED = ("table", "chart", "map", "picture", "prose")


@dataclass(frozen=True)
class ShownTable:
    """A visible table (None if only earlier years follow) and the tables collapsed under it."""

    table: TableBlock | None
    earlier: tuple[TableBlock, ...]


@dataclass(frozen=True)
class PageRow:
    """Blocks that a page sets side by side or directly below each other; `kind` names the macro that prints them."""

    kind: str
    blocks: tuple[Block | ShownTable, ...]


@dataclass(frozen=True)
class IndexEntry:
    """A line of the index: its text, the file and anchor it leads to, its kind, its code, and its categories."""

    text: str
    target: str
    kind: str = ""
    code: str = ""
    categories: tuple[str, ...] = ()


def rows(blocks: Sequence[Block]) -> list[PageRow]:
    """Return the blocks of a chapter as the rows of a page, in their order."""
    page_rows: list[PageRow] = []
    for kind, group in groupby(blocks, key=_kind):
        gathered = tuple(group)
        if kind == "table":
            page_rows.append(
                PageRow(kind, tuple(_fold_tables([block for block in gathered if isinstance(block, TableBlock)])))
            )
        elif kind in _GATHERED:
            page_rows.append(PageRow(kind, gathered))
        else:
            page_rows += [PageRow(kind, (block,)) for block in gathered]
    return page_rows


def _kind(block: Block) -> str:
    return "prose" if isinstance(block, Paragraph) and block.tone == "prose" else block.kind


def _fold_tables(tables: Sequence[TableBlock]) -> Iterator[ShownTable]:
    """Yield each visible table with the earlier ones that follow it."""
    shown: TableBlock | None = None
    earlier: list[TableBlock] = []
    for table in tables:
        if table.earlier:
            earlier.append(table)
            continue
        if shown or earlier:
            yield ShownTable(shown, tuple(earlier))
        shown, earlier = table, []
    yield ShownTable(shown, tuple(earlier))


def columns_of_words(table: TableBlock) -> tuple[bool, ...]:
    """Return for each column whether it holds only words: its heading is then aligned with their start."""
    cells = [row.cells for group in table.groups for row in group.rows]
    columns = [[row[place] for row in cells if row[place].text] for place in range(len(table.columns))]
    return tuple(bool(column) and all(cell.is_text for cell in column) for column in columns)


def drawings(edition: Edition) -> list[DrawnBlock]:
    """Return every chart, map and picture of an edition, in reading order."""
    return [block for chapter in edition.walk() for block in chapter.blocks if isinstance(block, DrawnBlock)]


def chapters_on_front(edition: Edition) -> list[Chapter]:
    """Return the chapters that the front page prints in full."""
    return [chapter for chapter in edition.chapters if chapter.id in _ON_FRONT]


def file_of(chapter: Chapter, front: Sequence[Chapter]) -> str:
    """Return the name of the page that holds a chapter."""
    return FRONT if chapter in front else f"{chapter.id}.html"


def page_of(code: str) -> str:
    """Return the name of the page of an indicator: short, and the same in every edition and language."""
    return f"{code}.html"


def anchors(chapter: Chapter, file: str) -> Iterator[tuple[str, str]]:
    """Yield every id of a chapter that a link may lead to, with the page that holds it.

    Args:
        chapter: to search.
        file: the page of the chapter; a section about one indicator stands on the page of that indicator.
    """
    here = page_of(chapter.code) if chapter.code else file
    yield chapter.id, here
    for block in chapter.blocks:
        if isinstance(block, TableBlock):
            yield block.id, here
        elif isinstance(block, DrawnBlock):
            yield drawing_id(block), here
    for below in chapter.chapters:
        yield from anchors(below, here)


def drawing_id(block: DrawnBlock) -> str:
    """Return the id of a chart, map or picture on its page, distinct from the id of a chapter of the same name."""
    return f"chart-{block.id}"


def _kind_in_index(block: DrawnBlock) -> str:
    """Return what the index calls a drawing: readers take a picture for a chart."""
    return "map" if isinstance(block, MapBlock) else "chart"


def entries(chapter: Chapter, places: Mapping[str, str]) -> list[IndexEntry]:
    """Return the index of a chapter: its sections, drawings and tables by title, and the places of its first map."""
    index: list[IndexEntry] = []
    for part in chapter.walk():
        index.append(
            IndexEntry(
                part.title,
                f"{places[part.id]}#{part.id}",
                code=part.code,
                categories=categories(part) if part.code else (),
            )
        )
        for block in part.blocks:
            if isinstance(block, TableBlock) and block.id in places:
                index.append(IndexEntry(block.caption, f"{places[block.id]}#{block.id}", block.kind))
            elif isinstance(block, DrawnBlock):
                anchor = drawing_id(block)
                index.append(IndexEntry(block.title, f"{places[anchor]}#{anchor}", _kind_in_index(block)))
    first = next((block for part in chapter.walk() for block in part.blocks if isinstance(block, MapBlock)), None)
    if first is not None:
        anchor = drawing_id(first)
        index += [IndexEntry(place.name, f"{places[anchor]}#{anchor}", "place") for place in first.places]
    return index


def categories(section: Chapter) -> tuple[str, ...]:
    """Return the categories of an indicator's tables, each once: the rows beside a total, or the columns beside one."""
    names: dict[str, None] = {}
    for table in section.blocks:
        if not isinstance(table, TableBlock) or table.earlier:
            continue
        rows = [row for group in table.groups for row in group.rows]
        if any(column.is_total for column in table.columns):
            names |= dict.fromkeys(column.text for column in table.columns if not column.is_total)
        elif any(row.is_total for row in rows):
            names |= dict.fromkeys(row.label for row in rows if not row.is_total and _CROSSED not in row.label)
    return tuple(names)


def question_entries(edition: Edition, places: Mapping[str, str]) -> list[IndexEntry]:
    """Return the index of questions: each leads to the section about it, else to the page of its indicator.

    A question that is the title of a section stands in the index of its chapter already.
    """
    titles = {part.title for part in edition.walk()}
    codes = {part.code for part in edition.walk()}
    index: list[IndexEntry] = []
    for question in edition.questions:
        name = question.key.replace("_", "-")
        anchor = next((anchor for anchor in places if anchor.endswith(f"-{name}")), "")
        if question.text not in titles and (anchor or question.code in codes):
            target = f"{places[anchor]}#{anchor}" if anchor else page_of(question.code)
            index.append(IndexEntry(question.text, target, code=question.code))
    return index
