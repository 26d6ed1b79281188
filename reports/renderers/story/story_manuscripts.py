"""The input of Typst for the story of an edition: the report.

Belongs here: the story as data, its drawings as files, the page and sheet that have its tables.
Does not belong here: how a page looks (`templates/story.typ` and those beside it), typesetting (`typesetting.py`).
"""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

from reports.editions import gathered_tables
from reports.editions.answered import AnswerChapter, AnsweredQuestion
from reports.editions.edition import ChartBlock, Edition, MapBlock
from reports.editions.printed_parts import SmallChart
from reports.renderers import chart_files, charts, pdf, pictures, readable_text, workbook
from reports.renderers.story import small_charts
from reports.renderers.typesetting import Manuscript

_TEMPLATES = Path(__file__).parents[2] / "templates"
_ALONE = 690  # pixels of a picture on a whole page: letters as in small print
_COVER = {
    "language", "direction", "numerals", "title", "subtitle", "footer", "banners", "answers", "publisher",
    "publisher_language", "contact", "contact_language",
}  # fmt: skip
LABELS = (
    "contents", "page", "sheet_contact", "table", "answer_found", "answer_certainty", "answer_silent",
    "story_demands", "story_demand", "story_silent", "story_map", "story_quality", "story_source", "story_key",
    "story_terms", "story_unknown", "story_regions", "story_children", "story_duty", "time_runs", "prose",
)  # fmt: skip
"""Keys of `edition.labels` that the forms need."""
_Places = dict[str, dict[str, str]]


def booklet(edition: Edition, outline: Path | None = None) -> Manuscript:
    """Return the report of an edition that has a story.

    Args:
        edition: the edition to print.
        outline: of the governorates (`maps.draw`); without it maps are tiles.

    Raises:
        Refusal: `print_lacks_letters`.
    """
    return _manuscript("booklet.typ", edition, outline)


def _manuscript(template: str, edition: Edition, outline: Path | None) -> Manuscript:
    drawings, day = _Drawings(outline), date.fromisoformat(edition.date)
    content = {
        "title_plain": pdf.plain_text(f"{edition.title} {edition.subtitle}"),
        "publisher_plain": pdf.plain_text(edition.publisher),
        "language": edition.language,
        "day": {"year": day.year, "month": day.month, "day": day.day},
        "languages": [drawings.language(edition)],
    }
    text = json.dumps(readable_text.set_off(content), ensure_ascii=False)
    pdf.refuse_boxes(edition, text, drawings.files)
    files = {
        "main": (_TEMPLATES / template).read_bytes(),
        "story.typ": (_TEMPLATES / "story.typ").read_bytes(),
        "edition.json": text.encode("utf-8"),
        **drawings.files,
    }
    return Manuscript(files, day, edition.direction == "rtl")


def _places_of_tables(edition: Edition) -> _Places:
    """Return the page and the sheet of the workbook that have each table, by its id."""
    sheets = workbook.sheets_of_tables(edition)
    pages = gathered_tables.pages_of_tables(edition)
    return {table: {"page": page, "sheet": sheets[table]} for table, page in pages.items()}


class _Drawings:
    """The stories of editions as data, with their drawings named as files."""

    def __init__(self, outline: Path | None) -> None:
        self.outline = outline
        self.files: dict[str, bytes] = {}

    def language(self, edition: Edition) -> dict[str, Any]:
        """Return the story of an edition and the frame around it."""
        story = edition.story
        if story is None:
            raise ValueError(edition.report)
        places = _places_of_tables(edition)
        story_fields = story.model_dump(mode="json")
        for chapter_fields, chapter in zip(story_fields["chapters"], story.chapters, strict=True):
            chapter_fields["answers"] = self._answers(chapter, edition, places)
        if story.map is not None:
            story_fields["map"]["file"] = self._map(story.map, edition, chart_files.WIDE)
        if story.map is not None and story.rate_map is not None:
            story_fields["pair"] = [
                story_fields[name] | {"file": self._map(block, edition, chart_files.NARROW)}
                for name, block in (("map", story.map), ("rate_map", story.rate_map))
            ]
        if story.children is not None and story.children.chart is not None:
            story_fields["children"]["chart"] |= self._chart(story.children.chart, edition, places)
        labels = {key: edition.labels[key] for key in LABELS}
        return edition.model_dump(include=_COVER) | {"story": story_fields, "labels": labels}

    def _answers(self, chapter: AnswerChapter, edition: Edition, places: _Places) -> list[dict[str, Any]]:
        """Return the answers of a chapter with their charts; those of one unit share a scale."""
        by_unit: dict[str, list[SmallChart]] = {}
        for answer in chapter.answers:
            if answer.chart is not None and answer.chart.unit == "count":
                by_unit.setdefault(answer.unit, []).append(answer.chart)
        return [
            answer.model_dump(mode="json")
            | {
                "file": self._answer_chart(answer, edition, small_charts.top(by_unit.get(answer.unit, []))),
                "place": places.get(answer.table),
                "drawn": self._picture(answer, edition, places),
            }
            for answer in chapter.answers
        ]

    def _answer_chart(self, answer: AnsweredQuestion, edition: Edition, top: float) -> str:
        if answer.chart is None:
            return ""
        name = f"{edition.language}-{answer.key}".replace("@", "-").replace("_", "-").lower()
        highest = 1.0 if answer.chart.unit == "share" else top
        return self._file(name, small_charts.draw(answer.chart, edition, name, highest=highest))

    def _picture(self, answer: AnsweredQuestion, edition: Edition, places: _Places) -> dict[str, Any]:
        picture = answer.picture
        if picture is None:
            return {}
        drawing = pictures.draw(picture, edition, width=_ALONE)
        return {"file": self._file(f"{edition.language}-{picture.id}", drawing), "place": places.get(picture.table)}

    def _chart(self, block: ChartBlock, edition: Edition, places: _Places) -> dict[str, Any]:
        drawing = chart_files.draw_block(block, edition, *chart_files.NARROW)
        key = [
            {"file": self._file(f"key-{number}", charts.swatch(block.shape, number)), "text": line.name}
            for number, line in enumerate(block.series)
        ]
        return {
            "file": self._file(f"{edition.language}-{block.id}", drawing),
            "key": key,
            "place": places.get(block.table),
        }

    def _map(self, block: MapBlock, edition: Edition, size: tuple[int, int]) -> str:
        drawing = chart_files.draw_block(block, edition, *size, self.outline)
        return self._file(f"{edition.language}-{block.id}-{size[0]}", drawing)

    def _file(self, name: str, drawing: str) -> str:
        path = f"drawings/{name}.svg"
        self.files[path] = drawing.encode("utf-8")
        return path
