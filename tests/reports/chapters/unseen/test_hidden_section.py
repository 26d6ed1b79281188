"""The section on victims whom no agency knows: every figure, every refusal and warning, in three languages."""

from __future__ import annotations

from dataclasses import replace

import pytest

from expectations.estimates.hidden_candidate import COUNT_CHANGED, COUNT_MISSING, LINKAGE_REASONS
from expectations.published.published_estimates import NOT_CARRIED, PlaceEstimate, ToldLinkage
from languages.numbers import percent
from languages.words import Words, languages
from methods.multiple_systems.hidden_part import WARNINGS
from methods.multiple_systems.told_estimate import ToldEstimate
from reports.chapters.unseen.estimate_sections import hidden_section
from reports.editions.edition import Chapter, ItemList, Paragraph, TableBlock
from reports.released.report_model import Report

NEVER_HERE = {"few_replicates"}  # the house draws a thousand
WARNED = tuple(sorted({*WARNINGS} - NEVER_HERE))
TOLD = PlaceEstimate(
    "IQ", "2024", observed=340, hidden=60, figures=ToldEstimate(400, 340, 500, 350, 470, 380, "stable", WARNED)
)
REASONS = (*LINKAGE_REASONS, NOT_CARRIED, COUNT_CHANGED, COUNT_MISSING)


def section(words: Words, *places: PlaceEstimate) -> Chapter:
    (found,) = hidden_section(Report((), (), is_invented=True, estimates=places), words)
    return found


@pytest.mark.parametrize("tag", languages())
def test_all_figures_of_the_set_stand_beside_the_count_and_each_warning_has_its_sentence(tag: str):
    words = Words.load(tag)
    found = section(words, TOLD)
    (table,) = [block for block in found.blocks if isinstance(block, TableBlock)]
    assert words.text("estimate.title").rstrip(".").lower() in table.caption.lower()
    ((row,),) = (group.rows for group in table.groups)
    assert [cell.value for cell in row.cells] == [340, 400, None, None, 60, 380, None]
    between = words.text("edition.hidden.between", lower=340, upper=500)
    assert row.cells[2].text == between
    assert row.cells[6].text == words.text("edition.hidden.stability.stable")
    (warned,) = [block for block in found.blocks if isinstance(block, ItemList)]
    assert len(warned.texts) == len(WARNED)


@pytest.mark.parametrize("tag", languages())
@pytest.mark.parametrize("reason", REASONS)
def test_each_refusal_has_its_sentence_and_prints_no_figure(tag: str, reason: str):
    words = Words.load(tag)
    found = section(words, PlaceEstimate("IQ", "" if reason == COUNT_MISSING else "2024", reason))
    assert not [block for block in found.blocks if isinstance(block, TableBlock)]
    (refused,) = [block for block in found.blocks if isinstance(block, ItemList)]
    assert words.text(f"edition.hidden.reason.{reason}") in refused.texts[0].replace("\u2068", "").replace("\u2069", "")


@pytest.mark.parametrize("stability", ["stable", "unstable", "not_asked"])
def test_the_estimate_without_a_list_is_a_word(stability: str):
    words = Words.load("en")
    assert TOLD.figures is not None
    one = replace(TOLD, figures=replace(TOLD.figures, stability=stability, warnings=()))
    (table,) = [block for block in section(words, one).blocks if isinstance(block, TableBlock)]
    assert table.groups[0].rows[0].cells[6].text == words.text(f"edition.hidden.stability.{stability}")


def test_a_home_that_never_estimated_has_no_section():
    assert list(hidden_section(Report((), (), is_invented=True), Words.load("en"))) == []


def _said(found: Chapter) -> str:
    return " ".join(block.text for block in found.blocks if isinstance(block, Paragraph))


@pytest.mark.parametrize("tag", languages())
@pytest.mark.parametrize(("agreed", "key"), [(None, "tokens"), (95, "read")])
def test_how_linkage_was_measured_stands_beside_the_estimate(tag: str, agreed: int | None, key: str):
    words = Words.load(tag)
    said = _said(section(words, replace(TOLD, linkage=ToldLinkage(92, agreed))))
    shares = {"recall": percent(0.92, words.numerals)} | ({"agreed": percent(0.95, words.numerals)} if agreed else {})
    assert words.text(f"edition.hidden.linkage.{key}", **shares) in said
    invented = words.text("edition.hidden.linkage.invented")
    assert (invented in said) == (agreed is not None), "only readers can be invented"


def test_readers_of_a_real_home_are_not_called_invented():
    words = Words.load("en")
    report = Report((), (), is_invented=False, estimates=(replace(TOLD, linkage=ToldLinkage(92, 95)),))
    (found,) = hidden_section(report, words)
    assert words.text("edition.hidden.linkage.invented") not in _said(found)
