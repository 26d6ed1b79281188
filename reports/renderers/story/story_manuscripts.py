"""The input of Typst for the story of an edition: the report.

Belongs here: the story as data, its drawings as files, the numbers of its tables in the annex.
Does not belong here: how a page looks (`templates/story.typ` and those beside it), typesetting (`typesetting.py`).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from reports.editions.edition import DemandSpread, Edition, MapBlock, StandingLine, StoryFinding, TableBlock
from reports.renderers import chart_files, pdf, pictures, readable_text
from reports.renderers.story import small_charts
from reports.renderers.typesetting import Manuscript

_TEMPLATES = Path(__file__).parents[2] / "templates"
_PICTURE, _ALONE = 330, 690  # pixels of a picture on half a page, and on a whole one: letters as in small print
_COVER = {
    "language", "direction", "numerals", "title", "subtitle", "footer", "banners", "answers", "publisher",
    "publisher_language", "contact", "contact_language",
}  # fmt: skip
LABELS = (
    "contents", "page", "sheet_contact", "table", "answer_children", "answer_certainty", "answer_silent",
    "story_summary", "story_findings", "story_demands", "story_demand", "story_sure", "story_silent", "story_map",
    "story_demanded", "story_ordered", "story_unsaid", "story_needed", "story_state", "story_others", "story_rules",
    "story_quality", "story_source", "story_annex", "story_silence", "story_key", "story_standings",
    "prose", "standing_indicator", "standing_figure", "standing_course", "standing_change",
)  # fmt: skip
"""Keys of `edition.labels` that the forms need."""


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
        numbers = _annex_numbers(edition)
        story_fields = story.model_dump(mode="json")
        for place, finding in enumerate(story.findings):
            story_fields["findings"][place] |= self._finding(finding, edition, numbers)
        for spread, demand in zip(story_fields["demands"], story.demands, strict=True):
            spread["found"] = self._charts(demand.found, edition, numbers)
            spread["others"] = self._charts(demand.others, edition, numbers)
            spread["pictures"] = list(self._pictures(demand, edition, numbers))
        story_fields["standings"] = [
            line.model_dump(mode="json") | {"file": self._course(line, edition, place)}
            for place, line in enumerate(story.standings)
        ]
        if story.map is not None:
            story_fields["map"]["file"] = self._map(story.map, edition, chart_files.WIDE)
        if story.map is not None and story.rate_map is not None:
            story_fields["pair"] = [
                story_fields[name] | {"file": self._map(block, edition, chart_files.NARROW)}
                for name, block in (("map", story.map), ("rate_map", story.rate_map))
            ]
        labels = {key: edition.labels[key] for key in LABELS}
        return edition.model_dump(include=_COVER) | {"story": story_fields, "labels": labels}

    def _charts(
        self, several: Sequence[StoryFinding], edition: Edition, numbers: dict[str, int]
    ) -> list[dict[str, Any]]:
        """Return charts that stand side by side: those of one unit share a scale."""
        tops = small_charts.tops(several)
        return [finding.model_dump(mode="json") | self._finding(finding, edition, numbers, tops) for finding in several]

    def _pictures(self, demand: DemandSpread, edition: Edition, numbers: dict[str, int]) -> Iterator[dict[str, Any]]:
        width = _ALONE if len(demand.pictures) == 1 else _PICTURE
        for picture in demand.pictures:
            drawing = pictures.draw(picture, edition, width=width)
            file = self._file(f"{edition.language}-{demand.code}-{picture.id}".lower(), drawing)
            yield picture.model_dump(mode="json") | {"file": file, "number": numbers.get(picture.table)}

    def _finding(
        self, finding: StoryFinding, edition: Edition, numbers: dict[str, int], tops: Mapping[str, float] | None = None
    ) -> dict[str, Any]:
        return {"file": self._chart(finding, edition, tops or {}), "number": numbers.get(finding.table)}

    def _chart(self, finding: StoryFinding, edition: Edition, tops: Mapping[str, float]) -> str:
        """Draw the chart of a finding; `tops` are the tops of the scales that it shares with charts beside it."""
        if finding.chart is None:
            return ""
        highest = 1.0 if finding.chart.unit == "share" else tops.get(finding.unit, 0.0)
        name = f"{edition.language}-{finding.demand}-{finding.key}-{finding.code}".replace("@", "-").lower()
        return self._file(name, small_charts.draw(finding.chart, edition, name, highest=highest))

    def _course(self, line: StandingLine, edition: Edition, place: int) -> str:
        if line.chart is None:
            return ""
        return self._file(f"{edition.language}-course-{place}", small_charts.course(line.chart, edition))

    def _map(self, block: MapBlock, edition: Edition, size: tuple[int, int]) -> str:
        drawing = chart_files.draw_block(block, edition, *size, self.outline)
        return self._file(f"{edition.language}-{block.id}-{size[0]}", drawing)

    def _file(self, name: str, drawing: str) -> str:
        path = f"drawings/{name}.svg"
        self.files[path] = drawing.encode("utf-8")
        return path


def _annex_numbers(edition: Edition) -> dict[str, int]:
    """Return the number of each printed table of the annex, as `report.typ` counts them."""
    tables = (block for chapter in edition.walk() for block in chapter.blocks if isinstance(block, TableBlock))
    return {block.id: number for number, block in enumerate((table for table in tables if not table.earlier), start=1)}
