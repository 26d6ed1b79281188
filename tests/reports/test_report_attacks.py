"""The attacks of `docs/disclosure_attacks.md` on every form of a report: each seen succeeding, then run on ours.

Here: what a reader can reckon or read out of the files of a small report in which figures are withheld, in every
language. That no byte depends on a withheld figure is in `test_report_leaks.py`; the same attacks on the report of a
whole demo are in `tests/end_to_end/test_attacks_on_releases.py`.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import cache

import pikepdf
import pytest

from expectations.cards.cells import LATE_CASES
from expectations.gate.text_in_files import hidden_places
from ingestion.home import Home
from languages.words import Words, languages
from methods.disclosure.attacks.table_arrangement import hidden_by_order, overlapping_periods
from reports.answers.law_duties import ARTICLES
from reports.chapters.build_edition import edition
from reports.chapters.picture_blocks.age_picture import age_pyramid
from reports.editions.edition import Chapter, ChartBlock, ChartSeries, Edition, Paragraph, TableBlock
from reports.editions.printed_parts import PictureRow, PrintedFigure
from reports.explorer import cube, explorer_page
from reports.phrases import wording
from reports.publishing import issue_report
from reports.publishing.issue_report import EXPLORER, REPORT, WORKBOOK
from reports.released import report_model
from reports.released.report_model import Report
from reports.renderers import charts, pictures, workbook
from reports.renderers.placed_marks import Marks
from reports.renderers.story import story_manuscripts
from reports.renderers.typesetting import typeset
from tests.expectations.gate.numbers_in_text import normalise_text, released_figures
from tests.reports import leaking, printed_forms, reckoned, withheld
from tests.reports.printed_attacks import (
    differing,
    figures,
    learnt_from_bars,
    learnt_from_classes,
    learnt_from_drawing,
    learnt_from_marks,
    learnt_from_order,
    learnt_from_shares,
    learnt_from_words,
    map_rates,
)
from tests.reports.printed_forms import COUNTS, Grid, beside, grids

Forms = dict[str, dict[str, bytes]]
UNDER = 12_345
PICTURE = "identified-by-age-and-sex.svg"
OPERANDS = {"PRT-03": {"derived": {"SHARE": ["PRT-03/NUMERATOR", "PRT-01/COUNT"]}}}
# Numbers that stand for no person: the 4Ps, the licence, indicators of a demand, changed cells, cases of a year anew.
CONSTANTS = {"4", "4.0", "3", "16", "32", str(LATE_CASES)}
TAGS = languages()


@pytest.fixture(scope="module")
def report(withheld_home: Home) -> Report:
    return withheld.read(withheld_home)


@pytest.fixture(scope="module")
def allowed(report: Report) -> set[str]:
    """Numbers that may stand anywhere."""
    frames = [one.frame for one in report.releases]
    return released_figures(frames) | map_rates(frames) | CONSTANTS | reckoned.percents(report)


@pytest.fixture(scope="module")
def sentences(report: Report) -> Callable[[str], list[str]]:
    """The sentences of a language whose numbers are known, and may stand nowhere else."""

    @cache
    def known(tag: str) -> list[str]:
        words = Words.load(tag)
        return reckoned.sentences(report, edition(report, words), words)

    return known


def _by_size(grid: Grid, column: int) -> Grid:
    """The table as it would be printed by one who sorts it by true figures; 12 persons are under every mark."""

    def size(row: tuple[str, tuple[str, ...]]) -> float:
        return -float(row[1][column]) if row[1][column].isdigit() else -12.0

    return replace(grid, rows=tuple(sorted(grid.rows, key=size)))


def test_attack_13_rows_that_stand_by_size_tell_of_a_withheld_one(withheld_forms: Forms):
    found = next(one for one in grids(withheld_forms["en"]) if one.heading == "Governorate" and "[c]" in str(one.rows))
    leaky = [_by_size(found, column) for column in (0, 1)]
    values = [float(row[1]) if row[1].isdigit() else None for _, row in leaky[1].rows]
    assert set(hidden_by_order(values)) == {(10, 15)}
    assert learnt_from_order(leaky)


@pytest.mark.parametrize("tag", TAGS)
def test_attack_13_no_form_sorts_by_its_figures(withheld_forms: Forms, tag: str):
    found = list(grids(withheld_forms[tag]))
    forms = {"csv" if one.file.endswith(".csv") else one.file for one in found}
    assert {"csv", EXPLORER, WORKBOOK, "index.html", "PRT-01.html"} <= forms
    assert learnt_from_order(found) == []


def _drawn(shape: charts.Shape, *, has_bar: bool) -> str:
    """A chart of three years: of the second, which is withheld, its bar is drawn, or its scale made for it."""
    told = [
        PrintedFigure(text="40", value=40.0),
        PrintedFigure.model_construct(mark="c", sign="[c]", value=70.0),
        PrintedFigure(text="50", value=50.0),
    ]
    years = ("2023", "2024", "2025")
    block = ChartBlock(
        id="leaky", shape=shape, title="", alternative="", years=years, year_labels=years, table="",
        series=(ChartSeries.model_construct(name="", figures=tuple(told), broken_before=()),),
    )  # fmt: skip
    with pytest.MonkeyPatch.context() as patch:
        if has_bar:
            leaking.bar_is_drawn(patch)
        else:
            leaking.scale_reaches(patch, 78.0)
        return charts.draw(block, Words.load("en"), width=300)


def _printed_tables(edition: Edition) -> dict[str, TableBlock]:
    tables = (block for chapter in edition.walk() for block in chapter.blocks if isinstance(block, TableBlock))
    return {table.id: table for table in tables if not table.earlier}


def _read(svg: str, printed: list[float]) -> set[float]:
    """What a ruler tells, to three digits."""
    return {float(f"{value:.3g}") for value in learnt_from_drawing(svg, printed)}


@pytest.mark.parametrize("shape", ["bar", "line"])
def test_attack_14_a_ruler_reads_a_withheld_figure_off_a_bar_and_off_a_scale(shape: charts.Shape):
    assert 70 in _read(_drawn(shape, has_bar=True), [40.0, 50.0])
    assert _read(_drawn(shape, has_bar=False), [40.0, 50.0]) == {80}


@pytest.mark.parametrize("tag", TAGS)
def test_attack_14_no_drawing_holds_more_than_the_figures_beside_it(withheld_forms: Forms, tag: str):
    files = withheld_forms[tag]
    drawings = [name for name in files if name.endswith(".svg") and not name.endswith(("-map.svg", PICTURE))]
    assert len(drawings) == 5
    for name in drawings:
        told = beside(files[name.replace(".svg", ".csv")])
        svg = files[name].decode("utf-8")
        assert learnt_from_drawing(svg, told) == []
        others = [one for one in told if one < max(told)]
        assert any(abs(one - max(told)) < 0.01 * max(told) for one in learnt_from_drawing(svg, others))


@pytest.mark.parametrize("tag", TAGS)
def test_attack_14_no_bar_of_a_picture_stands_for_a_withheld_figure(
    withheld_home: Home, withheld_forms: Forms, monkeypatch: pytest.MonkeyPatch, tag: str
):
    files, name = withheld_forms[tag], f"charts/{PICTURE}"
    told = beside(files[name.replace(".svg", ".csv")])
    assert wording.sign("c", Words.load(tag)) in files[name].decode("utf-8")
    assert learnt_from_bars(files[name].decode("utf-8"), told) == []
    honest = pictures._add_bar

    def leaking_bar(marks: Marks, row: PictureRow, figure: PrintedFigure, *place: float) -> float:
        true = {"mark": "", "value": 7.0} if figure.mark == "c" else {}
        return honest(marks, row, figure.model_copy(update=true), *place)

    monkeypatch.setattr(pictures, "_add_bar", leaking_bar)
    words = Words.load(tag)
    (block,) = age_pyramid(withheld.read(withheld_home), words)
    assert any(abs(one - 7) < 0.1 for one in learnt_from_bars(pictures.draw(block, words, width=510), told))


def test_classes_of_true_figures_tell_of_the_greatest_one(report: Report, monkeypatch: pytest.MonkeyPatch):
    leaking.classes_reach(monkeypatch, UNDER)
    words = Words.load("en")
    leaky = {
        "edition.json": edition(report, words).model_dump_json().encode(),
        EXPLORER: explorer_page.render(cube.cube(report, words, ["en"])),
    }
    assert ("four-ps-governorate-prt-01-map", 10_000) in learnt_from_classes(leaky)


@pytest.mark.parametrize("tag", TAGS)
def test_no_class_of_a_map_is_higher_than_its_printed_figures(withheld_forms: Forms, tag: str):
    assert [name for name in withheld_forms[tag] if name.endswith("-map.svg")]
    assert learnt_from_classes(withheld_forms[tag]) == []


def test_attack_12_a_share_beside_one_count_gives_the_other(report: Report, monkeypatch: pytest.MonkeyPatch):
    leaking.share_is_told(monkeypatch, under=315)
    key, release = leaking.SHARE, report.releases[0]
    leaky = replace(release, cells=report_model.cells_of(release.frame))
    page = explorer_page.render(cube.cube(replace(report, releases=(leaky,)), Words.load("en"), ["en"]))
    told = printed_forms.cells(page, leaky.dataset)
    assert learnt_from_shares(told, OPERANDS) == [key]
    count, share = told["PRT-03", "NUMERATOR", *key[2:]][0], told[key][0]
    assert count and share
    assert told["PRT-01", "COUNT", *key[2:]] == (None, "c")
    assert abs(count / share * 100 - 315) < 5  # the withheld base


@pytest.mark.parametrize("tag", TAGS)
def test_attacks_10_to_12_every_share_follows_from_two_counts_beside_it(
    withheld_forms: Forms, report: Report, tag: str
):
    for release in report.releases:
        told = printed_forms.cells(withheld_forms[tag][EXPLORER], release.dataset)
        assert any(key[1] == "SHARE" and value is not None for key, (value, _) in told.items())
        assert learnt_from_shares(told, OPERANDS) == []


@pytest.mark.parametrize("tag", TAGS)
def test_attacks_1_to_9_the_explorer_prints_released_cells_and_none_other(
    withheld_forms: Forms, report: Report, tag: str
):
    """Sums over a report are sums over the release behind it, which the joint audit of the gate attacked."""
    for release in report.releases:
        told = printed_forms.cells(withheld_forms[tag][EXPLORER], release.dataset)
        assert differing(told, release.cells) == []
        place = next(key for key, (value, _) in told.items() if value)
        assert differing({**told, place: (UNDER, "")}, release.cells) == [place]


def test_attack_20_periods_that_overlap_give_the_months_between(withheld_forms: Forms):
    columns = re.findall(r'"code":"(\d{4}[^"]*)"', withheld_forms["en"]["edition.json"].decode("utf-8"))
    years = [*columns, *printed_forms.cube(withheld_forms["en"][EXPLORER])["years"]]
    assert overlapping_periods([*years, "2025-S1"]) == [("2025", "2025-S1")]
    assert overlapping_periods(years) == []


def _marked(found: Iterable[Grid], mark: str, withheld: str) -> Iterable[Grid]:
    """The tables with another mark at the first withheld place of each; an explorer holds the code of a mark."""
    for one in found:
        rows = [(label, tuple(mark if text in (withheld, "[c]") and not place else text for text in row))
                for place, (label, row) in enumerate(one.rows)]  # fmt: skip
        yield replace(one, rows=tuple(rows))


@pytest.mark.parametrize("tag", TAGS)
def test_attack_22_one_mark_for_all_that_is_withheld_in_every_form(withheld_forms: Forms, tag: str):
    found = list(grids(withheld_forms[tag]))
    assert {
        file
        for file, mark in learnt_from_marks(_marked(found, "<5", wording.sign("c", Words.load(tag))))
        if mark == "<5"
    } >= {
        WORKBOOK,
        EXPLORER,
        "PRT-01.html",
        "charts/victims.svg",
        "charts/four-ps-governorate-prt-01-map.svg",
    }
    assert learnt_from_marks(found) == []


def test_attack_23_no_form_has_a_place_that_no_reader_sees(withheld_forms: Forms):
    files = withheld_forms["en"]
    ours = issue_report.unseen_texts(Edition.model_validate_json(files["edition.json"]))
    assert hidden_places(files, ours) == []
    for name in ("index.html", "search.html", EXPLORER, "charts/victims.svg", "charts/victims.png", REPORT, WORKBOOK,
                 "charts/victims.csv", issue_report.CHANGES, issue_report.SLIDES):  # fmt: skip
        leaky = hidden_places({**files, name: _with_hidden(name, files[name])}, ours)
        assert {file for file, _ in leaky} == {name}


def _with_hidden(name: str, data: bytes) -> bytes:
    """A file of a report with a figure where no reader looks."""
    sink = io.BytesIO()
    if name == REPORT:
        with pikepdf.open(io.BytesIO(data)) as book:
            book.attachments["true.txt"] = b"12345"
            book.save(sink)
        return sink.getvalue()
    if name in (WORKBOOK, issue_report.SLIDES):
        sink.write(data)
        with zipfile.ZipFile(sink, "a") as book:
            book.writestr("docProps/custom.xml", "<p>12345</p>")
        return sink.getvalue()
    if name.endswith(".csv"):
        return data + b",".join([b"1"] * 12) + b",12345\n"
    return data + (b"12345" if name.endswith(".png") else b"<!-- 12345 -->")


@pytest.mark.parametrize("tag", TAGS)
def test_attack_24_every_number_of_every_form_is_a_released_figure_or_a_constant(
    withheld_forms: Forms, allowed: set[str], sentences: Callable[[str], list[str]], tag: str
):
    assert learnt_from_words(withheld_forms[tag], Words.load(tag), allowed, sentences(tag)) == []


@pytest.mark.parametrize("tag", TAGS)
def test_attack_24_how_many_duties_have_one_answer_follows_from_the_duties_beside_it(withheld_forms: Forms, tag: str):
    told = Edition.model_validate_json(withheld_forms[tag]["edition.json"])
    monitor = told.monitor
    assert monitor is not None
    assert tuple(article.key for article in monitor.articles) == ARTICLES
    judged = [duty for article in monitor.articles for duty in article.duties if not duty.note]
    counted = Counter((answer.place, answer.state) for duty in judged for answer in duty.answers)
    printed = [(count.text, tuple(map(str, count.numbers))) for count in monitor.counts]
    assert {
        (place, count.state): number
        for count in monitor.counts
        for place, number in zip(monitor.places, count.numbers, strict=True)
    } == counted
    forms = [list(grid.rows) for grid in grids(withheld_forms[tag]) if grid.table == COUNTS]
    (rows,) = (group.rows for group in _printed_tables(told)[COUNTS].groups)
    forms.append([(row.label, tuple(normalise_text(cell.text) for cell in row.cells)) for row in rows])
    assert forms == [printed] * 3  # on the page, in the workbook, in the data of the edition
    (everything,) = (grid.rows for grid in grids(withheld_forms[tag]) if grid.table == "everything")
    listed = [cell for label, row in everything if label.startswith(COUNTS) for cell in row if cell.isdigit()]
    assert listed == [number for _, numbers in printed for number in numbers]


@pytest.mark.parametrize(
    "name", ["index.html", "PRT-01.html", "charts/victims.svg", "charts/victims.csv", "edition.json", EXPLORER]
)
def test_attack_24_a_figure_that_is_told_instead_of_its_mark_is_found(
    withheld_forms: Forms, allowed: set[str], sentences: Callable[[str], list[str]], name: str
):
    data, words = withheld_forms["en"][name], Words.load("en")
    marked = b",c\n" if name.endswith(".csv") else b"withheld" if name == EXPLORER else b"[c]"
    for said, number in ((b"12345", "12345"), (b"seven of them", "7")):
        leaky = data.replace(marked, marked[:1] + said + b"\n" if marked.endswith(b"\n") else said)
        assert set(learnt_from_words({name: leaky}, words, allowed, sentences("en"))) == {number}


def _leaking(chapter: Chapter) -> Chapter:
    """The chapter with a true figure in a note."""
    return chapter.model_copy(update={"blocks": (*chapter.blocks, Paragraph(text=f"In truth {UNDER}.", tone="note"))})


def test_attack_24_a_figure_in_the_workbook_or_aloud_in_print_is_found(
    report: Report, allowed: set[str], sentences: Callable[[str], list[str]], monkeypatch: pytest.MonkeyPatch
):
    words = Words.load("en")
    told = edition(report, words)
    leaky = told.model_copy(update={"chapters": tuple(map(_leaking, told.chapters))})
    printed = {WORKBOOK: workbook.render(leaky)}
    assert set(learnt_from_words(printed, words, allowed, sentences("en"))) == {str(UNDER)}
    leaking.is_said_aloud(monkeypatch, UNDER)
    assert set(
        learnt_from_words({REPORT: typeset(story_manuscripts.booklet(edition(report, words)))}, words, allowed)
    ) == {str(UNDER)}


def test_attack_26_every_form_prints_the_same_figures_in_every_language(withheld_forms: Forms):
    found = {tag: figures(files, Words.load(tag)) for tag, files in withheld_forms.items()}
    assert {WORKBOOK, EXPLORER, REPORT, "index.html", "charts/victims.svg", "charts/victims.csv"} <= set(found["en"])
    for tag in TAGS:
        assert [name for name, told in found["en"].items() if found[tag].get(name) != told] == []
    leaky = withheld_forms["ckb"]["PRT-01.html"].decode("utf-8").replace(">٢٧٠<", ">٢٧١<", 1)
    told = figures({"PRT-01.html": leaky.encode("utf-8")}, Words.load("ckb"))["PRT-01.html"]
    assert normalise_text("٢٧١") in told
    assert told != found["en"]["PRT-01.html"]
