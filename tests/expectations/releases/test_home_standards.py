"""What a task force adopts is read strictly: a standard that could mislead is refused, and nothing is guessed."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from expectations.cards.adopted_standards import AdoptedStandard, hash_of_standards, read_carried
from expectations.releases.home_standards import read_adopted
from ingestion.home import Home
from languages.refusal import Refusal
from languages.words import Words, languages
from reports.questions.answer_card import answer_cards
from samples.editorial_texts import STANDARDS

TODAY = datetime.date(2026, 2, 1)
FIRST_RELEASE = datetime.date(2025, 6, 30)  # of the demo
ASKED = "are_those_who_ask_admitted"
SOURCE = "source: {en: A plan, ar: خطة, ckb: پلانێک}"
LINES = {"met": "met_from: 90", "below": "not_met_below: 60", "day": "adopted: 2026-01-31", "source": SOURCE}


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home.at(tmp_path / "home").open()


def write(home: Home, question: str = ASKED, **lines: str) -> None:
    """Write a file of one standard, with some of its lines as given."""
    text = "".join(f"  {line}\n" for line in {**LINES, **lines}.values() if line)
    home.standards.write_text(f"{question}:\n{text}", encoding="utf-8")


def refused(home: Home) -> Refusal:
    with pytest.raises(Refusal) as raised:
        read_adopted(home, TODAY)
    for tag in languages():
        words = Words.load(tag)
        about = {"where": raised.value.where, **raised.value.arguments}
        assert words.text(f"refusal.{raised.value.code}", **about)
        assert words.text(f"refusal.{raised.value.code}.remedy", **about)
    return raised.value


def test_a_home_without_the_file_has_adopted_nothing(home: Home) -> None:
    assert read_adopted(home, TODAY) == {}
    assert hash_of_standards(home) == ""


def test_a_standard_holds_its_numbers_its_day_and_its_source(home: Home) -> None:
    write(home)
    standard = read_adopted(home, TODAY)[ASKED]
    assert standard.numbers == ("percent", 90, 60)
    assert standard.adopted == datetime.date(2026, 1, 31)
    assert set(standard.source) == set(languages())


@pytest.mark.parametrize(
    "text",
    [
        "",
        "# nothing yet\n",
        "- a list\n",
        "a word",
        "{",
        "\ta: 1",
        f"{ASKED}: {{adopted: 2026-13-41}}",
        "[" * 3000,
        f"{ASKED}: {{met_from: 90}}\n{ASKED}: {{met_from: 10}}\n",
    ],
)
def test_a_file_that_holds_no_questions_is_refused_and_so_is_one_that_holds_a_question_twice(
    home: Home, text: str
) -> None:
    home.standards.write_text(text, encoding="utf-8")
    assert refused(home).code == "standards_unreadable"


def test_a_file_that_is_no_text_is_refused(home: Home) -> None:
    home.standards.write_bytes(b"\xff\xfe\x00a")
    assert refused(home).code == "standards_unreadable"


@pytest.mark.parametrize(
    ("line", "field"),
    [
        ({"met": "met_from: 100"}, "met_from"),
        ({"met": "met_from: 0", "below": "not_met_below: 0"}, "met_from"),
        ({"met": "met_from: '90'"}, "met_from"),
        ({"met": "met_from: true"}, "met_from"),
        ({"met": "met_from: .inf", "unit": "unit: count"}, "met_from"),
        ({"met": "met_from: .nan"}, "met_from"),
        ({"met": ""}, "met_from"),
        ({"below": "not_met_below: 91"}, "not_met_below"),
        ({"below": "not_met_below: 0"}, "not_met_below"),
        ({"below": "not_met_below: -1"}, "not_met_below"),
        ({"below": "not_met_blow: 60"}, "not_met_blow"),
        ({"unit": "unit: share"}, "unit"),
        ({"day": "adopted: 20260131"}, "adopted"),
        ({"day": "adopted: 2026-01-31 10:00:00"}, "adopted"),
        ({"day": "adopted: last week"}, "adopted"),
        ({"source": "source: A plan"}, "source"),
        ({"source": "source: {en: A plan, ar: خطة}"}, "source"),
        ({"source": "source: {en: A plan, ar: خطة, ckb: پلانێک, fr: Un plan}"}, "source"),
        ({"source": "source: {en: A plan, ar: '  ', ckb: پلانێک}"}, "source"),
        ({"source": "source: {en: '<b>A plan</b>', ar: خطة, ckb: پلانێک}"}, "source"),
        ({"source": "source: {en: '[A plan](x)', ar: خطة, ckb: پلانێک}"}, "source"),
        ({"source": 'source: {en: "A plan\\nof ours", ar: خطة, ckb: پلانێک}'}, "source"),
        ({"first": "first_year: '2020'"}, "first_year"),
    ],
)
def test_a_standard_that_could_mislead_is_refused_and_its_field_named(
    home: Home, line: dict[str, str], field: str
) -> None:
    write(home, **line)
    refusal = refused(home)
    assert (refusal.code, refusal.arguments["question"], refusal.arguments["field"]) == (
        "standard_invalid",
        ASKED,
        field,
    )


@pytest.mark.parametrize(("below", "met"), [(90, 90), (60, 99.9), (0.1, 90)])
def test_numbers_at_their_borders_are_a_standard(home: Home, below: float, met: float) -> None:
    write(home, met=f"met_from: {met}", below=f"not_met_below: {below}")
    assert read_adopted(home, TODAY)[ASKED].numbers == ("percent", met, below)


def test_what_holds_no_keys_is_no_standard(home: Home) -> None:
    home.standards.write_text(f"{ASKED}: 90\n", encoding="utf-8")
    assert refused(home).code == "standard_invalid"


@pytest.mark.parametrize(("day", "is_refused"), [("2026-01-31", False), ("2026-02-01", True), ("2026-02-02", True)])
def test_a_standard_is_adopted_before_the_day_of_its_release(home: Home, day: str, is_refused: bool) -> None:
    write(home, day=f"adopted: {day}")
    if is_refused:
        assert refused(home).code == "standard_too_late"
    else:
        assert list(read_adopted(home, TODAY)) == [ASKED]


def test_a_question_that_nobody_asks_is_refused_with_the_nearest_one(home: Home) -> None:
    write(home, "are_those_who_ask_admited")
    refusal = refused(home)
    assert (refusal.code, refusal.arguments["nearest"]) == ("standard_question_unknown", ASKED)


@pytest.mark.parametrize("question", ["Ahmed Hussein Ali", "07701234567 x", "a.b"])
def test_a_refusal_repeats_nothing_that_is_no_key(home: Home, question: str) -> None:
    write(home, f"'{question}'")
    assert question not in str(refused(home).arguments)


def test_a_standard_of_every_question_may_be_adopted(home: Home) -> None:
    for question in answer_cards():
        write(home, question)
        assert list(read_adopted(home, TODAY)) == [question]


@pytest.mark.parametrize("card", [{"met_from": 100}, {"not_met_below": 0}, {"adopted": 0}, {"first_year": "soon"}])
def test_what_a_release_carries_is_read_as_strictly(card: dict[str, object]) -> None:
    whole = {"met_from": 90, "not_met_below": 60, "adopted": "2026-01-31", "source": {"en": "A plan"}}
    assert list(read_carried({"standards": {ASKED: whole}}, where="x")) == [ASKED]
    with pytest.raises(Refusal, match="card_invalid"):
        read_carried({"standards": {ASKED: whole | card}}, where="x")


@pytest.mark.parametrize(("year", "judged"), [("2024", False), ("2025", True), ("2026", True)])
def test_a_standard_judges_from_its_first_year_on(year: str, judged: bool) -> None:
    source = {"en": "A plan"}
    standard = AdoptedStandard(met_from=90, not_met_below=60, adopted=TODAY, source=source, first_year="2025")
    assert standard.judges(year) is judged
    assert standard.model_copy(update={"first_year": ""}).judges(year)


def test_the_invented_country_adopted_its_standards_before_its_first_release(home: Home) -> None:
    home.standards.write_bytes(STANDARDS.read_bytes())
    standards = read_adopted(home, FIRST_RELEASE)
    assert {answer_cards()[question].kind for question in standards} == {"standard"}
    marks = {"en": "invented", "ar": "مُتخيَّل", "ckb": "خەیاڵی"}
    assert all(mark in standard.source[tag] for standard in standards.values() for tag, mark in marks.items())
