"""Small charts draw what is printed and nothing else."""

from __future__ import annotations

import re

from reports.renderers.chart_style import ALL_PERSONS, CHILDREN
from reports.renderers.story.small_charts import draw, top
from tests.reports.invented_editions import invented
from tests.reports.invented_stories import told_chart

_LINE = re.compile(r'<path d="M[\d.]+,[\d.]+L')


def test_a_withheld_figure_is_a_gap_with_its_mark_and_moves_nothing():
    svg = draw(told_chart(15, None, 30, 40), invented(), "a")
    assert svg.count("<circle") == 3
    assert len(_LINE.findall(svg)) == 1
    assert "[c]" in svg


def test_no_line_joins_two_years_between_which_the_series_breaks():
    whole, broken = (draw(told_chart(15, 20, 30, 40, broken=years), invented(), "a") for years in ((), ("2024",)))
    assert (len(_LINE.findall(whole)), len(_LINE.findall(broken))) == (3, 2)
    assert broken.count("stroke-dasharray") == whole.count("stroke-dasharray") + 1


def test_from_right_to_left_time_runs_from_the_right():
    places = [
        [float(x) for x in re.findall(r'<circle cx="([\d.]+)"', draw(told_chart(15, 20, 30), invented(tag), "a"))]
        for tag in ("en", "ar")
    ]
    assert places[0] == sorted(places[0])
    assert places[1] == sorted(places[1], reverse=True)


def test_children_have_one_colour_and_another_shape():
    chart = told_chart(15, 20)
    svg = draw(chart.model_copy(update={"is_of_children": True}), invented(), "a")
    assert CHILDREN in svg and ALL_PERSONS not in svg
    assert "<circle" not in svg


def test_charts_of_one_scale_have_the_top_of_the_greatest():
    assert top([told_chart(15, None), told_chart(40, 20)]) == 40
    assert top([told_chart(None, None)]) == 0


def test_what_is_said_of_a_chart_cannot_break_out_of_its_attribute():
    chart = told_chart(15, 20).model_copy(update={"alternative": 'a "b" <c>'})
    assert 'aria-label="a &quot;b&quot; &lt;c&gt;"' in draw(chart, invented(), "a")
