"""A file with words that nothing explains asks, and nothing that is told of it repeats one."""

from __future__ import annotations

import pytest

from ingestion.entry.file_check import Examination, examine
from ingestion.findings import Finding, finding_in_words
from ingestion.privacy import asked_texts
from ingestion.privacy.asked_texts import MOST_PLACES, Known, distinct_words
from ingestion.privacy.confirmed_words import MOST_WORDS
from languages.words import Words, languages
from tests.ingestion.asking_files import LISTED, MARKER, OTHER, SOURCE, asking, grid, look, numbered
from tests.ingestion.workbooks import TODAY, victim, victims, xlsx


def told(findings: list[Finding]) -> str:
    words = [Words.load(tag) for tag in languages()]
    return repr([(one, one.as_json(), *(finding_in_words(one, tag) for tag in words)) for one in findings])


def test_a_file_of_known_words_is_accepted():
    assert (look(asking()).verdict, look(asking()).asked) == ("accepted", ())


def test_a_file_with_unknown_words_asks_and_tells_the_cells_of_each_word_once():
    rows = victims(victim(1, exploitation=f"{MARKER} {OTHER}"), victim(2, exploitation=MARKER))
    examination = look(xlsx({"الضحايا": rows}))
    assert (examination.verdict, examination.rows_in, examination.tables) == ("asks", 0, [])
    assert examination.is_personal
    asked = [one for one in examination.findings if one.severity == "ask"]
    assert [(one.kind, one.sheet, one.cell, one.arguments["count"], one.arguments["cells"]) for one in asked] == [
        ("unexplained_text", "الضحايا", "I4", "2", "I4, I5"),
        ("unexplained_text", "الضحايا", "I4", "1", "I4"),
    ]
    assert asked[0].cells == (("الضحايا", "I4"), ("الضحايا", "I5"))


def test_a_word_on_a_list_of_names_is_marked_as_one():
    assert [word.is_on_name_list for word in distinct_words(look(asking(LISTED, OTHER)).asked)] == [True, False]


@pytest.mark.parametrize(
    "place", ["title", "heading", "code", "sheet", "under a token", "in a year", "below the table"]
)
def test_no_finding_of_an_asking_file_holds_a_word_of_it(place: str):
    rows = grid()
    sheets = {"الضحايا": rows}
    if place == "title":
        rows[0][0] = MARKER
    elif place == "heading":
        rows[1][9] = MARKER
    elif place == "code":
        rows[3][8] = MARKER
    elif place == "sheet":
        sheets[MARKER] = grid()
    elif place == "under a token":
        rows[3][4] = MARKER
    elif place == "in a year":
        rows[3][2] = f"{MARKER} 2024"
    else:
        rows += [[None] * 10, [MARKER] + [None] * 9]
    examination = look(xlsx(sheets))
    assert examination.verdict in ("asks", "refused")
    assert MARKER not in told(examination.findings) + repr(examination)
    assert examination.is_personal


def test_what_else_is_wrong_is_told_with_the_question_so_that_she_mends_all_at_once():
    rows = grid(MARKER)
    rows[3][8] = "كوكب"
    kinds = {one.kind for one in look(xlsx({"الضحايا": rows})).findings}
    assert {"unexplained_text", "table_missing"} <= kinds


@pytest.mark.parametrize("title", [(), (MARKER,)])
def test_a_misspelt_heading_is_told_once_and_a_word_in_another_cell_beside_it(title: tuple[str, ...]):
    rows = [["الجسس" if cell == "الجنس" else cell for cell in row] for row in grid(*title)]
    examination = look(xlsx({"الضحايا": rows}))
    kinds = sorted(one.kind for one in examination.findings if one.severity != "flag")
    assert (examination.verdict, kinds) == ("refused", ["header_missing", *("unexplained_text" for _ in title)])
    assert "الجسس" not in told(examination.findings) + repr(examination)


@pytest.mark.parametrize(("count", "verdict"), [(1, "asks"), (MOST_WORDS, "asks"), (MOST_WORDS + 1, "refused")])
def test_ten_words_are_asked_and_eleven_refuse(count: int, verdict: str):
    examination = look(asking(*numbered(count)))
    assert examination.verdict == verdict
    assert ("words_too_many" in {one.kind for one in examination.findings}) is (verdict == "refused")
    assert examination.is_personal


def test_words_that_were_stated_count_among_the_ten():
    words = numbered(MOST_WORDS + 1)
    known = Known(is_stated=lambda word: word.text in words[1:])
    examination = examine(asking(*words), "export.xlsx", SOURCE, today=TODAY, known=known)
    assert examination.verdict == "refused"


def test_a_word_that_lets_in_every_file_of_the_source_is_no_question():
    known = Known(is_confirmed=lambda text: text == MARKER)
    assert examine(asking(MARKER), "export.xlsx", SOURCE, today=TODAY, known=known).verdict == "accepted"


@pytest.mark.parametrize("more", [-1, 0, 1])
def test_a_word_in_very_many_cells_is_told_once_with_the_first_of_them_and_their_number(more: int):
    rows = victims(*(victim(number, exploitation=MARKER) for number in range(MOST_PLACES + more)))
    (finding,) = [one for one in look(xlsx({"الضحايا": rows})).findings if one.kind == "unexplained_text"]
    assert finding.arguments["count"] == str(MOST_PLACES + more)
    assert len(finding.cells) == min(MOST_PLACES, MOST_PLACES + more)
    assert finding.arguments["cells"].endswith("…")


@pytest.mark.parametrize("more", [0, 1, 5])
def test_of_very_many_asked_words_the_first_are_told_and_the_rest_counted(more: int, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(asked_texts, "MOST_PLACES", 8)
    findings = look(asking(*numbered(8 + more))).findings
    assert sum(one.kind == "unexplained_text" for one in findings) == 8
    told_more = [one.arguments["count"] for one in findings if one.kind == "unexplained_more"]
    assert told_more == ([str(more)] if more else [])


def test_an_examination_never_prints_its_words():
    examination: Examination = look(asking(MARKER))
    assert MARKER in {word.text for word in distinct_words(examination.asked)}
    assert MARKER not in repr(examination) + repr(examination.asked) + repr(distinct_words(examination.asked))
