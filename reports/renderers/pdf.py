"""The printed report: one tagged PDF of an edition (PDF/UA-1 and PDF/A-2a), typeset by Typst.

Belongs here: the input of Typst (the edition as data, its drawings as files), and what may not be printed.
Does not belong here: how a page looks (`templates/report.typ`), the call of Typst (`typesetting.py`), how wide a column
is (`pdf_columns.py`), what the tags still lack (`tagging.py`), how a chart or a map is drawn (`chart_files.py`).

Texts reach Typst as JSON and stay texts: none of their characters is markup. Typst itself refuses a drawing without
alternative text. Tables of earlier years are not printed; the report says where they are.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from html import unescape
from itertools import groupby
from pathlib import Path
from typing import Any

from languages.refusal import Refusal
from reports.editions import gathered_tables
from reports.editions.edition import (
    Banner,
    Block,
    Chapter,
    ChartBlock,
    DrawnBlock,
    Edition,
    ItemList,
    MapBlock,
    Paragraph,
    TableBlock,
    TermList,
)
from reports.editions.printed_parts import PrintedFigure
from reports.renderers import chart_files, charts, fonts, pdf_columns, pdf_piles, readable_text, typesetting
from reports.renderers.typesetting import Manuscript

_TEMPLATE = Path(__file__).parents[1] / "templates" / "report.typ"
LABELS = (
    "contents",
    "page",
    "sheet_contact",
    "table",
    "figure",
    "answer_found",
    "answer_certainty",
    "answer_silent",
    "earlier_print",
    "withdrawn_print",
)
"""Keys of `edition.labels` that the printed report needs."""
_COVER = (
    "language", "direction", "numerals", "title", "subtitle", "footer", "banners", "answers",
    "publisher", "publisher_language", "contact", "contact_language",
)  # fmt: skip
_MARKS = ("low", "x", "c", "n", "p", "r", "b")
_MOST_IN_HEAD = 300  # characters of notices in the head of a page
_CHART_WIDTH, _MAP_WIDTH, _PICTURE_WIDTH = 66, 40, 56  # per cent of the text's width
_LONG = 14  # rows of a table that may be broken over pages


def render(edition: Edition, outline: Path | None = None) -> bytes:
    """Return the report as PDF; the same edition gives the same bytes.

    Args:
        edition: the edition to print.
        outline: of the governorates (`maps.draw`); without it maps are tiles.

    Raises:
        Refusal: `print_lacks_letters` if a text holds a character that the font has no glyph for: it would be a box on
            paper and silence for a screen reader.
    """
    return typesetting.typeset(manuscript(edition, outline))


def manuscript(edition: Edition, outline: Path | None = None) -> Manuscript:
    """Return the input of Typst: the template, the edition as data, its drawings.

    Args:
        edition: the edition to print.
        outline: of the governorates (`maps.draw`); without it maps are tiles.

    Raises:
        Refusal: `print_lacks_letters` as `render`.
    """
    printed = _TypstInput(gathered_tables.gather_edition(edition, in_print=True), outline)
    content = json.dumps(readable_text.set_off(printed.content()), ensure_ascii=False)
    refuse_boxes(edition, content, printed.files)
    files = {"main": _TEMPLATE.read_bytes(), "edition.json": content.encode("utf-8"), **printed.files}
    return Manuscript(files, date.fromisoformat(edition.date), edition.direction == "rtl")


def properties(edition: Edition) -> set[str]:
    """Return the document properties of the PDF."""
    day = f"{edition.date.replace('-', '')}000000Z"
    title, publisher = (plain_text(text) for text in (f"{edition.title} {edition.subtitle}", edition.publisher))
    return {title, publisher, edition.language, f"D:{day}", "application/pdf"}


def refuse_boxes(edition: Edition, content: str, files: dict[str, bytes]) -> None:
    """Refuse a text with a letter that the font lacks, in the edition as data or in its drawings.

    Raises:
        Refusal: `print_lacks_letters`.
    """
    texts = unescape(re.sub(r"<[^>]*>", " ", "".join(file.decode("utf-8") for file in files.values())))
    boxes = fonts.lacking_letters(content + texts)
    if boxes:
        letters = " ".join(f"{letter} (U+{ord(letter):04X})" for letter in sorted(boxes))
        raise Refusal("print_lacks_letters", where=_place_of_boxes(edition, boxes), letters=letters)


def _place_of_boxes(edition: Edition, boxes: frozenset[str]) -> str:
    """Return the id of the first chapter or section that holds one of the letters; else that of the report."""
    held = (chapter.id for chapter in edition.walk() if boxes & set(_own_text(chapter)))
    return next(held, edition.report)


def _own_text(chapter: Chapter) -> str:
    return chapter.model_dump_json(exclude={"chapters"})


class _TypstInput:
    """The input of Typst: the edition as data, with drawings referenced as files."""

    def __init__(self, edition: Edition, outline: Path | None) -> None:
        self.edition = edition
        self.outline = outline
        self.files: dict[str, bytes] = {}
        self.tables = {
            block.id
            for chapter in edition.walk()
            for block in chapter.blocks
            if isinstance(block, TableBlock) and not block.earlier
        }

    def content(self) -> dict[str, Any]:
        """Return the edition as the template reads it, and collect the drawings."""
        edition = self.edition
        day = date.fromisoformat(edition.date)
        return edition.model_dump(include=set(_COVER)) | {
            "standing": [banner.model_dump() for banner in _standing_banners(edition)],
            "title_plain": plain_text(f"{edition.title} {edition.subtitle}"),
            "publisher_plain": plain_text(edition.publisher),
            "day": {"year": day.year, "month": day.month, "day": day.day},
            "labels": {key: edition.labels[key] for key in LABELS},
            "chapters": [self._chapter(chapter) for chapter in edition.chapters],
        }

    def _chapter(self, chapter: Chapter) -> dict[str, Any]:
        return {
            "id": chapter.id,
            "title": chapter.title,
            "code": chapter.code,
            "blocks": list(_set_beside(list(self._blocks(chapter)))),
            "chapters": [self._chapter(below) for below in chapter.chapters if not below.is_apart],
        }

    def _blocks(self, chapter: Chapter) -> Iterator[dict[str, Any]]:
        printed = {block.id for block in chapter.blocks if isinstance(block, TableBlock) and not block.earlier}
        shown = [
            told
            for block in chapter.blocks
            if not (isinstance(block, TableBlock) and block.earlier)
            for told in _beneath_table(block, printed)
        ]
        second: Block | None = None
        for block, following in zip(shown, [*shown[1:], None], strict=False):
            if block is second:
                continue  # already printed beside the block before it
            if isinstance(block, MapBlock) and isinstance(following, MapBlock):
                second = following
                yield {
                    "kind": "pair",
                    "blocks": [self._map(map_block, chart_files.NARROW) for map_block in (block, following)],
                }
            elif isinstance(block, DrawnBlock):
                yield self._drawing(block)
            else:
                is_before = isinstance(following, TableBlock | DrawnBlock)
                yield self._text_block(block, chapter.title, is_before=is_before)
        if any(isinstance(block, TableBlock) and block.earlier for block in chapter.blocks):
            yield {
                "kind": "paragraph",
                "tone": "note",
                "text": self.edition.labels["earlier_print"],
                "is_sticky": False,
            }

    def _text_block(self, block: Block, heading: str, *, is_before: bool) -> dict[str, Any]:
        """Return a block that needs no drawing; a paragraph right before a table or drawing stays on its page.

        The caption of a table that would only repeat the heading is reduced to its number.
        """
        content = block.model_dump()
        if isinstance(block, TableBlock):
            rows = sum(1 + len(group.rows) + len(group.alike) for group in block.groups)
            caption = "" if block.caption == heading else block.caption
            told = _with_marks_in_words(block, self.edition.labels)
            content["groups"] = told.model_dump()["groups"]
            content |= {"caption": caption, "parts": pdf_columns.parts(told), "is_long": rows > _LONG}
            content |= {"marks": _marks_of(block, self.edition.labels)}
            half = pdf_columns.half_part(told)
            return content if half is None else content | {"half": half, "height": pdf_columns.height(told, half)}
        if isinstance(block, ItemList):
            texts = (block.label, *block.texts)
            half, whole = (
                pdf_columns.text_height(texts, width) for width in (pdf_columns.HALF_WIDTH, pdf_columns.TEXT_WIDTH)
            )
            return content | {"height": half, "height_alone": whole}
        if isinstance(block, TermList):
            return content | {"term_width": pdf_columns.term_width(block)}
        return content | {"is_sticky": is_before}

    def _drawing(self, block: DrawnBlock) -> dict[str, Any]:
        if isinstance(block, ChartBlock):
            return self._chart(block)
        if isinstance(block, MapBlock):
            return self._map(block, chart_files.WIDE)
        return self._drawing_entry(block, _PICTURE_WIDTH) | {"key": [], "notes": list(block.notes)}

    def _chart(self, block: ChartBlock) -> dict[str, Any]:
        key = [
            {"file": self._file(f"key-{block.shape}-{number}", charts.swatch(block.shape, number)), "text": line.name}
            for number, line in enumerate(block.series)
        ]
        return self._drawing_entry(block, _CHART_WIDTH) | {"key": key, "notes": [*block.notes]}

    def _map(self, block: MapBlock, size: tuple[int, int]) -> dict[str, Any]:
        width = _MAP_WIDTH if size == chart_files.WIDE else 100
        return self._drawing_entry(block, width, size) | {"key": [], "notes": [*block.notes, block.disclaimer]}

    def _drawing_entry(self, block: DrawnBlock, width: int, size: tuple[int, int] = chart_files.WIDE) -> dict[str, Any]:
        drawing = chart_files.draw_block(block, self.edition, *size, self.outline)
        return {
            "kind": block.kind,
            "title": block.title,
            "alternative": block.alternative,
            "file": self._file(block.id, drawing),
            "width": width,
            "table": block.table,
            "is_told": block.table in self.tables,
        }

    def _file(self, name: str, drawing: str) -> str:
        path = f"drawings/{name}.svg"
        self.files[path] = drawing.encode("utf-8")
        return path


def _standing_banners(edition: Edition) -> Iterator[Banner]:
    """Yield the notices for the head of every page; if too long, one that refers to those on the cover."""
    yield from (banner for banner in edition.banners if banner.kind in ("invented", "signing"))
    gone = [banner for banner in edition.banners if banner.kind == "withdrawn"]
    if sum(len(banner.text) for banner in gone) > _MOST_IN_HEAD:
        yield Banner(kind="withdrawn", text=edition.labels["withdrawn_print"])
    else:
        yield from gone


def _beneath_table(block: Block, printed: Collection[str]) -> Iterator[Block]:
    """Yield a block; of a chart whose table is printed with it only what its notes say: the table has its figures."""
    if isinstance(block, ChartBlock) and block.table in printed:
        yield from (Paragraph(text=note, tone="note") for note in block.notes)
    else:
        yield block


def _set_beside(blocks: Sequence[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Yield blocks in their order, with narrow ones that follow each other in two columns."""
    for is_narrow, run in groupby(blocks, key=lambda block: "height" in block):
        together = list(run)
        if not is_narrow:
            yield from together
            continue
        for start, turn, stop in pdf_piles.pile(
            [block["height"] for block in together], [block.get("height_alone", block["height"]) for block in together]
        ):
            if stop == start + 1:
                yield together[start]  # with the whole width to itself
            else:
                yield {"kind": "beside", "piles": [together[start:turn], together[turn:stop]]}


