"""Slides for a briefing: one answer a slide with a native chart, then what is not known, and the contact.

Belongs here: the layout, and a reproducible file without hidden content. The sheet embedded in a chart holds only what
the chart shows. Marks stand below the chart: a year without a printed figure has no column.
Does not belong here: sentences, or which answers a briefing has (`briefing.py`).
"""

from __future__ import annotations

import datetime
import io
import math
import re
import zipfile
from collections.abc import Iterable, Sequence
from typing import Any

from pptx import Presentation
from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE, XL_LABEL_POSITION
from pptx.enum.text import PP_ALIGN
from pptx.oxml.ns import qn
from pptx.util import Emu, Pt

from reports.briefings.briefing import BriefedAnswer, Briefing
from reports.editions.edition import Edition
from reports.renderers import fonts
from reports.renderers.fonts import FAMILY
from reports.renderers.xlsx_tables import cell_text, plain_text

_BLUE, _INK, _SAND = RGBColor(0x0B, 0x4F, 0x8A), RGBColor(0x1B, 0x2A, 0x38), RGBColor(0xFF, 0xE9, 0xA8)
_WIDTH, _HEIGHT, _EDGE = 12_192_000, 6_858_000, 609_600  # 16 to 9
_BLANK = 6  # the layout without placeholders
_FIGURE = (60, 48, 36, 28)  # points of a figure in large type; counts and a verdict are longer
_WIDER = 1.25  # how much more room letters take in bold, and in the font of an office program that lacks ours
_SMALLEST = 7  # points of a text that does not fit its box in larger letters
_POINT = 12_700  # EMU
_LINE, _BETWEEN, _INSET = 1.2, 6, 14.4  # the height of a line in letters; points between paragraphs, at both edges
_NO_COLUMN = "–"  # below a year whose figure stands in words under the chart: a missing column is no zero
_STORED = (1980, 1, 1, 0, 0, 0)
_NO_DAY = "1980-01-01T00:00:00Z"
_LEFT_OUT = re.compile(r"docProps/thumbnail|printerSettings|docProps/app\.xml")
_RIGHT_TO_LEFT_MARK = "\u200f"
_TEXT = re.compile(rb"(<a:t>)[^<]*(</a:t>)")
_TIME = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*(<)")
_MADE_OF_OTHERS = ("ppt/slideLayouts/", "ppt/slideMasters/")


def render(briefing: Briefing) -> bytes:
    """Return the slides (.pptx); the same briefing gives the same bytes."""
    book = Presentation()
    book.slide_width, book.slide_height = Emu(_WIDTH), Emu(_HEIGHT)
    writer = _SlideWriter(book, briefing)
    writer.write()
    _describe(book, briefing)
    stream = io.BytesIO()
    book.save(stream)
    return _strip_file(stream.getvalue())


def properties(edition: Edition) -> set[str]:
    """Return the document properties of the file."""
    return {*map(plain_text, (edition.title, edition.subtitle, edition.publisher)), edition.language, _NO_DAY, "1"}


def _describe(book: Any, briefing: Briefing) -> None:  # noqa: ANN401 - python-pptx has no public type for it
    edition, known = briefing.edition, book.core_properties
    known.title, known.subject, known.author = map(plain_text, (edition.title, edition.subtitle, edition.publisher))
    known.last_modified_by, known.language = plain_text(edition.publisher), edition.language
    known.revision, known.comments = 1, ""
    known.created = known.modified = datetime.datetime(1980, 1, 1)


