"""What a clerk is told to write instead: slips of the pen are mended, and no word of another meaning is offered."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingestion.cards.headings import nearest_heading, wordings
from ingestion.cards.nationalities import country_of, country_spellings
from ingestion.cards.source_card import FieldCard, code_lists, load_codes, load_source, source_names
from ingestion.entry.file_check import examine
from ingestion.findings import Finding, finding_in_words
from ingestion.privacy.safe_excerpt import read_safely
from ingestion.tables.cell_values import CellReading, code_words, reader_of, suggested_word
from ingestion.text.folding import fold, is_misspelling, nearest_word, nearest_word_or_all
from languages.words import Words
from tests.ingestion.tables.test_cell_values import HABITS
from tests.ingestion.workbooks import TODAY, victim, victims, xlsx

MINISTRY = "iraq_interior_ministry"

SLIPS = st.sampled_from(["double", "drop", "exchange"])


def read(value: object, codes: str) -> CellReading:
    return reader_of("field", FieldCard(type="codes" if codes == "exploitation" else "code", codes=codes), HABITS)(
        value
    )


def suggest(typed: str, codes: str) -> str:
    return suggested_word(typed, FieldCard(type="code", codes=codes), {})


def _code(value: str) -> object:
    return read(value, "citizenship").raw[0]


@pytest.mark.parametrize(
    ("typed", "codes"),
    [
        ("خطف", "exploitation"),
        ("سمسرة", "exploitation"),
        ("بيع سيارات", "exploitation"),
        ("PERO", "citizenship"),
        ("Hodruanian", "citizenship"),
        ("جنسية اخرى", "citizenship"),
        ("كوري", "citizenship"),
        ("كونغولية", "citizenship"),
        ("عراقي/سوري", "citizenship"),
        ("كردية", "citizenship"),
        ("الأهوار", "governorate"),
        ("سودي", "citizenship"),
    ],
)
def test_no_word_of_another_meaning_is_offered(typed: str, codes: str):
    reading = read(typed, codes)
    assert (reading.kind, reading.is_bad, suggest(typed, codes)) == ("unknown_code", True, "")


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("أفغانية", "AFG"), ("الافغانية", "AFG"), ("Afghan", "AFG"), ("Afghans", "AFG"), ("ئەفغانی", "AFG"),
        ("عراقية الجنسية", "IRQ"), ("جنسية عراقية", "IRQ"), ("العراقية", "IRQ"), ("جمهورية العراق", "IRQ"),
        ("لبنانية", "LBN"), ("لبنان", "LBN"), ("لبنانيين", "LBN"), ("Lebanese nationality", "LBN"),
        ("جنسية سورية", "SYR"), ("الجنسية: سورية", "SYR"), ("من الجنسية السورية", "SYR"), ("سوريون", "SYR"),
        ("يحمل الجنسية السورية", "SYR"), ("citizen of Syria", "SYR"), ("Syrian national", "SYR"), ("SYR", "SYR"),
        ("مواطنة سورية", "SYR"), ("هاووڵاتی سووری", "SYR"), ("سوريا الجنسية", "SYR"),
        ("نيجيرية", "NGA"), ("نيجرية", "NER"), ("جنوب سودانية", "SSD"), ("سودانية", "SDN"), ("فرنسا", "FRA"),
        ("الاردن", "JOR"), ("Ivory Coast", "CIV"), ("الهند", "IND"), ("Republic of Korea", "KOR"), ("مصريات", "EGY"),
        ("عديمة الجنسية", "XXA"), ("بدون", "XXA"), ("غير محدد", "_U"),
    ],
)  # fmt: skip
def test_a_nationality_is_read_in_every_form(typed: str, code: str):
    assert _code(typed) == code


def test_all_countries_of_iso_are_known_and_none_of_their_words_is_read_as_another():
    spelt = country_spellings()
    assert len(set(spelt.values()) - {"XXA"}) == 249
    assert {word for word, code in spelt.items() if country_of(word) != code} == set()


def test_the_code_list_and_the_countries_of_the_world_never_disagree():
    listed = {word: code for code, words in load_codes("citizenship").items() for word in words}
    told = {word: country_of(word) for word in listed}
    assert {word for word, code in told.items() if code not in (None, listed[word])} == set()


@pytest.mark.parametrize("typed", ["أنثىى", "انثثى"])
def test_a_letter_typed_twice_is_a_slip_in_a_short_word_too(typed: str):
    assert fold(suggest(typed, "sex")) == fold("أنثى")


@given(st.data())
def test_what_is_offered_is_one_slip_away_and_means_one_code_only(data: st.DataObject):
    name = data.draw(st.sampled_from(code_lists()))
    words = code_words(name, {})
    word = data.draw(st.sampled_from(sorted(words)))
    place = data.draw(st.integers(0, len(word) - 1))
    typed = {
        "double": word[:place] + word[place] * 2 + word[place + 1 :],
        "drop": word[:place] + word[place + 1 :],
        "exchange": word[:place] + word[place : place + 2][::-1] + word[place + 2 :],
    }[data.draw(SLIPS)]
    reading = reader_of("field", FieldCard(type="code", codes=name), HABITS)(typed)
    if reading.kind == "unknown_code" and (offered := suggest(typed, name)):
        assert is_misspelling(typed, offered)
        near = {code for other, code in words.items() if is_misspelling(typed, other)}
        assert near <= {words.get(fold(offered)) or country_of(offered)}


def test_a_figure_is_no_slip():
    assert nearest_word("PRT-02", ["PRT-03", "PRT-12"]) == ""
    assert nearest_word_or_all("PRT-99", ["PRT-03", "PRT-12"]) == "PRT-03, PRT-12"


def test_where_no_name_is_near_all_are_told_and_of_many_the_first():
    assert nearest_word_or_all("iraq_health_ministry", source_names()) == ", ".join(source_names())
    assert nearest_word_or_all("iraq_interior_minstry", source_names()) == "iraq_interior_ministry"
    assert nearest_word_or_all("x", map(str, range(10, 30))).endswith("21, …")
    assert nearest_word_or_all("x", []) == "-"


@pytest.mark.parametrize(
    ("typed", "known"),
    [
        ("June", ["رمز الضحية", "الجنس", "Victim code"]),
        ("تاريخ الإحالة", ["تاريخ الإخبار"]),
        ("عدد القضايا", ["عدد الضحايا"]),
        ("Case number", ["Case type"]),
        ("رمز القضية", ["رمز الشخص"]),
        ("victim", ["Victim sex", "Victim age group"]),
        ("تاريخ", ["تاريخ القبض", "تاريخ الإخبار"]),
    ],
)
def test_a_heading_is_not_near_to_another_for_a_word_that_both_have(typed: str, known: list[str]):
    assert nearest_heading([typed], known) == ""


def test_no_month_is_near_to_a_heading_of_any_card():
    months = ["June", "حزيران", "كانون الثاني", "شوبات", "January", "Q1", "2024"]
    for table in (table for name in source_names() for table in load_source(name).tables.values()):
        assert [month for month in months if nearest_heading([month], wordings(table))] == []


@pytest.mark.parametrize("tag", ["en", "ar", "ckb"])
@pytest.mark.parametrize("kind", ["unknown_code", "unknown_column", "header_missing"])
def test_a_finding_without_a_near_word_speaks_of_none(kind: str, tag: str):
    words = Words.load(tag)
    told = {"column": "الجنسية", "expected": "الجنسية"}
    bare = finding_in_words(Finding("flag", kind, arguments=told), words)
    near = finding_in_words(Finding("flag", kind, arguments={**told, "nearest": "لبناني"}), words)
    assert "لبناني" in near[0] + near[1]
    assert bare[0] != near[0]


def test_where_no_word_is_near_no_example_stands_in_its_place():
    answer = examine(xlsx({"الضحايا": victims(victim(1, citizenship="كوري"))}), "x.xlsx", MINISTRY, today=TODAY)
    [found] = [one for one in answer.findings if one.kind == "unknown_code"]
    assert (found.expected, found.read, dict(found.arguments)) == ("", "", {"column": "الضحية / الجنسية"})


def test_a_nationality_that_is_near_to_a_name_is_not_repeated():
    card = FieldCard(type="code", codes="citizenship")
    assert suggest("Jordann", "citizenship") == "Jordan"
    assert read_safely("Jordann", card, "Jordan") == ""