def _marks_of(block: TableBlock, labels: Mapping[str, str]) -> dict[str, str]:
    """Return each mark of a table, in its cells or in words under a measure, with the words that explain it."""
    figures = [figure for group in block.groups for row in group.rows for figure in row.cells]
    told = " ".join(line for group in block.groups for line in group.alike)

    def words_of(mark: str) -> set[str]:
        kinds = (True, False) if mark == "low" else (False,)
        return {gathered_tables.word_of(mark, is_share=kind, few=block.few, labels=labels) for kind in kinds}

    marks = [mark for mark in _MARKS if any(word in told for word in words_of(mark))]
    cells = {(figure.mark, figure.is_share) for figure in figures if figure.mark}
    marks += [mark for mark in _MARKS if mark not in marks and any(mark == found for found, _ in cells)]
    return {mark: _explained(mark, block.few, labels) for mark in marks}


def _explained(mark: str, few: str, labels: Mapping[str, str]) -> str:
    """Return what a mark says; the explanation of all but one begins with its word."""
    explanation = labels[f"explain_{mark}"]
    words = dict.fromkeys((few or labels["mark_low"], labels["mark_low"]))
    return f"{labels['separator'].join(words)}: {explanation}" if mark == "low" else explanation


def _with_marks_in_words(block: TableBlock, labels: Mapping[str, str]) -> TableBlock:
    """Return a table in which the mark of each cell is a word."""

    def figure_in_words(figure: PrintedFigure) -> PrintedFigure:
        if not figure.mark:
            return figure
        word = gathered_tables.word_of(figure.mark, is_share=figure.is_share, few=block.few, labels=labels)
        return figure.model_copy(update={"mark": word})

    groups = (
        group.model_copy(
            update={
                "rows": tuple(
                    row.model_copy(update={"cells": tuple(map(figure_in_words, row.cells))}) for row in group.rows
                )
            }
        )
        for group in block.groups
    )
    return block.model_copy(update={"groups": tuple(groups)})


def plain_text(text: str) -> str:
    """Return a text without direction characters: the title bar of a window shows them as boxes."""
    return "".join(letter for letter in text if letter not in fonts.INVISIBLE).strip()
