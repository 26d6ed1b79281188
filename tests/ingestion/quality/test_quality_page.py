"""The page on data quality that a body is handed: in three languages, self-contained, in its own names.

After a wanted change: `python tests/ingestion/quality/test_quality_page.py` writes the golden files anew.
"""

from __future__ import annotations

import ast
import datetime
import hashlib
import re
from dataclasses import replace
from pathlib import Path

import pytest

from ingestion.cards.reporting_calendar import owed_delivery
from ingestion.cards.source_card import load_source
from ingestion.quality.quality_answers import Asked
from ingestion.quality.quality_measures import REASONS, BodyQuality, Check, HeldBack, KnownYear, Variable, Year
from ingestion.quality.quality_page import (
    ComparedGroup,
    ComparedRow,
    Comparison,
    Names,
    quality_page,
    question_in_words,
)
from ingestion.quality.quality_questions import QualityQuestion
from ingestion.submissions.agency_years import AgencyYear
from ingestion.submissions.decisions import Decision
from ingestion.submissions.submission_history import Sent
from languages.words import Words, languages
from tests.ingestion.read_pages import assert_fetches_and_runs_nothing, assert_runs_in_its_direction, read_page

GOLDEN = Path(__file__).parents[1] / "golden"
HOUSE = Path(__file__).resolve().parents[3]
TAGS = languages()
SOURCE = "iraq_interior_ministry"


def of(question: QualityQuestion, value: str = "") -> Asked:
    """A question, answered if `value` says how."""
    name = hashlib.sha256(question.rule.encode("utf-8")).hexdigest()[:12]
    own = ("", question.shape, question.field, f"quality.{question.rule}", value)
    said = Decision(name, SOURCE, *own, "statistics section", "The register began in March.", "2025-05-20")
    return Asked(name, SOURCE, "", question, said if value else None)


def invented(**changes: object) -> BodyQuality:
    """A body with a bit of everything."""
    sender = load_source(SOURCE)
    owed = {year: owed_delivery(sender, year) for year in (2022, 2023, 2024)}
    quality = BodyQuality(
        source=SOURCE,
        as_of="2025-06-01",
        deliveries=(
            AgencyYear(owed[2022], "over", "whole", "in_time", datetime.date(2023, 2, 14), 0),
            AgencyYear(owed[2023], "over", "none", "overdue", None, 310),
            AgencyYear(owed[2024], "over", "whole", "came_late", datetime.date(2025, 3, 20), 14),
        ),
        in_time_share=0.3333,
        rows_in=412,
        rows_landed=405,
        held_back=(HeldBack("unknown_word", 5), HeldBack("missing", 2)),
        years=(
            Year("cases", "2021", 120, None, is_changed=False, is_part=False),
            Year("cases", "2022", 118, None, is_changed=False, is_part=False),
            Year("cases", "2024", 61, 0.52, is_changed=True, is_part=False),
            Year("victims", "2022", 140, None, is_changed=False, is_part=False),
            Year("victims", "2024", 265, 1.9, is_changed=True, is_part=True),
        ),
        variables=(
            Variable("cases", "case_token", 299, 299, 0, 0, 1.0, 1.0, "good"),
            Variable("victims", "sex_code", 405, 390, 12, 3, 0.963, 0.97, "good"),
            Variable("victims", "act_codes", 405, 345, 0, 60, 0.8519, 0.83, "fair"),
            Variable("victims", "means_codes", 405, 250, 20, 135, 0.6173, 0.55, "poor"),
            Variable("victims", "charge_law_codes", 405, 31, 0, 374, 0.0765, 0.08, "none"),
        ),
        without_column={"accused": ("age",)},
        checks=(
            Check("order_of_dates", "victims", ("contact_date", "identified_date"), 80, 3, 0.9625, "good"),
            Check("least_age", "accused", ("age",), 350, 0, 1.0, "good"),
        ),
        questions=(
            of(QualityQuestion("duplicate_row", "", "", "", {"count": 4})),
            of(
                QualityQuestion("less_known", "victims", "means_codes", "2024", {"share": 0.55, "share_before": 0.71}),
                "wrong",
            ),
            of(QualityQuestion("drift", "victims", "sex_code", "2024", {"year_before": "2022"}, 0.0005)),
            of(QualityQuestion("zero", "cases", "", "2023", {"usual": 99.7}, 0.0), "explained"),
        ),
        known_by_year=(
            KnownYear("cases", "2022", 0.97, "good"),
            KnownYear("victims", "2022", 0.83, "fair"),
            KnownYear("victims", "2024", 0.715, "poor"),
        ),
    )
    return replace(quality, **changes)


