"""The publishing checklist: what blocks an edition, what stands in its notes, and that all of it has words."""

from __future__ import annotations

import ast
import datetime
from dataclasses import replace
from pathlib import Path

import pytest

from languages.words import Words, languages, placeholders
from reports.answers.law_duties import named_agencies
from reports.chapters import build_edition
from reports.editions.edition import Chapter, ChartBlock, Edition
from reports.editors import checklist as checklists
from reports.editors.checklist import ChecklistItem, checklist
from reports.editors.editorial_inputs import EditorialInputs
from reports.editors.prose import EditorText, parse_text
from reports.editors.release_calendar import ReleaseCalendar
from reports.questions.answer_card import answer_cards
from reports.released.report_model import Report, WithdrawalNotice

TODAY = datetime.date(2026, 6, 30)
CONTACT = {"en": "An invented office", "ar": "مكتب مختلَق", "ckb": "نووسینگەیەکی داهێنراو"}
SENT = dict.fromkeys(named_agencies(), datetime.date(2026, 6, 1))
STANDARDS = ("standards_adopted", "standards_open")  # on every list of an edition with questions
GOOD = ReleaseCalendar(published=TODAY, next_release=datetime.date(2027, 6, 30))


@pytest.fixture(scope="module")
def english(report: Report) -> Edition:
    return build_edition.edition(
        report, Words.load("en"), EditorialInputs(calendar=GOOD, sent_days=SENT, contact=CONTACT, code="0")
    )


def found(
    report: Report, edition: Edition, matter: EditorialInputs, *, pre: bool = False
) -> list[tuple[str, str, str]]:
    items = checklist(report, [edition], matter, today=TODAY, is_pre_release=pre)
    return [(one.level, one.code, one.where) for one in items if one.code not in STANDARDS]


def matter(*prose: EditorText, calendar: ReleaseCalendar | None = GOOD) -> EditorialInputs:
    return EditorialInputs(prose=prose, calendar=calendar, sent_days=SENT, contact=CONTACT, code="0")


def test_an_edition_in_order_has_nothing_on_its_list(report: Report, english: Edition):
    assert found(report, english, matter()) == []


@pytest.mark.parametrize(
    ("calendar", "code"),
    [
        (None, "calendar_missing"),
        (ReleaseCalendar(published=TODAY), "next_release_missing"),
        (ReleaseCalendar(published=TODAY, next_release=TODAY), "next_release_past"),
        (GOOD.model_copy(update={"embargo_until": datetime.date(2026, 7, 1)}), "embargo"),
        (GOOD.model_copy(update={"published": datetime.date(2026, 6, 29)}), "printed_day"),
        (GOOD.model_copy(update={"published": datetime.date(2026, 7, 1)}), "printed_day"),
    ],
)
def test_the_dates_block(report: Report, english: Edition, calendar: ReleaseCalendar | None, code: str):
    where = "prose/calendar.yml"
    assert found(report, english, matter(calendar=calendar)) == [("must", code, where)]


def test_an_embargo_holds_nobody_who_reads_before_the_others_and_ends_on_its_day(report: Report, english: Edition):
    tomorrow = GOOD.model_copy(update={"embargo_until": datetime.date(2026, 7, 1)})
    today = GOOD.model_copy(update={"embargo_until": TODAY})
    assert found(report, english, matter(calendar=tomorrow), pre=True) == []
    assert found(report, english, matter(calendar=today)) == []


@pytest.mark.parametrize(("days", "codes"), [(-1, ["printed_day"]), (0, []), (1, [])])
def test_those_who_read_before_the_others_get_pages_dated_that_day_or_later(
    report: Report, english: Edition, days: int, codes: list[str]
):
    dated = GOOD.model_copy(update={"published": TODAY + datetime.timedelta(days)})
    assert [code for _, code, _ in found(report, english, matter(calendar=dated), pre=True)] == codes


@pytest.mark.parametrize(
    ("text", "level", "code"),
    [
        (parse_text("protecton.en.md", "protecton", "en", "Text."), "must", "prose_chapter"),
        (parse_text("protection.fr.md", "protection", "fr", "Texte."), "must", "prose_language"),
        (parse_text("protection.md", "protection", "", "Text."), "must", "prose_language"),
        (parse_text("protection.en.md", "protection", "en", "<b>Text</b>"), "must", "prose_markup"),
        (parse_text("protection.en.md", "protection", "en", "Call 0770 123 4567."), "must", "prose_number"),
        (parse_text("protection.en.md", "protection", "en", "There were 123,456."), "must", "prose_number"),
        (parse_text("reading-units.en.md", "reading-units", "en", "There were 40."), "must", "prose_number_alone"),
    ],
)
def test_what_is_wrong_with_an_editors_text_is_told(
    report: Report, english: Edition, text: EditorText, level: str, code: str
):
    assert (level, code, f"prose/{text.name}") in found(report, english, matter(text))


def test_the_nearest_chapter_is_named(report: Report, english: Edition):
    wrong = parse_text("protecton.en.md", "protecton", "en", "Text.")
    by_code = {one.code: one for one in checklist(report, [english], matter(wrong), today=TODAY)}
    assert by_code["prose_chapter"].arguments["nearest"] == "protection"


def test_a_withdrawn_release_is_told_and_blocks_where_it_stands_in_the_edition(report: Report, english: Edition):
    national = report.releases[0]
    older = WithdrawalNotice(national.dataset, "000000-aaaaaaaaaaaa", "2026-01-02", "a file was taken back", "")
    own = replace(older, version=national.version)
    assert found(replace(report, notices=(older,)), english, matter()) == [("watch", "withdrawn", national.dataset)]
    levels = [one[:2] for one in found(replace(report, notices=(own,)), english, matter())]
    assert levels == [("must", "withdrawn_inside"), ("watch", "withdrawn")]


