"""The dictionary: everything that a card or a code list says is in it, every link leads somewhere and back."""

from __future__ import annotations

import csv
import dataclasses
import json
import re
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest

from assets import dbt_events
from expectations.cards.codes import SEEDS
from expectations.cards.dataset_card import dataset_names
from expectations.cards.indicator_card import indicators
from expectations.cards.series_breaks import read_breaks
from expectations.dictionary import dictionary_cards
from expectations.dictionary.dictionary_entries import KINDS, DictionaryEntry, EntryLink, anchor, invert_links
from expectations.dictionary.dictionary_page import page
from ingestion.cards.source_card import code_lists, load_codes, load_shape, shape_names, source_names
from ingestion.home import Home
from languages.words import Words, languages
from marsad.command import main

_NO_CODE_LISTS = {"population", "source_precedence"}


@pytest.fixture(scope="module")
def home(parsed_home: Callable[[], Home]) -> Home:
    """A home in which dbt has parsed the project, and no more."""
    return parsed_home()


@pytest.fixture(scope="module")
def entries(home: Home) -> list[DictionaryEntry]:
    return dictionary_cards.entries(home)


@pytest.fixture(scope="module")
def pages(entries: list[DictionaryEntry]) -> dict[str, str]:
    return {tag: page(entries, Words.load(tag), languages()).html for tag in languages()}


def _anchors(html: str) -> list[str]:
    return re.findall(r'\bid="([^"]+)"', html)


def _indicators_in(html: str) -> set[str]:
    return {one for one in _anchors(html) if re.fullmatch(r"indicator-[a-z]{3}-\d\d", one)}


def _codes(seed: str) -> list[str]:
    with (SEEDS / f"{seed}.csv").open(encoding="utf-8", newline="") as stream:
        return [row["code"] for row in csv.DictReader(stream)]


@pytest.mark.parametrize("tag", languages())
def test_every_link_of_a_page_leads_to_a_place_that_is_there_once(pages: dict[str, str], tag: str):
    anchors = _anchors(pages[tag])
    inside = set(re.findall(r'href="#([^"]+)"', pages[tag]))
    outside = set(re.findall(r'href="([^#"][^"]*)"', pages[tag]))
    assert len(anchors) == len(set(anchors))
    assert len(inside) > len(_indicators_in(pages[tag]))
    assert inside <= set(anchors)
    assert outside == {f"dictionary.{other}.html" for other in languages() if other != tag}


@pytest.mark.parametrize("seed", sorted(path.stem for path in SEEDS.glob("*.csv") if path.stem not in _NO_CODE_LISTS))
def test_every_code_of_every_seed_has_its_place(pages: dict[str, str], seed: str):
    anchors = set(_anchors(pages["en"]))
    if seed == "caveat":
        wanted = {anchor("caveat", code) for code in _codes(seed)}
    elif seed == "cust_breakdown":
        with (SEEDS / f"{seed}.csv").open(encoding="utf-8", newline="") as stream:
            rows = list(csv.DictReader(stream))
        wanted = {f"{anchor('released_codes', row['list'])}.{row['code']}" for row in rows}
    else:
        wanted = {f"{anchor('released_codes', seed)}.{code}" for code in _codes(seed)}
    assert wanted
    assert wanted <= anchors


def test_every_indicator_dataset_source_shape_and_received_code_has_its_place(home: Home, pages: dict[str, str]):
    known = indicators(home)
    assert _indicators_in(pages["en"]) == {anchor("indicator", code) for code in known}
    wanted = {anchor("dataset", name) for name in dataset_names()} | {
        anchor("break", one.code) for one in read_breaks()
    }
    wanted |= {anchor("source", name) for name in source_names()}
    wanted |= {f"{anchor('shape', name)}.{field}" for name in shape_names() for field in load_shape(name).fields}
    wanted |= {f"{anchor('received_codes', name)}.{code}" for name in code_lists() for code in load_codes(name)}
    assert wanted <= set(_anchors(pages["en"]))


def test_an_indicator_shows_all_that_its_card_says_and_its_sql(
    home: Home, entries: list[DictionaryEntry], pages: dict[str, str]
):
    card = indicators(home)["PRT-03"]
    entry = next(one for one in entries if one.code == "PRT-03")
    linked = {(link.kind, link.code) for link in entry.links}
    assert {("caveat", name) for name in card.caveats} <= linked
    assert {("dataset", name) for name in card.datasets} <= linked
    assert {("dimension", name) for name in card.dimensions} <= linked
    assert {("source", name) for name in card.holders} <= linked
    assert {("unit", "VICTIM"), ("indicator", "PRT-01"), ("article", "L28_2012 Art. 1")} <= linked
    assert [one.name for one in entry.facts] == [
        "definition", "numerator", "denominator", "unit", "basis", "level", "holders", "demand", "article", "analogue",
        "dimensions", "caveats", "datasets", "relation", "derived", "model",
    ]  # fmt: skip
    assert "{{ indicator(" in entry.sql
    shown = re.search(r'<section id="indicator-prt-03".*?</section>', pages["en"], re.DOTALL)
    assert shown
    assert card.numerator.replace("'", "&#39;") in shown[0]
    assert "is_identified" in shown[0]


