"""Pictures draw what is printed and nothing else, from where the language begins, inside their frame."""

from __future__ import annotations

import csv
import io
import re

import pytest

from reports.renderers import chart_files, fonts
from reports.renderers.chart_style import ALL_PERSONS, CHILDREN
from reports.renderers.pictures import draw
from reports.renderers.placed_marks import LETTER, PADDING, break_lines
from tests.reports.invented_editions import invented
from tests.reports.renderers.invented_pictures import FORMS, Form, picture

WIDTHS = (290, 330, 690)
_MARK = re.compile(rf'<path[^>]*fill="(?:{ALL_PERSONS}|{CHILDREN})"')
_TEXT = re.compile(r'<text text-anchor="(\w+)" transform="translate\(([\d.e+-]+),([\d.e+-]+)\)"[^>]*>([^<]*)<')


def marks(svg: str) -> list[str]:
    return _MARK.findall(svg)


@pytest.mark.parametrize("form", FORMS)
def test_a_withheld_figure_has_its_mark_and_moves_nothing(form: Form):
    whole, hidden = (draw(picture(form, 0.4, one, 0.8), invented(), width=330) for one in (0.0, None))
    assert "[c]" in hidden and "[c]" not in whole
    assert len(marks(hidden)) < len(marks(draw(picture(form, 0.4, 0.2, 0.8), invented(), width=330)))
    assert set(marks(hidden)) <= set(marks(whole))


@pytest.mark.parametrize("form", FORMS)
def test_children_are_drawn_in_their_colour_alone(form: Form):
    svg = draw(picture(form, 0.4, children=0), invented(), width=330)
    assert CHILDREN in svg and ALL_PERSONS not in svg


@pytest.mark.parametrize("form", FORMS)
def test_from_right_to_left_a_picture_is_the_mirror_of_itself(form: Form):
    places = [
        [(float(x), y) for _, x, y, _ in _TEXT.findall(draw(picture(form, 0.4, 0.8), invented(tag), width=330))]
        for tag in ("en", "ar")
    ]
    heights = [[y for _, y in own] for own in places]
    assert heights[0] == heights[1]
    assert all(abs(left + right + 2 * PADDING - 330) < 0.5 for (left, _), (right, _) in zip(*places, strict=True))


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("size", WIDTHS)
def test_every_word_stands_inside_the_frame(form: Form, size: int):
    label = "Victims who asked for a place in a shelter and were admitted within the year"
    svg = draw(picture(form, 0.4, None, 1.0, label=label), invented(), width=size)
    height = float(re.findall(r'viewBox="0 0 \d+ ([\d.]+)"', svg)[0])
    for anchor, x, y, words in _TEXT.findall(svg):
        long = fonts.width(words, LETTER)
        left = float(x) - {"start": 0, "middle": long / 2, "end": long}[anchor]
        assert left >= -1 and left + long <= size * 1.02, words
        assert LETTER / 2 < float(y) <= height


def test_those_whose_way_has_not_ended_are_drawn_in_outline():
    block = picture("funnel", 0.4)
    opened = block.model_copy(update={"rows": (block.rows[0].model_copy(update={"is_open": True}),)})
    svg = draw(opened, invented(), width=330)
    assert 'stroke-dasharray="4,2"' in svg and ALL_PERSONS not in svg


@pytest.mark.parametrize("form", FORMS)
def test_what_is_said_of_a_picture_cannot_break_out_of_its_attribute(form: Form):
    assert 'aria-label="T &quot;x&quot; &lt;y&gt;."' in draw(picture(form, 0.4), invented(), width=330)


def test_a_line_is_no_wider_than_its_room_unless_one_word_is():
    lines = break_lines("Victims who asked for a place in a shelter", 90)
    assert " ".join(lines) == "Victims who asked for a place in a shelter"
    assert all(fonts.width(one, LETTER) <= 90 for one in lines)
    assert break_lines("Unaccompanied", 10) == ["Unaccompanied"]


def test_the_file_of_a_picture_holds_its_figures_with_their_intervals_and_marks():
    block = picture("pyramid", 0.5, None)
    found = chart_files.files([(block, draw(block, invented(), width=330))])
    rows = list(csv.DictReader(io.StringIO(found["charts/a.csv"].decode("utf-8"))))
    assert [(one["row"], one["value"], one["lower"], one["upper"], one["mark"]) for one in rows] == [
        *[("A step 0", "0.5", "0.4", "0.6", "")] * 2,
        *[("A step 1", "", "", "", "c")] * 2,
    ]