def test_frozen_years_and_a_lower_coverage_are_to_be_watched(report: Report, english: Edition):
    national = report.releases[0]
    before = national.frame.copy()
    one = (before["indicator"] == "PRT-08") & (before["ref_area"] == "IQ-FED") & (before["time_period"] == "2025")
    before.loc[one, "reports_received_count"] = 2
    manifest = {**national.manifest, "frozen": [{"year": "2024", "indicators": ["PRT-01", "PRT-02"]}]}
    changed = replace(report, releases=(replace(national, previous=before, manifest=manifest),))
    items = checklist(changed, [english], matter(), today=TODAY)
    assert [(one.level, one.code, one.where) for one in items if one.code not in STANDARDS] == [
        ("watch", "frozen", "four_ps_national 2024"),
        ("watch", "coverage_lower", "four_ps_national IQ-FED 2025"),
    ]
    words = Words.load("en")
    assert "Shelter coverage" in checklists.item_sentence(items[1], words)
    assert checklists.item_sentence(items[0], words).startswith(
        "The 4Ps indicators of Iraq, country and regions, 2024: 2 "
    )


def test_unreviewed_words_are_to_be_watched_and_a_drawing_without_text_blocks(report: Report, english: Edition):
    chart = ChartBlock(
        id="mute", shape="line", title="", alternative=" ", years=(), year_labels=(), series=(), table=""
    )
    mute = english.model_copy(update={"language": "ar", "chapters": (Chapter(id="charts", title="", blocks=(chart,)),)})
    assert found(report, mute, matter()) == [
        ("must", "alternative_missing", "mute"),
        ("watch", "words_unreviewed", "ar"),
    ]


def _codes() -> set[str]:
    """Codes of items: the words in the second argument of every call, and those assigned to `code`."""
    tree = ast.parse(Path(checklists.__file__).read_text(encoding="utf-8"))
    calls = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "ChecklistItem"
    ]
    named = [
        node.value for node in ast.walk(tree) if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "code"
    ]
    given = [*(call.args[1] for call in calls), *named]
    return {str(part.value) for one in given for part in ast.walk(one) if isinstance(part, ast.Constant)}


@pytest.mark.parametrize("tag", ["en", "ar", "ckb"])
def test_every_item_has_words_and_no_words_are_left_over(tag: str):
    words = Words.load(tag)
    spoken = {key.removeprefix("checklist.") for key in words.messages if key.startswith("checklist.")}
    assert spoken == _codes()


@pytest.mark.parametrize("tag", ["en", "ar", "ckb"])
def test_every_item_can_be_said_with_its_arguments(report: Report, english: Edition, tag: str):
    texts = (parse_text("protecton.en.md", "protecton", "en", "Text."), parse_text("a.fr.md", "a", "fr", "<b>"),
             parse_text("results.en.md", "results", "en", "There were 123,456. Write to a.b@example.org."),
             parse_text("reading-units.en.md", "reading-units", "en", "There were 40."))  # fmt: skip
    words = Words.load(tag)
    for item in checklist(report, [english], matter(*texts, calendar=None), today=TODAY):
        said = checklists.item_sentence(item, words)
        assert not placeholders(said)
        assert str(item.arguments.get("file", "")) in said


def test_what_blocks_stands_first_and_nothing_twice(report: Report, english: Edition):
    text = parse_text("results.en.md", "results", "en", "There were 123,456.")
    items = checklist(report, [english, english], matter(text, calendar=None), today=TODAY)
    assert [(one.level, one.code) for one in items[:2]] == [("must", "calendar_missing"), ("must", "prose_number")]
    assert len({(one.code, one.where) for one in items}) == len(items) and items[2].code in STANDARDS
    assert items[0] == ChecklistItem("must", "calendar_missing", "prose/calendar.yml")


def test_an_item_is_found_once_however_many_languages_go_out(report: Report, english: Edition):
    national = report.releases[0]
    manifest = {**national.manifest, "frozen": [{"year": "2024", "indicators": ["PRT-01"]}]}
    frozen = replace(report, releases=(replace(national, manifest=manifest),))
    arabic = english.model_copy(update={"language": "ar"})
    codes = [one.code for one in checklist(frozen, [english, arabic], matter(), today=TODAY)]
    assert [code for code in codes if code not in STANDARDS] == ["frozen", "words_unreviewed"]


@pytest.mark.parametrize("tag", languages())
def test_the_list_names_the_questions_with_a_standard_and_those_that_await_one(
    report: Report, english: Edition, tag: str
):
    words, (national, *others) = Words.load(tag), report.releases
    standard = {"met_from": 90, "not_met_below": 60, "adopted": "2025-03-10", "source": {"en": "A decision"}}
    manifest = {**national.manifest, "standards": {"are_those_who_ask_admitted": standard}}
    adopted = replace(report, releases=(replace(national, manifest=manifest), *others))
    items = {one.code: one for one in checklist(adopted, [english], matter(), today=TODAY)}
    told = checklists.item_sentence(items["standards_adopted"], words)
    assert words.text("answer.are_those_who_ask_admitted.question") in told
    awaiting = str(items["standards_open"].arguments["questions"]).split()
    cards = {key for key, card in answer_cards().items() if card.kind == "standard" and not card.answer.gap}
    assert set(awaiting) == cards - {"are_those_who_ask_admitted"}
    assert words.text("answer.are_victims_charged.question") in checklists.item_sentence(items["standards_open"], words)
    assert {items[code].level for code in STANDARDS} == {"watch"}