FILES = (
    Sent(9, "2025-03-20", "counts", ("2024",), 326, 321, {}),
    Sent(8, "2025-03-02", "refused", (), 0, 0, {"encrypted": 2, "sheet_missing": 1}),
    Sent(4, "2023-02-14", "replaced", tuple(str(year) for year in range(2016, 2023)), 86, 84, {}),
    Sent(3, "2023-02-01", "withdrawn", ("2021", "2022"), 1012, 1012, {}),
)


def beside(tag: str) -> Comparison:
    """A table of released figures as `reports.senders.sender_page` makes it."""
    words = Words.load(tag)
    own = ComparedRow(words.text("quality.beside.own", table="1"), "", ("140", "–", "265 *"), is_own=True)
    alone = ComparedRow(words.text("page.total"), words.text("quality.beside.alone"), ("140", "[x]", "[c]"))
    group = ComparedGroup(words.text("unit.VICTIM"), "", (own, alone))
    return Comparison("000002-0123456789ab", ("2022", "2023", "2024"), (group,), (("[c]", words.text("mark.c")),))


def page(tag: str, **changes: object) -> str:
    told = invented(**changes)
    return quality_page(told, Words.load(tag), is_invented=False, files=FILES, comparison=beside(tag))


@pytest.mark.parametrize("tag", TAGS)
def test_the_page_is_the_reviewed_one(tag: str):
    assert page(tag) == (GOLDEN / f"quality.{tag}.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("tag", TAGS)
def test_the_page_runs_in_the_direction_of_its_language_and_says_that_it_awaits_review(tag: str):
    assert_runs_in_its_direction(page(tag), tag)


def test_nothing_is_fetched_and_nothing_runs():
    assert_fetches_and_runs_nothing(page("ar"))


def test_every_file_is_told_with_its_rows_and_of_a_refused_one_the_kinds_alone():
    text = read_page(page("en"))
    assert "9 20 March 2025 2024 counts 326 321 5" in text
    assert "4 14 February 2023 2016 to 2022 replaced by a later file 86 84 2" in text
    assert "3 1 February 2023 2021, 2022 taken back 1,012 1,012 0" in text
    refused = text[text.index("8 2 March 2025") : text.index("4 14 February 2023")]
    assert "refused; nothing of it was kept" in refused
    assert refused.rstrip().endswith("– – –")


def test_only_the_newest_files_are_told_one_by_one():
    html = quality_page(invented(), Words.load("en"), is_invented=False, files=FILES * 5)
    assert "Earlier files: 5." in read_page(html)


def test_how_much_is_known_is_drawn_from_the_side_on_which_the_language_begins_and_written_beside():
    english, arabic = page("en"), page("ar")
    assert '<rect class="part" width="66" height="9"/></svg> 83%' in english
    assert '<rect class="part" x="14" width="66" height="9"/></svg> ٨٣٪' in arabic
    assert "2024 – 72%" in read_page(english).replace("71.5%", "72%")


def test_released_figures_stand_beside_own_records_and_only_where_there_are_some():
    text = read_page(page("en"))
    assert "Your records: 1 140 – 265 *" in text
    assert "140 [x] [c]" in text
    assert "version 000002-0123456789ab" in text
    without = read_page(quality_page(invented(), Words.load("en"), is_invented=False))
    assert "Your records beside" not in without
    assert "What you sent" not in without


def test_what_to_do_stands_first_and_names_years_columns_and_numbers():
    text = read_page(page("en"))
    assert text.index("Send what has not come: 2023.") < text.index("Files in time: 1 of 3.")
    assert "send the file again: 7." in text
    assert "of these columns: Victims – Means." in text
    assert "Check the records that contradict themselves: 3." in text
    assert "Answer the questions below: 3." in text


def test_rows_add_up_and_each_reason_has_its_remedy():
    text = read_page(page("en"))
    assert "412 = 405 + 7" in text
    assert "A word is not in its list. 5 Choose a word of the list" in text


def test_a_body_reads_its_own_names_in_its_language_and_those_of_templates_in_another():
    arabic, english = read_page(page("ar")), read_page(page("en"))
    assert "التهمة الموجهة للضحية" in arabic
    assert "التهمة الموجهة للضحية" not in english
    region = Names(load_source("kurdistan_interior_ministry"), Words.load("ckb"))
    assert not re.search("[A-Za-z]", region.column("victims", "sex_code") + region.table("victims"))


def test_a_changed_year_and_a_part_of_a_year_are_marked():
    text = read_page(page("en"))
    assert "2024 61 ▼ 265 ▲ *" in text
    assert "2021 120 –" in text


def test_a_body_that_owes_and_lacks_nothing_is_told_so():
    nothing = {"held_back": (), "rows_in": 405, "variables": (), "checks": (), "questions": (), "without_column": {}}
    text = read_page(page("en", deliveries=(), years=(), **nothing))
    assert "Nothing: all that was owed has come" in text
    assert "owes nothing" in text
    assert "Records by year" not in text


def test_what_was_answered_stands_apart_and_what_was_found_wrong_still_waits():
    text = read_page(page("en"))
    answered = text[text.index("Answered") :]
    assert "“Cases” has no records for 2023" in answered
    assert "Explained by statistics section, 20 May 2025: The register began in March." in answered
    assert "Found wrong by statistics section" in text[: text.index("Answered")]


def test_further_questions_are_counted():
    one = invented().questions[0]
    assert "Further questions: 8." in read_page(page("en", questions=(one,) * 20))


def test_what_a_card_says_is_never_markup():
    names = Names(load_source(SOURCE), Words.load("en"))
    question = QualityQuestion("recycled", "counts", "figure", "2024", {"count": 3, "year_before": "<b>"})
    told, _ = question_in_words(question, names)
    html = page("en", questions=(of(question),))
    assert "<b>" in told
    assert "<b>" not in html


def _rules_asked() -> set[str]:
    """The literal rules of every question that the code can ask, and those that a loop hands it."""
    tree = ast.parse((HOUSE / "ingestion" / "quality" / "quality_questions.py").read_text(encoding="utf-8"))
    makers = {"QualityQuestion", "_make_question", "_number"}
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and getattr(node.func, "id", "") in makers]
    literal = {node.args[0].value for node in calls if isinstance(node.args[0], ast.Constant)}
    looped = {"total_mismatch", "sum_mismatch", "duplicate_row", "first_or_middle_of_month", "first_of_half_year"}
    return {str(rule) for rule in literal} | looped


