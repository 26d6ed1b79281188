"""Maps show printed figures and nothing else, and never tell east from west by the language."""

from __future__ import annotations

import json
import re
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from languages.refusal import Refusal
from languages.words import Words
from reports.editions.edition import MapBlock
from reports.editions.printed_parts import PrintedFigure
from reports.renderers import maps, outlines
from reports.renderers.charts import HATCH_FILL
from tests.reports.invented_editions import invented


def block(language: str = "en", **figures: PrintedFigure) -> MapBlock:
    """Return the invented map in a language with its names, and with other figures for the places named."""
    found = next(one for chapter in invented(language).walk() for one in chapter.blocks if isinstance(one, MapBlock))
    words = Words.load(language)
    places = tuple(
        place.model_copy(
            update={"name": words.label("area", place.code), "figure": figures.get(place.code, place.figure)}
            | ({"level": -1} if place.code in figures else {})
        )
        for place in found.places
    )
    return found.model_copy(update={"places": places})


def drawn(found: MapBlock, language: str = "en", outline: Path | None = None) -> str:
    return maps.draw(found, invented(language), width=510, outline=outline)


def texts(svg: str) -> list[str]:
    return [text.strip("\u2067\u2069") for text in re.findall(r"<text[^>]*>([^<]*)</text>", svg)]


def test_a_tile_holds_the_name_and_the_figure_of_every_governorate():
    found = block()
    seen = texts(drawn(found))
    for place in found.places:
        assert maps.figure_text(place, found) in seen
        assert place.name in " ".join(seen)
    assert len(maps.TILES) == len(set(maps.TILES.values())) == len(found.places) == 19


def test_withheld_missing_and_low_are_told_apart_and_no_value_of_theirs_is_in_the_drawing():
    svg = drawn(
        block(
            IQG01=PrintedFigure(mark="c", sign="[c]"),
            IQG02=PrintedFigure(mark="x", sign="[x]"),
            IQG03=PrintedFigure(mark="low", sign="[low]", value=0),
        )
    )
    seen = texts(svg)
    assert {"[c]", "[x]", "[low]"} <= set(seen)
    assert HATCH_FILL not in svg
    withheld, missing = "[c] withheld to protect persons", "[x] no figure"
    assert {withheld, missing} <= set(seen)
    assert svg.count("url(#prt-01-map-510-hatch)") == 2  # the tile and the key


def test_a_tile_says_of_a_figure_that_rounds_to_zero_that_it_is_few_in_the_words_of_the_language():
    few = block("ar", IQG03=PrintedFigure(mark="low", sign="[low]", value=0)).model_copy(update={"few": "دون ٥"})
    seen = texts(drawn(few, "ar"))
    assert "دون ٥" in seen and "[low]" not in seen


def test_the_bytes_of_a_map_do_not_depend_on_a_value_that_is_withheld():
    hidden = (
        block(IQG05=PrintedFigure.model_construct(mark="c", sign="[c]", value=value)) for value in (None, 3.0, 9999.0)
    )
    assert len({drawn(one) for one in hidden}) == 1


def test_east_stays_east_from_right_to_left():
    def place(language: str, name: str) -> float:
        svg = drawn(block(language), language)
        found = re.search(rf"<text[^>]*translate\(([\d.]+),[\d.]+\)[^>]*>\W*{name}\W*</text>", svg)
        assert found
        return float(found[1])

    assert place("en", "Baghdad") == pytest.approx(place("ar", "بغداد"))  # pyright: ignore[reportUnknownMemberType]


def _contrast(first: str, second: str) -> float:
    """Return the contrast of two colours (WCAG 2.2, relative luminance)."""

    def luminance(colour: str) -> float:
        parts = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    low, high = sorted((luminance(first), luminance(second)))
    return (high + 0.05) / (low + 0.05)


def test_classes_grow_darker_and_figures_on_them_can_be_read():
    fills = [maps.colour(level, 5) for level in range(5)]
    on_white = [_contrast(fill, "#ffffff") for fill, _ in fills]
    assert on_white == sorted(on_white)
    assert all(later / earlier >= 1.25 for earlier, later in pairwise(on_white))
    assert all(_contrast(fill, ink) >= 4.5 for fill, ink in fills)
    assert [maps.colour(level, 2)[0] for level in range(2)] == [fills[0][0], fills[-1][0]]


def test_halabja_has_a_dotted_border():
    svg = drawn(block())
    assert svg.count('stroke-dasharray="2,3"') == 2  # the tile and the key


def square(left: float, bottom: float, **properties: str) -> dict[str, Any]:
    right, top = left + 1, bottom + 1
    ring = [[left, bottom], [right, bottom], [right, top], [left, top], [left, bottom]]
    return {"type": "Feature", "properties": properties, "geometry": {"type": "Polygon", "coordinates": [ring]}}


def written(folder: Path, *features: dict[str, Any]) -> Path:
    path = folder / "governorates.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    return path


def test_districts_are_joined_to_governorates_and_the_borders_between_them_dropped(tmp_path: Path):
    path = written(
        tmp_path,
        square(44, 33, ADM1_PCODE="IQG01", ADM2_PCODE="IQG01Q01"),
        square(45, 33, ADM1_PCODE="IQG01", ADM2_PCODE="IQG01Q02"),
        square(46, 33, ADM1_PCODE="IQG06", ADM2_PCODE="IQG06Q05"),
    )
    shapes, height = outlines.read_outlines(path, ["IQG01", "IQG06Q05"], 300)
    bottom = round(height)
    assert len(shapes["IQG01"].rings) == 1 and len(shapes["IQG01"].rings[0]) == 7
    assert shapes["IQG06Q05"].rings == [[(200, bottom), (300, bottom), (300, 0), (200, 0), (200, bottom)]]
    assert shapes["IQG01"].middle[0] == 100 and 0 < shapes["IQG01"].middle[1] < height


def test_an_outline_map_shows_every_place_of_a_file_that_names_them_all(tmp_path: Path):
    found = block()
    path = written(tmp_path, *(square(column, -row, code=code) for code, (column, row) in maps.TILES.items()))
    svg = drawn(found, outline=path)
    assert svg.count('stroke-width="1.2"') == 19
    assert {maps.figure_text(place, found) for place in found.places} <= set(texts(svg))


def test_a_file_that_lacks_a_place_or_is_none_is_refused(tmp_path: Path):
    with pytest.raises(Refusal, match="outline_incomplete"):
        outlines.read_outlines(written(tmp_path, square(44, 33, code="IQG01")), ["IQG01", "IQG02"], 300)
    endless, flat = square(44, 33, code="IQG01"), square(44, 33, code="IQG01")
    endless["geometry"]["coordinates"][0][1][0] = float("inf")
    flat["geometry"]["coordinates"] = [[[44, 33]] * 4]
    far = square(44, 33, code="IQG01")
    far["geometry"]["coordinates"][0][1][0] = 10**400
    for content in ("[]", "[" * 100_000, *(json.dumps({"features": [shape]}) for shape in (endless, flat, far))):
        (tmp_path / "broken.geojson").write_text(content, encoding="utf-8")
        with pytest.raises(Refusal, match="outline_unreadable"):
            outlines.read_outlines(tmp_path / "broken.geojson", ["IQG01"], 300)


def test_drawing_twice_gives_the_same_bytes():
    assert drawn(block("ar"), "ar") == drawn(block("ar"), "ar")