class _SlideWriter:
    """Writes the slides of one briefing; in a right-to-left language every box is mirrored."""

    def __init__(self, book: Any, briefing: Briefing) -> None:  # noqa: ANN401 - as above
        self.book, self.briefing = book, briefing
        self.is_rtl = briefing.edition.direction == "rtl"

    def write(self) -> None:
        """Write the title, the answers and the end."""
        self._write_front()
        for answer in self.briefing.answers:
            self._write_answer(answer)
        self._write_law()
        self._write_end()

    def _write_front(self) -> None:
        edition, slide = self.briefing.edition, self._add_slide()
        self._add_bar(slide)
        self._add_box(slide, (0.05, 0.28, 0.9, 0.2), [edition.title], 40, bold=True, color=_BLUE)
        self._add_box(slide, (0.05, 0.48, 0.9, 0.14), [edition.subtitle], 24)
        self._add_box(slide, (0.05, 0.63, 0.9, 0.12), [edition.publisher], 20)
        self._add_banner(slide, 0.78)

    def _write_answer(self, answer: BriefedAnswer) -> None:
        slide = self._add_slide()
        self._add_bar(slide)
        self._add_box(slide, (0.05, 0.04, 0.9, 0.07), [answer.heading], 20, bold=True, color=_BLUE)
        self._add_box(slide, (0.05, 0.11, 0.9, 0.17), [answer.sentence], 24, bold=True)
        large = next((size for size in _FIGURE if _line_count(answer.figure, size, 0.28) == 1), _FIGURE[-1])
        self._add_box(slide, (0.05, 0.28, 0.28, 0.19), [answer.figure], large, bold=True, color=_BLUE)
        self._add_box(
            slide,
            (0.05, 0.47, 0.28, 0.39),
            [answer.about.replace(" · ", "\n"), answer.protection, *answer.comment],
            14,
        )
        notes = [f"{year.year}: {year.text}" for year in answer.years if year.value is None] + list(answer.notes)
        if any(year.value is not None for year in answer.years):
            self._add_chart(slide, answer)
            notes.append(self.briefing.edition.labels["time_runs"])
        self._add_box(slide, (0.36, 0.76, 0.59, 0.11), [" · ".join(notes)], 12)
        self._add_box(slide, (0.05, 0.87, 0.9, 0.05), [answer.source], 12)
        self._add_banner(slide, 0.92)

    def _write_law(self) -> None:
        """Write how many duties of the law are met, and the unmet ones with which to begin."""
        briefing, monitor = self.briefing, self.briefing.edition.monitor
        if monitor is None or not briefing.law:
            return
        slide = self._add_slide()
        self._add_bar(slide)
        self._add_box(slide, (0.05, 0.06, 0.9, 0.1), [monitor.title], 28, bold=True, color=_BLUE)
        self._add_box(slide, (0.05, 0.2, 0.4, 0.65), briefing.law, 16)
        self._add_box(slide, (0.5, 0.2, 0.45, 0.65), briefing.duties, 16)
        self._add_banner(slide, 0.92)

    def _write_end(self) -> None:
        slide, briefing = self._add_slide(), self.briefing
        self._add_bar(slide)
        self._add_box(slide, (0.05, 0.04, 0.9, 0.7), briefing.silent, 16)
        self._add_box(slide, (0.05, 0.75, 0.9, 0.16), [briefing.cite, briefing.edition.contact], 14)
        self._add_banner(slide, 0.92)

    def _add_slide(self) -> Any:  # noqa: ANN401 - as above
        return self.book.slides.add_slide(self.book.slide_layouts[_BLANK])

    def _place_on_slide(self, place: tuple[float, float, float, float]) -> tuple[Emu, Emu, Emu, Emu]:
        left, top, width, height = place
        left = 1 - left - width if self.is_rtl else left
        return Emu(int(left * _WIDTH)), Emu(int(top * _HEIGHT)), Emu(int(width * _WIDTH)), Emu(int(height * _HEIGHT))

    def _add_bar(self, slide: Any) -> None:  # noqa: ANN401 - as above
        shape = slide.shapes.add_shape(1, Emu(0), Emu(0), Emu(_WIDTH), Emu(_EDGE // 4))
        shape.fill.solid()
        shape.fill.fore_color.rgb = _BLUE
        shape.line.fill.background()

    def _add_banner(self, slide: Any, top: float) -> None:  # noqa: ANN401 - as above
        if self.briefing.first_of_all:
            box = self._add_box(slide, (0.05, top, 0.9, 0.06), [" ".join(self.briefing.first_of_all)], 12, bold=True)
            box.fill.solid()
            box.fill.fore_color.rgb = _SAND

    def _add_box(
        self,
        slide: Any,  # noqa: ANN401 - as above
        place: tuple[float, float, float, float],
        texts: Iterable[str],
        size: int,
        *,
        bold: bool = False,
        color: RGBColor = _INK,
    ) -> Any:  # noqa: ANN401 - as above
        box = slide.shapes.add_textbox(*self._place_on_slide(place))
        frame = box.text_frame
        frame.word_wrap = True
        lines = [line for text in texts for line in text.split("\n") if line]
        size = _fitting_size(lines, place, size)
        for number, text in enumerate(lines):
            paragraph = frame.paragraphs[0] if not number else frame.add_paragraph()
            paragraph.alignment = PP_ALIGN.RIGHT if self.is_rtl else PP_ALIGN.LEFT
            paragraph.space_after = Pt(6)
            run = paragraph.add_run()
            run.text = cell_text(text)  # office programs put isolated text at the wrong end of a line
            _set_font(run.font, size, bold=bold, color=color)
        for properties in box.element.iter(qn("a:pPr")):
            properties.set("rtl", str(int(self.is_rtl)))
        for properties in box.element.iter(qn("a:rPr")):
            properties.set("lang", self.briefing.edition.language)
        _set_complex_script(box.element)
        return box

    def _add_chart(self, slide: Any, answer: BriefedAnswer) -> None:  # noqa: ANN401 - as above
        data = CategoryChartData(number_format="0%" if answer.is_share else "#,##0")
        data.categories = [
            cell_text(year.year) if year.value is not None else f"{cell_text(year.year)}\n{_NO_COLUMN}"
            for year in answer.years
        ]
        data.add_series(cell_text(answer.about), [year.value for year in answer.years])
        frame = slide.shapes.add_chart(
            XL_CHART_TYPE.COLUMN_CLUSTERED, *self._place_on_slide((0.36, 0.27, 0.59, 0.49)), data
        )
        frame.element.nvGraphicFramePr.cNvPr.set("descr", cell_text(answer.alternative))
        chart = frame.chart
        chart.has_legend = chart.has_title = False
        chart.value_axis.visible = chart.value_axis.has_major_gridlines = False
        chart.value_axis.minimum_scale = 0
        chart.category_axis.reverse_order = self.is_rtl
        _set_font(chart.category_axis.tick_labels.font, 14, bold=False, color=_INK)
        plot = chart.plots[0]
        plot.gap_width = 60
        series = plot.series[0]
        series.format.fill.solid()
        series.format.fill.fore_color.rgb = _BLUE
        for place, year in enumerate(answer.years):
            if year.value is not None:
                label = series.points[place].data_label
                label.position = XL_LABEL_POSITION.OUTSIDE_END
                run = label.text_frame.paragraphs[0].add_run()
                run.text = self._label_text(year.text)
                _set_font(run.font, 14, bold=True, color=_INK)
        _set_complex_script(chart.element)

    def _label_text(self, text: str) -> str:
        """Return a label between direction marks: office programs ignore the direction of a label."""
        return f"{_RIGHT_TO_LEFT_MARK}{cell_text(text)}{_RIGHT_TO_LEFT_MARK}" if self.is_rtl else cell_text(text)


def _line_count(text: str, size: float, share: float) -> int:
    """Return how many lines a text takes in a box of a share of the slide's width, in any font."""
    room = share * _WIDTH / _POINT - _INSET
    return max(1, math.ceil(fonts.width(plain_text(text), size) * _WIDER / room))


def _fitting_size(texts: Sequence[str], place: tuple[float, float, float, float], largest: int) -> int:
    """Return the largest size in which texts fit their box; the smallest if none does."""
    sizes = [largest, *range(largest - 1, _SMALLEST - 1, -1)]
    room = place[3] * _HEIGHT / _POINT - _INSET / 2

    def height(size: int) -> float:
        return sum(_line_count(text, size, place[2]) * size * _LINE + _BETWEEN for text in texts)

    return next((size for size in sizes if height(size) <= room), sizes[-1])


def _set_font(font: Any, size: int, *, bold: bool, color: RGBColor) -> None:  # noqa: ANN401 - as above
    font.name, font.size, font.bold = FAMILY, Pt(size), bold
    font.color.rgb = color


def _set_complex_script(element: Any) -> None:  # noqa: ANN401 - lxml's, of any kind
    """Set the typeface for Arabic letters too: the library sets only that for Latin letters."""
    for latin in list(element.iter(qn("a:latin"))):
        latin.addnext(latin.makeelement(qn("a:cs"), {"typeface": latin.get("typeface")}))


def _strip_file(data: bytes) -> bytes:
    """Return an office file without times, thumbnails and texts of its template; likewise its embedded sheets."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if not _LEFT_OUT.search(name):
                new.writestr(zipfile.ZipInfo(name, _STORED), _strip_part(name, old.read(name)), zipfile.ZIP_DEFLATED)
    return stream.getvalue()


def _strip_part(name: str, part: bytes) -> bytes:
    if name.endswith(".xlsx"):
        return _strip_file(part)
    if name.endswith((".rels", "[Content_Types].xml")):
        return _drop_left_out(part)
    if name.startswith(_MADE_OF_OTHERS):
        return _TEXT.sub(rb"\1\2", part)
    return _TIME.sub(rb"\g<1>" + _NO_DAY.encode() + rb"\2", part) if name == "docProps/core.xml" else part


def _drop_left_out(part: bytes) -> bytes:
    """Return relationships and content types without those of parts that are left out."""
    return re.sub(rb"<(?:Relationship|Override) [^>]*(?:thumbnail|printerSettings|docProps/app\.xml)[^>]*/>", b"", part)
