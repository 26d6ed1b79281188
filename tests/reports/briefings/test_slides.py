"""Slides of a small report: what they say, that they are the same twice, that nothing hides."""

from __future__ import annotations

import io
import itertools
import posixpath
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from lxml import etree
from pptx import Presentation

from expectations.gate.text_in_files import file_texts, hidden_places
from languages.words import Words, languages
from reports.briefings import slides
from reports.briefings.briefing import BriefedYear, Briefing, briefing
from reports.chapters.build_edition import edition
from reports.released.report_model import Report
from reports.renderers.xlsx_tables import cell_text
from tests.ingestion import workbooks


@pytest.fixture(scope="module")
def briefings(report: Report) -> dict[str, Briefing]:
    by_language = {tag: Words.load(tag) for tag in languages()}
    return {tag: briefing(report, edition(report, words), words) for tag, words in by_language.items()}


@pytest.mark.parametrize("tag", languages())
def test_an_answer_a_slide_with_its_figure_source_and_a_chart_of_printed_figures_alone(
    briefings: dict[str, Briefing], tag: str
):
    told = briefings[tag]
    assert told.answers
    pages = list(Presentation(io.BytesIO(slides.render(told))).slides)
    assert len(pages) == len(told.answers) + 3
    for answer, slide in zip(told.answers, pages[1:-2], strict=True):
        texts = [shape.text_frame.text for shape in slide.shapes if shape.has_text_frame]
        printed_texts = (answer.heading, answer.sentence, answer.figure, answer.source)
        assert {cell_text(text) for text in printed_texts} <= set(texts)
        assert any(cell_text(banner) in text for text in texts for banner in told.first_of_all)
        assert all(any(cell_text(note) in text for text in texts) for note in answer.notes)
        charts = [shape for shape in slide.shapes if shape.has_chart]
        printed = [year.value for year in answer.years]
        assert [list(chart.chart.plots[0].series[0].values) for chart in charts] == [printed] * len(charts)
        assert all(chart.chart.category_axis.reverse_order == (told.edition.direction == "rtl") for chart in charts)
        assert all(
            shape.element.nvGraphicFramePr.cNvPr.get("descr") == cell_text(answer.alternative) for shape in charts
        )


@pytest.mark.parametrize("tag", languages())
def test_a_slide_counts_the_duties_of_the_law_in_both_regions_and_names_the_unmet(
    briefings: dict[str, Briefing], tag: str
):
    told = briefings[tag]
    monitor = told.edition.monitor
    assert monitor is not None and len(told.law) == len(monitor.counts) > 0
    slide = list(Presentation(io.BytesIO(slides.render(told))).slides)[-2]
    text = "\n".join(shape.text_frame.text for shape in slide.shapes if shape.has_text_frame)
    assert all(cell_text(line) in text for line in (monitor.title, *told.law, *told.duties))


def test_without_a_monitor_there_is_no_slide_of_duties(briefings: dict[str, Briefing]):
    told = briefings["en"]
    without = replace(told, edition=told.edition.model_copy(update={"monitor": None}), law=())
    assert len(Presentation(io.BytesIO(slides.render(without))).slides) == len(told.answers) + 2


def test_some_slide_has_a_chart(briefings: dict[str, Briefing]):
    assert any(year.value is not None for answer in briefings["en"].answers for year in answer.years)


@pytest.mark.parametrize("tag", languages())
def test_the_briefing_leads_with_the_figure_of_the_two_pages(briefings: dict[str, Briefing], tag: str):
    told = briefings[tag]
    assert told.edition.summary is not None
    first = told.answers[0]
    assert (first.key, first.figure) == ("many", told.edition.summary.figure)
    assert first.sentence == told.edition.summary.sentence
    assert [answer.key for answer in told.answers] == [part.id for part in told.edition.summary.answers]


@pytest.mark.parametrize(("length", "is_large"), [(60, True), (400, False)])
def test_a_long_sentence_is_set_smaller(briefings: dict[str, Briefing], length: int, is_large: bool):
    told = briefings["ckb"]
    first = replace(told.answers[0], sentence="ب" * length)
    book = Presentation(io.BytesIO(slides.render(replace(told, answers=(first,)))))
    (points,) = _sizes(book.slides[1], first.sentence)
    assert (points == 24) == is_large


@pytest.mark.parametrize(
    ("figure", "points"), [("65%", {60}), ("about 450", {28, 36}), ("about 45 of 380", {28}), ("نزیکەی ٤٥٠", {28, 36})]
)
def test_a_figure_is_set_so_small_that_it_takes_a_line(briefings: dict[str, Briefing], figure: str, points: set[int]):
    told = briefings["en"]
    first = replace(told.answers[0], figure=figure)
    book = Presentation(io.BytesIO(slides.render(replace(told, answers=(first,)))))
    assert _sizes(book.slides[1], first.figure) <= points


@pytest.mark.parametrize("tag", languages())
def test_no_text_runs_into_the_one_below_it(briefings: dict[str, Briefing], tag: str):
    """In a program without our font a letter is about six tenths of its size wide."""
    told = briefings[tag]
    long = replace(told, silent=tuple(f"{text} {text}" for text in (*told.silent, *told.silent))[:12])
    for slide in Presentation(io.BytesIO(slides.render(long))).slides:
        boxes = [shape for shape in slide.shapes if shape.has_text_frame and shape.text_frame.text]
        for one, below in itertools.permutations(boxes, 2):
            is_beside = one.left + one.width <= below.left or below.left + below.width <= one.left
            if one.top < below.top and not is_beside:
                assert one.top + _height(one) <= below.top, one.text_frame.text