@pytest.mark.parametrize("tag", TAGS)
def test_every_question_and_reason_has_words_and_a_remedy_and_no_others_are_there(tag: str):
    words = Words.load(tag)
    asked = {key.split(".")[2] for key in words.messages if key.startswith("quality.question.")}
    assert asked == _rules_asked()
    reasons = {key.split(".")[2] for key in words.messages if key.startswith("quality.reason.")}
    assert reasons == {*REASONS, "other"}
    for key in (f"quality.{kind}.{name}" for kind, own in (("question", asked), ("reason", reasons)) for name in own):
        assert key in words
        assert f"{key}.remedy" in words


@pytest.mark.parametrize("tag", TAGS)
def test_every_question_can_be_told(tag: str):
    names = Names(load_source(SOURCE), Words.load(tag))
    shown = {"count": 3, "share": 0.84, "share_before": 0.95, "year_before": "2023", "value": 121, "before": 25,
             "usual": 11.5, "index": 160}  # fmt: skip
    for rule in sorted(_rules_asked()):
        told, remedy = question_in_words(QualityQuestion(rule, "victims", "age", "2024", shown), names)
        assert told and remedy
        assert "{" not in told


if __name__ == "__main__":
    for tag in TAGS:
        (GOLDEN / f"quality.{tag}.html").write_text(page(tag), encoding="utf-8")
