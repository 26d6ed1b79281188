"""The edition: what stands in it is released, the same in every language, and finished."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import TypeVar

import pytest

from expectations.cards.population import residents
from languages.catalogue import Message
from languages.words import Words
from reports.chapters import build_edition
from reports.editions.edition import Chapter, ChartBlock, Edition, MapBlock, TableBlock
from reports.editions.printed_parts import PictureBlock, PrintedFigure
from reports.phrases.spoken import words_of_edition
from reports.released.report_model import Report

Kind = TypeVar("Kind")
LANGUAGES = ("en", "ar", "ckb")


@pytest.fixture(scope="session")
def editions(report: Report) -> dict[str, Edition]:
    return {tag: build_edition.edition(report, Words.load(tag)) for tag in LANGUAGES}


def blocks(edition: Edition, kind: type[Kind]) -> list[Kind]:
    return [block for chapter in edition.walk() for block in chapter.blocks if isinstance(block, kind)]


def figures(edition: Edition) -> list[PrintedFigure]:
    tables = [cell for block in blocks(edition, TableBlock) for group in block.groups
              for row in group.rows for cell in row.cells]  # fmt: skip
    charts = [one for block in blocks(edition, ChartBlock) for line in block.series for one in line.figures]
    maps = [place.figure for block in blocks(edition, MapBlock) for place in block.places]
    pictures = [one for block in blocks(edition, PictureBlock) for row in block.rows for one in row.figures]
    return [*tables, *charts, *maps, *pictures]


def ids(edition: Edition) -> list[str]:
    kinds = (TableBlock, ChartBlock, MapBlock, PictureBlock)
    inside = (block for chapter in edition.walk() for block in chapter.blocks)
    return [*(chapter.id for chapter in edition.walk()), *(one.id for one in inside if isinstance(one, kinds))]


def test_every_figure_with_a_value_is_a_released_one(report: Report, editions: dict[str, Edition]):
    released = {cell.value for release in report.releases for cell in release.cells.values() if cell.value is not None}
    told = [one for one in figures(editions["en"]) if one.value is not None]
    assert len(told) > 1000
    of_residents = [block for block in blocks(editions["en"], MapBlock) if block.id.endswith("-rate-map")]
    worked_out = {place.figure.value for block in of_residents for place in block.places}  # held to the counts below
    assert {one.value for one in told} <= released | worked_out | counts_of_duties(editions["en"])


def counts_of_duties(edition: Edition) -> set[float | None]:
    """Return how many duties have which answer: numbers of duties, not of persons (compared with their rows below)."""
    (table,) = (block for block in blocks(edition, TableBlock) if block.id == "law-28-counts")
    return {cell.value for group in table.groups for row in group.rows for cell in row.cells}


@pytest.mark.parametrize("tag", LANGUAGES)
def test_the_answers_to_duties_are_counted_from_the_rows_of_the_monitor(editions: dict[str, Edition], tag: str):
    monitor = editions[tag].monitor
    assert monitor is not None
    judged = [duty for article in monitor.articles for duty in article.duties if not duty.note]
    states = Counter((answer.state, answer.place) for duty in judged for answer in duty.answers)
    counted = {(count.state, place): number for count in monitor.counts
               for place, number in zip(monitor.places, count.numbers, strict=True) if number}  # fmt: skip
    assert counted == states
    (table,) = (block for block in blocks(editions[tag], TableBlock) if block.id == "law-28-counts")
    printed = {row.label: tuple(cell.value for cell in row.cells) for group in table.groups for row in group.rows}
    assert printed == {count.text: count.numbers for count in monitor.counts}


def test_a_rate_on_a_map_is_the_printed_count_beside_it_over_published_residents(editions: dict[str, Edition]):
    maps = {block.id: block for block in blocks(editions["en"], MapBlock)}
    rates = [name for name in maps if name.endswith("-rate-map")]
    assert rates
    for name in rates:
        year = maps[name].title[-4:]
        counts = {place.code: place.figure.value for place in maps[name.removesuffix("rate-map") + "map"].places}
        for place in maps[name].places:
            if place.figure.value is not None:
                people = residents()[place.code, year, "_T", "_T"]
                assert place.figure.value == round(counts[place.code] * 100_000 / people, 2)


def test_a_mark_that_stands_for_a_figure_has_no_value(editions: dict[str, Edition]):
    marked = [one for one in figures(editions["en"]) if one.mark in ("c", "x", "n", "low")]
    assert marked
    assert all(one.value is None and one.text == "" for one in marked)


def test_ids_are_unique_and_the_same_in_every_language(editions: dict[str, Edition]):
    found = {tag: ids(edition) for tag, edition in editions.items()}
    assert len(set(found["en"])) == len(found["en"]) > 50
    assert found["en"] == found["ar"] == found["ckb"]


def test_every_language_tells_the_same_values(editions: dict[str, Edition]):
    values = {tag: [(one.value, one.mark) for one in figures(edition)] for tag, edition in editions.items()}
    assert values["en"] == values["ar"] == values["ckb"]


@pytest.mark.parametrize("tag", LANGUAGES)
def test_an_edition_survives_its_json(editions: dict[str, Edition], tag: str):
    assert Edition.model_validate_json(editions[tag].model_dump_json()) == editions[tag]


@pytest.mark.parametrize("tag", LANGUAGES)
def test_a_chart_names_a_table_of_the_edition_that_holds_its_figures(editions: dict[str, Edition], tag: str):
    tables = {block.id: block for block in blocks(editions[tag], TableBlock)}
    charts = blocks(editions[tag], ChartBlock)
    assert len(charts) > 5
    for chart in charts:
        inside = [cell for group in tables[chart.table].groups for row in group.rows for cell in row.cells]
        if chart.id != "victims":
            assert {one.value for line in chart.series for one in line.figures} <= {one.value for one in inside} | {
                None
            }


@pytest.mark.parametrize("tag", LANGUAGES)
def test_nothing_in_an_edition_is_left_to_be_filled_in(editions: dict[str, Edition], tag: str):
    edition = editions[tag]
    assert {"contents", "table", "page", "notes"} <= set(edition.labels)
    assert all(edition.labels.values())
    said = edition.model_copy(update={"labels": {}}).model_dump_json()
    assert re.findall(r"\{[a-z_]+\}", said) == []


def test_sections_name_their_indicator(editions: dict[str, Edition]):
    sections = {chapter.id: chapter for chapter in editions["en"].walk()}
    assert sections["prt-01-section"].code == "PRT-01"
    assert isinstance(sections["protection"], Chapter)


NOT_READ = (
    "id", "code", "table", "years", "broken_before", "report", "date", "footer", "kind", "key", "demand", "leading"
)  # fmt: skip
_TOKEN = re.compile(
    r"[A-Z]{3}-[0-9]{2}|4Ps|\b[0-9]{6}-[0-9a-f]{12}\b|\b20[0-9]{2}-[0-9a-f]{8}\b"
)  # codes, versions, the number


@pytest.mark.parametrize("tag", ["ar", "ckb"])
def test_readers_of_arabic_digits_see_no_others_outside_codes_and_machine_texts(editions: dict[str, Edition], tag: str):
    def texts(part: object, name: str = "") -> Iterator[str]:
        if isinstance(part, dict):
            if not part.get("machine"):
                for key, value in part.items():
                    yield from texts(value, str(key))
        elif isinstance(part, list):
            for one in part:
                yield from texts(one, name)
        elif isinstance(part, str) and name not in NOT_READ:
            yield part

    said = list(texts(editions[tag].model_dump(mode="json")))
    assert len(said) > 1000
    assert [text for text in said if re.search("[0-9]", _TOKEN.sub("", text))] == []


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("لكل 100,000 من السكان", "لكل ١٠٠٬٠٠٠ من السكان"),
        ("القانون 28/2012، المادة 11(2)", "القانون ٢٨/٢٠١٢، المادة ١١(٢)"),
        ("فترة 95% و(4Ps) وPRT-02", "فترة ٩٥٪ و(4Ps) وPRT-02"),
        ("CC BY 4.0", "CC BY 4.0"),
        ("{first}–{last}", "{first}–{last}"),
    ],
)
def test_digits_that_a_translator_typed_are_those_of_the_language(typed: str, read: str):
    arabic = Words.load("ar")
    messages = {"some.key": Message("some.key", ("x",), (typed,))}
    places = {"first": "1 A", "last": "2 B"}
    plain, heard = (replace(arabic, messages=messages).text("some.key", **places),
                    words_of_edition(replace(arabic, messages=messages)).text("some.key", **places))  # fmt: skip
    assert heard == plain.replace(typed, read)
    assert words_of_edition(replace(arabic, messages=messages, numerals="latn")).text("some.key", **places) == plain