def _height(box: Any) -> float:  # noqa: ANN401 - as below
    height = 0.0
    for paragraph in box.text_frame.paragraphs:
        for run in paragraph.runs:
            in_a_line = (box.width - 2 * 91_440) / (0.55 * run.font.size)
            height += 1.2 * run.font.size * -(-len(run.text) // in_a_line)
    return height


@pytest.mark.parametrize("tag", languages())
def test_a_year_without_a_column_does_not_look_like_zero(briefings: dict[str, Briefing], tag: str):
    told = briefings[tag]
    first = replace(told.answers[0], years=(BriefedYear("2024", "few", None), BriefedYear("2025", "45", 45.0)))
    slide = Presentation(io.BytesIO(slides.render(replace(told, answers=(first,))))).slides[1]
    (chart,) = (shape.chart for shape in slide.shapes if shape.has_chart)
    assert [str(label) for label in chart.plots[0].categories] == ["2024\n–", "2025"]


def _sizes(slide: Any, text: str) -> set[float]:  # noqa: ANN401 - python-pptx has no public type for it
    return {
        run.font.size.pt
        for shape in slide.shapes if shape.has_text_frame
        for paragraph in shape.text_frame.paragraphs for run in paragraph.runs if run.text == text
    }  # fmt: skip


@pytest.mark.parametrize("tag", languages())
def test_it_is_said_of_rounded_counts_alone_that_they_are_rounded(briefings: dict[str, Briefing], tag: str):
    """The years that are drawn beside a rounded figure may be exact: nobody may read 321 as a multiple of five."""
    words = Words.load(tag)
    told = [answer.protection for answer in briefings[tag].answers]
    assert briefings[tag].edition.summary is not None
    assert set(told) - {""} == {briefings[tag].edition.summary.rounding}
    assert not [text for text in told if words.text("page.method.rounded", base=5) in text]


def test_slides_are_the_same_twice_and_hide_nothing(briefings: dict[str, Briefing]):
    told = briefings["ar"]
    data = slides.render(told)
    assert data == slides.render(told)
    assert hidden_places({"slides.pptx": data}, slides.properties(told.edition)) == []
    assert not [one for one in file_texts("slides.pptx", data) if "Click to edit" in one.text]


def test_a_figure_that_hides_in_slides_is_found(briefings: dict[str, Briefing]):
    book = Presentation(io.BytesIO(slides.render(briefings["en"])))
    book.slides[1].notes_slide.notes_text_frame.text = "12345"
    stream = io.BytesIO()
    book.save(stream)
    assert "12345" in [one.text for one in file_texts("slides.pptx", stream.getvalue())]
    book.core_properties.comments = "12345"
    stream = io.BytesIO()
    book.save(stream)
    assert hidden_places({"slides.pptx": stream.getvalue()}, slides.properties(briefings["en"].edition))


def test_what_stands_on_the_first_slide_has_room_for_two_lines(briefings: dict[str, Briefing]):
    """A program without our font takes a wider one, and a line breaks."""
    front = next(iter(Presentation(io.BytesIO(slides.render(briefings["en"]))).slides))
    boxes = sorted((shape for shape in front.shapes if shape.has_text_frame and shape.text_frame.text),
                   key=lambda shape: shape.top)  # fmt: skip
    for one, below in itertools.pairwise(boxes):
        line = 1.2 * one.text_frame.paragraphs[0].runs[0].font.size
        assert one.top + 2 * line <= below.top, one.text_frame.text


@pytest.mark.parametrize("tag", ["ar", "ckb", "en"])
def test_a_bar_s_label_runs_as_the_language_does(briefings: dict[str, Briefing], tag: str):
    """Office programs write a label from left to right: `٦٥٪` would have its sign at the wrong end."""
    told = briefings[tag]
    labels = [
        point.text_frame.text
        for slide in Presentation(io.BytesIO(slides.render(told))).slides
        for shape in slide.shapes
        if shape.has_chart
        for series in shape.chart.plots[0].series
        for place in range(len(list(series.values)))
        if (point := series.points[place].data_label).has_text_frame
    ]
    mark = "\u200f" if told.edition.direction == "rtl" else ""
    assert labels
    assert [one for one in labels if one != f"{mark}{one.strip(mark or None)}{mark}"] == []


def test_every_part_of_the_slides_that_another_names_is_there(briefings: dict[str, Briefing]):
    with zipfile.ZipFile(io.BytesIO(slides.render(briefings["ar"]))) as archive:
        names = set(archive.namelist())
        for name in (one for one in names if one.endswith(".rels")):
            folder = posixpath.dirname(posixpath.dirname(name))
            for relation in etree.fromstring(archive.read(name)):
                target = posixpath.normpath(posixpath.join(folder, relation.get("Target", ""))).lstrip("/")
                assert relation.get("TargetMode") != "External"
                assert target in names
        for part in etree.fromstring(archive.read("[Content_Types].xml")).iterfind("{*}Override"):
            assert str(part.get("PartName")).lstrip("/") in names


@pytest.mark.needs_impress
def test_an_office_program_opens_the_slides(briefings: dict[str, Briefing], tmp_path: Path):
    path = tmp_path / "slides.pptx"
    path.write_bytes(slides.render(briefings["ckb"]))
    workbooks.saved_by_office(path, tmp_path, "pdf")
    assert (tmp_path / "slides.pdf").read_bytes().startswith(b"%PDF")
