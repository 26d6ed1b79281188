"""No byte of any form of a report depends on what is withheld: its order, classes, shares, scales, size or files.

A release holds nothing under a mark. Here a figure is put there while it is read, twice, and every file must be the
same: attack 25 of `docs/disclosure_attacks.md` on the report. Renderers that leak on purpose show that each of the ways
out would be seen. The attacks on what is printed are in `test_report_attacks.py`.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping

import pandas as pd
import pytest
from pydantic import ValidationError

from ingestion.home import Home
from languages.words import Words, languages
from reports.analysis.change_list import changed_cells
from reports.analysis.comparable_trends import trends
from reports.analysis.growing_years import arrival_ages
from reports.chapters.build_edition import edition
from reports.editions import arrangement
from reports.editions.edition import Edition
from reports.editions.printed_parts import PrintedFigure
from reports.explorer import cube, explorer_page
from reports.publishing.issue_report import CHANGES, EXPLORER, REPORT, WORKBOOK
from reports.released import report_model
from reports.released.report_model import Report
from reports.renderers import chart_files, workbook
from reports.renderers.story import story_manuscripts
from reports.renderers.typesetting import typeset
from tests.reports import leaking, withheld
from tests.reports.withheld import PLANTS

Forms = dict[str, dict[str, bytes]]
FEW, MANY, EDITION = 7.0, 12_345.0, "edition.json"
CHART, MAP = "charts/prt-01-chart", "charts/four-ps-governorate-prt-01-map"


@pytest.mark.parametrize("name", PLANTS)
def test_no_byte_and_no_file_of_a_report_depends_on_what_is_withheld(
    withheld_home: Home, withheld_forms: Forms, name: str
):
    """The figures under marks are few, many, or differ from place to place in one order and in the other."""
    found = withheld.files(withheld_home, withheld.read(withheld_home, PLANTS[name]), "en")
    told = withheld_forms["en"]
    assert {file.rpartition(".")[2] for file in told} == {"html", "json", "svg", "png", "csv", "pdf", "xlsx", "pptx"}
    assert list(found) == list(told)
    assert {file: len(data) for file, data in found.items()} == {file: len(data) for file, data in told.items()}
    assert [file for file, data in found.items() if data != told[file]] == []


@pytest.mark.parametrize("tag", languages())
def test_no_word_of_any_language_depends_on_what_is_withheld(withheld_home: Home, tag: str):
    """A dual or a plural would tell two from three: all that renderers are given is the same."""
    words, honest = Words.load(tag), withheld.read(withheld_home)
    told, shown = edition(honest, words), cube.cube(honest, words, [tag])
    for plant in PLANTS.values():
        report = withheld.read(withheld_home, plant)
        assert edition(report, words) == told
        assert cube.cube(report, words, [tag]) == shown


def test_the_small_report_withholds_in_every_kind_of_place(withheld_forms: Forms):
    told = withheld_forms["en"]
    for name in ("index.html", "children-first.html", "PRT-01.html", f"{CHART}.svg", f"{MAP}.svg"):
        assert "[c]" in told[name].decode("utf-8")
    for name in (f"{CHART}.csv", f"{MAP}.csv"):
        marks = [line["mark"] for line in csv.DictReader(io.StringIO(told[name].decode("utf-8")))]
        assert "c" in marks
    lines = list(csv.DictReader(io.StringIO(told[CHANGES].decode("utf-8"))))
    assert sum(int(line["newly_hidden"]) for line in lines) == 1


Leak = Callable[[pytest.MonkeyPatch, float], None]
LEAKS: Mapping[str, tuple[Leak, str]] = {
    "the order of rows in the workbook": (leaking.by_size, WORKBOOK),
    "the order of rows on a page": (leaking.by_size, EDITION),
    "the classes of a map": (leaking.classes_reach, f"{MAP}.svg"),
    "the classes of the explorer": (leaking.classes_reach, EXPLORER),
    "a share of it": (leaking.share_is_told, EDITION),
    "the scale of a chart": (leaking.scale_reaches, f"{CHART}.svg"),
    "the picture of a chart": (leaking.scale_reaches, f"{CHART}.png"),
    "the scale of a printed chart": (leaking.scale_reaches, REPORT),
    "what is said aloud of a chart": (leaking.is_said_aloud, f"{CHART}.svg"),
    "what is said aloud in print": (leaking.is_said_aloud, REPORT),
    "the size of the workbook": (leaking.is_as_wide, WORKBOOK),
    "whether a file is there": (leaking.file_is_there, ""),
}


@pytest.mark.parametrize("way", LEAKS)
def test_every_way_out_is_seen_where_a_renderer_leaks_on_purpose(withheld_home: Home, way: str):
    leak, file = LEAKS[way]
    told: list[object] = []
    for under in (FEW, MANY):
        with pytest.MonkeyPatch.context() as patch:
            leak(patch, under)
            told.append(_one_form(withheld.read(withheld_home), file))
    assert told[0] != told[1]


def _one_form(report: Report, file: str) -> object:
    """One file of a report, or the names of those beside its charts; every page is made from its edition alone."""
    words = Words.load("en")
    if file == EXPLORER:
        return explorer_page.render(cube.cube(report, words, ["en"]))
    told = edition(report, words)
    if file == WORKBOOK:
        return workbook.render(told)
    if file == REPORT:
        return typeset(story_manuscripts.booklet(told))
    if file == EDITION:
        return told.model_dump_json()
    blocks = [one for one in arrangement.drawings(told) if one.id in file or not file]
    files = chart_files.files([(block, chart_files.draw_block(block, told, 290, 230)) for block in blocks])
    return files[file] if file else sorted(files)


def test_rows_that_are_read_as_they_lie_tell_of_what_they_hide(withheld_home: Home, monkeypatch: pytest.MonkeyPatch):
    """The attack, seen succeeding where the model reads releases as they lie.

    What compares releases, or asks which years may be compared, reads rows and no cells.
    """
    monkeypatch.setattr(report_model, "drop_hidden", pd.DataFrame.copy)
    reports = [withheld.read(withheld_home, PLANTS[name]) for name in ("few", "falling")]
    lines = [sum(line.revised for release in one.releases for line in changed_cells(release)) for one in reports]
    ages = [[arrival_ages(release) for release in one.releases] for one in reports]
    assert lines[0] < lines[1]
    assert ages[0] != ages[1]
    assert trends(reports[0]) != trends(reports[1])


@pytest.mark.parametrize("mark", ["c", "x", "n", "low"])
def test_an_edition_cannot_hold_a_figure_under_a_mark_and_its_refusal_does_not_say_it(mark: str):
    for hidden in ({"value": MANY}, {"text": "12345"}):
        with pytest.raises(ValidationError) as refused:
            PrintedFigure.model_validate({"mark": mark, **hidden})
        assert "12345" not in str(refused.value)
    assert PrintedFigure(mark=mark, sign=f"[{mark}]").value is None
    assert PrintedFigure(mark="p", sign="[p]", text="12,345", value=MANY).value == MANY


def test_a_written_edition_with_a_figure_under_a_mark_is_not_read(withheld_forms: Forms):
    data = withheld_forms["en"]["edition.json"].decode("utf-8")
    leaky = data.replace('"mark":"c","sign":"[c]","value":null', '"mark":"c","sign":"[c]","value":12345.0', 1)
    assert leaky != data
    assert Edition.model_validate_json(data)
    with pytest.raises(ValidationError):
        Edition.model_validate_json(leaky)
