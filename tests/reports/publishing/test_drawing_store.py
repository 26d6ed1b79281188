"""An unchanged chart is drawn once: the next report takes it from the home, and a changed one is drawn anew."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import vl_convert

from ingestion.home import Home
from reports.editions.edition import ChartBlock
from reports.editions.printed_parts import PrintedFigure
from reports.explorer import explorer_page
from reports.publishing import prints_apart
from reports.publishing.drawing_store import reuse_drawings
from reports.renderers import charts, fonts
from reports.renderers.typesetting import Manuscript
from tests.reports.invented_editions import invented

EDITION = invented()
CHART = next(block for chapter in EDITION.walk() for block in chapter.blocks if isinstance(block, ChartBlock))


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home.at(tmp_path).open(invented=True)


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was asked of the program that draws."""
    asked: list[str] = []
    for name in ("vegalite_to_svg", "svg_to_png"):
        real: Any = getattr(vl_convert, name)

        def counted(*given: object, name: str = name, real: Any = real, **more: object) -> object:  # noqa: ANN401
            asked.append(name)
            return real(*given, **more)

        monkeypatch.setattr(vl_convert, name, counted)
    return asked


def issued(home: Home, *charts_of: ChartBlock, language: str = "en") -> list[bytes]:
    with reuse_drawings(home, language):
        return [charts.png_on_white(charts.draw(chart, EDITION, width=300)) for chart in charts_of]


def changed(chart: ChartBlock) -> ChartBlock:
    first, *rest = chart.series
    figures = (PrintedFigure(text="1,285", value=1285), *first.figures[1:])
    return chart.model_copy(update={"series": (first.model_copy(update={"figures": figures}), *rest)})


def test_a_chart_that_stands_in_two_forms_is_drawn_once(home: Home, calls: list[str]):
    first, second = issued(home, CHART, CHART)
    assert first == second
    assert calls == ["vegalite_to_svg", "svg_to_png"]


def test_the_next_report_draws_only_what_changed(home: Home, calls: list[str]):
    before = issued(home, CHART)
    calls.clear()
    assert issued(home, CHART) == before
    assert calls == []
    after = issued(home, CHART, changed(CHART))
    assert after[0] == before[0] != after[1]
    assert calls == ["vegalite_to_svg", "svg_to_png"]


def test_languages_whose_drawings_are_the_same_share_them_whatever_they_call_the_chart(home: Home, calls: list[str]):
    first = issued(home, CHART, language="ar")
    calls.clear()
    assert issued(home, CHART.model_copy(update={"alternative": "بە کوردی"}), language="ckb") == first
    assert calls == []
    assert issued(home, changed(CHART), language="ckb") != first


def test_a_cut_font_and_the_program_of_the_explorer_are_kept_as_well(home: Home, monkeypatch: pytest.MonkeyPatch):
    with reuse_drawings(home, "en"):
        made = fonts.embed_font("kept", 400), explorer_page.bundle()
    monkeypatch.setattr(fonts, "_cut_font", None)
    monkeypatch.setattr(explorer_page, "_bundle_bytes", None)
    with reuse_drawings(home, "ar"):
        assert (fonts.embed_font("kept", 400), explorer_page.bundle()) == made


def test_a_chart_that_the_last_report_did_not_show_is_kept_no_longer(home: Home, calls: list[str]):
    issued(home, CHART)
    issued(home, changed(CHART))
    calls.clear()
    issued(home, CHART)
    assert calls == ["vegalite_to_svg", "svg_to_png"]


@pytest.mark.parametrize("harm", ["changed", "without its seal", "cut off"])
def test_drawings_that_are_not_ours_are_drawn_anew(home: Home, calls: list[str], harm: str):
    before = issued(home, CHART)
    kept = home.build / "drawings" / "en.zip"
    data = kept.read_bytes()
    if harm == "changed":
        kept.write_bytes(data.replace(b"IDAT", b"IDOT"))
    elif harm == "cut off":
        kept.write_bytes(data[: len(data) // 2])
    else:
        kept.with_name("en.zip.seal").unlink()
    calls.clear()
    assert issued(home, CHART) == before
    assert calls == ["vegalite_to_svg", "svg_to_png"]


def test_a_report_that_breaks_keeps_nothing(home: Home):
    with pytest.raises(ZeroDivisionError), reuse_drawings(home, "en"):
        charts.png_on_white(charts.draw(CHART, EDITION, width=300))
        raise ZeroDivisionError
    assert not (home.build / "drawings").exists()


def test_kept_drawings_are_for_their_owner_alone(home: Home):
    issued(home, CHART)
    folder = home.build / "drawings"
    assert folder.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}


@pytest.fixture
def prints_set(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The prints that Typst was asked for."""
    asked: list[str] = []

    def set_apart(manuscripts: dict[str, Manuscript], *_: object) -> Callable[[], dict[str, bytes]]:
        asked.extend(manuscripts)
        return lambda: {name: b"set: " + one.files["main"] for name, one in manuscripts.items()}

    monkeypatch.setattr(prints_apart, "typeset_apart", set_apart)
    return asked


def printed(home: Home, **texts: bytes) -> dict[str, bytes]:
    manuscripts = {name: Manuscript({"main": text}, datetime.date(2026, 3, 1), False) for name, text in texts.items()}
    with reuse_drawings(home, "en"):
        return prints_apart.begin_prints(manuscripts)()


def test_a_print_of_which_nothing_changed_is_not_set_again(home: Home, prints_set: list[str]):
    first = printed(home, monitor=b"duties", report=b"a word")
    assert printed(home, monitor=b"duties", report=b"another word") == {
        "monitor": first["monitor"],
        "report": b"set: another word",
    }
    assert prints_set == ["monitor", "report", "report"]
    assert printed(home, monitor=b"duties", report=b"another word")["report"] == b"set: another word"
    assert prints_set == ["monitor", "report", "report"]


CHANGES: list[Callable[[Manuscript], Manuscript]] = [
    lambda one: replace(one, files={"main": b"Tables"}),
    lambda one: replace(one, files={"main": b"tables", "chart.svg": b""}),
    lambda one: replace(one, files={"other": b"tables"}),
    lambda one: replace(one, day=datetime.date(2026, 3, 2)),
    lambda one: replace(one, is_right_to_left=True),
]


@pytest.mark.parametrize("change", CHANGES)
def test_whatever_changes_in_a_manuscript_is_another_print(change: Callable[[Manuscript], Manuscript]):
    one = Manuscript({"main": b"tables"}, datetime.date(2026, 3, 1), False)
    assert one.shows() == replace(one).shows() != change(one).shows()
