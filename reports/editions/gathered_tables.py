"""Tables as pages show them: only the rows and columns that hold a figure, and a list of all else with its reason.

Belongs here: which rows and columns of a finished table are told in words instead of cells, and the sentences, made of
the edition's labels. Every cell stays told once: in its place, in a line under its measure, or in the list of what is
left out.
Also the page that shows each table. Does not belong here: marks and figures (they were released), how a table looks
(`reports/renderers`), or any word.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from reports.editions import arrangement
from reports.editions.edition import Block, Chapter, Edition, ItemList, RowGroup, TableBlock, TableColumn, TableRow
from reports.editions.printed_parts import PrintedFigure

_NO_FIGURE = ("c", "x", "n")
"""Marks that say nothing of a number; `low` says that it is small."""
_LEAST_SPAN = 3  # years that are told as a span


@dataclass(frozen=True)
class LeftOut:
    """Columns of a table that hold no figure: why, and of which rows; without rows: of all of them."""

    why: str
    columns: tuple[TableColumn, ...]
    rows: tuple[str, ...] = ()


@dataclass(frozen=True)
class RowsAlike:
    """Rows without a figure whose marks, as printed, are the same in every column that is shown."""

    rows: tuple[str, ...]
    marks: tuple[str, ...]


@dataclass(frozen=True)
class GatheredGroup:
    """The rows of one measure that hold a figure, and the others gathered by their marks."""

    heading: str
    code: str
    rows: tuple[TableRow, ...]
    alike: tuple[RowsAlike, ...]


@dataclass(frozen=True)
class GatheredTable:
    """A table as it is shown; without columns nothing of it is shown."""

    columns: tuple[TableColumn, ...]
    groups: tuple[GatheredGroup, ...]
    left_out: tuple[LeftOut, ...]


def gather_table(table: TableBlock, *, keeps_columns: bool = False) -> GatheredTable:
    """Return a table with the columns and rows that hold a figure, and what stands for the others."""
    rows = [row for group in table.groups for row in group.rows]
    columns = [[row.cells[place] for row in rows] for place in range(len(table.columns))]
    left = [not keeps_columns and _is_left_out(column) for column in columns]
    shown = [place for place, is_left in enumerate(left) if not is_left]
    return GatheredTable(
        columns=tuple(table.columns[place] for place in shown),
        groups=tuple(_gather_rows(group, shown) for group in table.groups) if shown else (),
        left_out=tuple(_explain_columns(table, [place for place, is_left in enumerate(left) if is_left])),
    )


def gather_edition(edition: Edition) -> Edition:
    """Return an edition whose tables show what holds a figure, each section with a list of what it leaves out.

    Marks stand as printed, tables are named by their captions, and earlier years keep every column.
    """
    gathering = _Gathering(edition.labels)
    return edition.model_copy(update={"chapters": tuple(map(gathering.gather_chapter, edition.chapters))})


def pages_of_tables(edition: Edition) -> dict[str, str]:
    """Return the page that shows each table with a figure, by the id of the table."""
    front = arrangement.chapters_on_front(edition)
    shown = {
        block.id
        for section in edition.walk()
        for block in section.blocks
        if isinstance(block, TableBlock) and not block.earlier and gather_table(block).columns
    }
    return {
        anchor: page
        for chapter in edition.chapters
        for anchor, page in arrangement.anchors(chapter, arrangement.file_of(chapter, front))
        if anchor in shown
    }


class _Gathering:
    """The tables of an edition, with its labels around them."""

    def __init__(self, labels: Mapping[str, str]) -> None:
        self.labels = labels

    def gather_chapter(self, chapter: Chapter) -> Chapter:
        """Return a chapter with its tables gathered, and the list of what they leave out."""
        blocks: list[Block] = []
        missing: dict[tuple[str, str], list[str]] = {}
        shown = 0
        for block in chapter.blocks:
            if not isinstance(block, TableBlock):
                blocks.append(block)
            elif block.earlier:
                blocks.append(self._told(block, gather_table(block, keeps_columns=True)))
            else:
                gathered = gather_table(block)
                shown += bool(gathered.columns)
                for part in gathered.left_out:
                    key = (self._told_columns(part, "" if gathered.columns else block.caption), part.why)
                    missing.setdefault(key, []).append(block.caption if gathered.columns else "")
                blocks += [self._told(block, gathered)] if gathered.columns else []
        if missing:
            texts = tuple(self._sentences(missing, shown))
            blocks.append(ItemList(label=self.labels["left_out"], texts=texts))
        sections = tuple(map(self.gather_chapter, chapter.chapters))
        return chapter.model_copy(update={"blocks": tuple(blocks), "chapters": sections})

    def _told(self, block: TableBlock, gathered: GatheredTable) -> TableBlock:
        """Return the block of a gathered table."""
        groups = tuple(
            RowGroup(
                heading=group.heading,
                code=group.code,
                rows=group.rows,
                alike=(
                    *before.alike,
                    *(self._told_rows(rows, gathered.columns) for rows in group.alike),
                ),
            )
            for before, group in zip(block.groups, gathered.groups, strict=True)
            if group.rows or group.alike or before.alike
        )
        return block.model_copy(update={"columns": gathered.columns, "groups": groups})

    def _told_rows(self, alike: RowsAlike, columns: Sequence[TableColumn]) -> str:
        rows = self.labels["separator"].join(alike.rows)
        runs: dict[str, list[TableColumn]] = {}
        for mark, column in zip(alike.marks, columns, strict=True):
            runs.setdefault(mark, []).append(column)
        if len(runs) == 1:
            return self.labels["rows_alike"].format(mark=next(iter(runs)), rows=rows)
        marks = self.labels["separator"].join(
            self.labels["marked_in"].format(mark=mark, columns=self._listed(marked)) for mark, marked in runs.items()
        )
        return self.labels["rows_marked"].format(marks=marks, rows=rows)

    def _listed(self, columns: Sequence[TableColumn]) -> str:
        """Return columns as a list, in which years that follow each other are a span."""
        texts: list[str] = []
        for _, run in groupby(enumerate(columns), key=_years_follow):
            together = [column for _, column in run]
            is_span = len(together) >= _LEAST_SPAN and together[0].code.isdigit()
            span = [self.labels["span"].format(first=together[0].text, last=together[-1].text)] if is_span else []
            texts += span or [column.text for column in together]
        return self.labels["separator"].join(texts)

    def _told_columns(self, part: LeftOut, caption: str) -> str:
        columns = self._listed(part.columns)
        told = f"{columns} ({self.labels['separator'].join(part.rows)})" if part.rows else columns
        return f"{caption}: {told}" if caption else told

    def _sentences(self, missing: Mapping[tuple[str, str], Sequence[str]], tables: int) -> Iterator[str]:
        for (columns, why), names in missing.items():
            tables_named = self.labels["left_out_of"].format(columns=columns, tables="; ".join(dict.fromkeys(names)))
            is_of_some = any(names) and len(set(names)) < tables
            yield self.labels["left_out_why"].format(
                columns=tables_named if is_of_some else columns, why=self.labels[f"why_{why}"]
            )


def _years_follow(place: tuple[int, TableColumn]) -> int:
    """Return a number that years share which follow each other; columns that are no years share another."""
    at, column = place
    return int(column.code) - at if column.code.isdigit() else -1


def _is_left_out(cells: Sequence[PrintedFigure]) -> bool:
    """Return whether a column has marks and nothing else."""
    return (
        bool(cells)
        and all(not cell.text and cell.mark in ("", *_NO_FIGURE) for cell in cells)
        and any(cell.mark for cell in cells)
    )


def _explain_columns(table: TableBlock, left: Sequence[int]) -> Iterator[LeftOut]:
    rows = [(_row_name(group, row), row) for group in table.groups for row in group.rows]
    columns: dict[tuple[str, tuple[str, ...]], list[TableColumn]] = {}
    for place in left:
        names: dict[str, list[str]] = {}
        for name, row in rows:
            names.setdefault(row.cells[place].mark, []).append(name)
        for mark in (mark for mark in names if mark):
            column = table.columns[place]
            why = column.why if mark == "x" and column.why else mark
            whom = tuple(names[mark]) if len(names) > 1 else ()
            columns.setdefault((why, whom), []).append(column)
    yield from (LeftOut(why, tuple(found), whom) for (why, whom), found in columns.items())


def _row_name(group: RowGroup, row: TableRow) -> str:
    return f"{group.heading} – {row.label}" if group.heading else row.label


def _gather_rows(group: RowGroup, shown: Sequence[int]) -> GatheredGroup:
    rows: list[TableRow] = []
    alike: dict[tuple[str, ...], list[str]] = {}
    for row in group.rows:
        cells = tuple(row.cells[place] for place in shown)
        if row.is_total or any(cell.text or not cell.mark for cell in cells):
            rows.append(row.model_copy(update={"cells": cells}))
        else:
            alike.setdefault(tuple(cell.sign for cell in cells), []).append(row.label)
    gathered = tuple(RowsAlike(tuple(labels), marks) for marks, labels in alike.items())
    return GatheredGroup(group.heading, group.code, tuple(rows), gathered)