def test_every_link_between_entries_has_its_way_back(entries: list[DictionaryEntry]):
    back = invert_links(entries)
    known = {EntryLink(entry.kind, entry.code) for entry in entries}
    assert len(known) == len(entries)
    for entry in entries:
        own = EntryLink(entry.kind, entry.code)
        assert set(entry.links) <= known, entry.code
        assert all(own in back[link] for link in entry.links if link != own)


@pytest.mark.parametrize("kind", ["indicator", "dataset", "dimension", "unit", "caveat", "article"])
def test_the_way_back_stands_on_the_page(entries: list[DictionaryEntry], pages: dict[str, str], kind: str):
    assert kind in KINDS
    back = invert_links(entries)
    for link, names in back.items():
        if link.kind == kind:
            section = (
                pages["ckb"].partition(f'<section id="{anchor(link.kind, link.code)}"')[2].partition("</section>")[0]
            )
            assert all(f'href="#{anchor(one.kind, one.code)}"' in section for one in names), link.code


@pytest.mark.parametrize("tag", languages())
def test_a_page_has_no_script_and_fetches_nothing(pages: dict[str, str], tag: str):
    html = pages[tag]
    assert f'<html lang="{tag}" dir="{Words.load(tag).direction}">' in html
    assert "default-src 'none'" in html
    assert re.search(r"<script|<link|<img|<iframe|\ssrc=|\son\w+=|url\(", html.partition("<main>")[0]) is None
    body = "<main>" + html.partition("<main>")[2].partition("</main>")[0] + "</main>"
    tags = {element.tag for element in ElementTree.fromstring(body).iter()}  # noqa: S314 - our own page
    plain = "main section h2 h3 dl div dt dd a bdi code span table tbody tr th td details summary pre p"
    assert tags <= set(plain.split())


def test_what_a_language_lacks_stands_in_english_and_is_counted(entries: list[DictionaryEntry]):
    assert page(entries, Words.load("en"), languages()).gaps == ()
    whole = Words.load("ar")
    made = page(entries, whole, languages())
    assert "statistics section of the directorate" in made.gaps
    assert made.html.count('class="gap"') >= len(made.gaps)
    lacking = {key: one for key, one in whole.messages.items() if key not in ("indicator.prt_02.title", "unit.VICTIM")}
    poorer = page(entries, dataclasses.replace(whole, messages=lacking), languages())
    english = Words.load("en")
    assert set(poorer.gaps) - set(made.gaps) == {english.text("indicator.prt_02.title"), english.text("unit.VICTIM")}
    assert whole.text("dictionary.gaps", count=len(poorer.gaps)) in poorer.html


def test_the_words_of_an_indicator_are_those_of_its_card(home: Home):
    words = Words.load("en")
    for code, card in indicators(home).items():
        key = f"indicator.{code.lower().replace('-', '_')}"
        assert words.text(f"{key}.numerator") == card.numerator
        if card.denominator not in (None, "none"):
            assert words.text(f"{key}.denominator") == card.denominator


def test_an_indicator_without_words_of_its_own_says_its_numerator_in_english(entries: list[DictionaryEntry]):
    lost = "indicator.prt_02.numerator"
    english = Words.load("en")
    for tag in languages():
        whole = Words.load(tag)
        lacking = {key: one for key, one in whole.messages.items() if key != lost}
        poorer = page(entries, dataclasses.replace(whole, messages=lacking), languages())
        assert (english.text(lost) in poorer.gaps) == (tag != "en")


def test_the_command_writes_one_page_a_language_and_says_what_is_missing(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    def copied(other: Home) -> None:
        shutil.copytree(home.dbt_target, other.dbt_target)

    monkeypatch.setattr(dbt_events, "prepare_manifest", copied)
    monkeypatch.setenv("MARSAD_HOME", str(tmp_path / "no_home"))
    monkeypatch.setattr(sys, "argv", ["marsad", "dictionary", "-o", str(tmp_path / "out"), "--json"])
    with pytest.raises(SystemExit) as left:
        main()
    told = json.loads(capsys.readouterr().out)
    assert not left.value.code
    assert [one["language"] for one in told] == languages()
    assert {one["language"]: one["gaps"] > 0 for one in told} == {"en": False, "ar": True, "ckb": True}
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        f"dictionary.{tag}.html" for tag in sorted(languages())
    ]
    assert not (tmp_path / "no_home").exists()
