"""One spelling of a name for three scripts: the vectors of the document, and what must stay apart."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from methods.linkage.name_spelling import spell_part, spell_parts

PAGE = Path(__file__).parents[3] / "docs" / "methods" / "linkage.md"


def vectors() -> list[tuple[str, str]]:
    """The rows `| as typed | as spelt |` of the table of spellings in the document."""
    part = PAGE.read_text(encoding="utf-8").partition("## Spelling")[2].partition("\n## ")[0]
    return re.findall(r"^\| (.+?) \| `(.*?)` \|$", part, re.M)


@pytest.mark.parametrize(("typed", "spelt"), vectors())
def test_a_name_of_the_document_is_spelt_as_it_says(typed: str, spelt: str):
    assert " ".join(spell_parts(typed)) == spelt


def test_the_document_has_vectors_of_three_scripts():
    typed = "".join(name for name, _ in vectors())
    assert len(vectors()) >= 20
    assert re.search("[a-z]", typed) and re.search("[ەێۆ]", typed) and re.search("[ةأ]", typed)


@pytest.mark.parametrize(
    "spellings",
    [
        ("محمد", "مُحَمَّد", "محـمد", "محەمەد", "Mohammed", "MUHAMMAD", "Mohamed"),
        ("عبد الله", "عبدالله", "عەبدوڵڵا", "Abdullah", "Abd Allah"),
        ("فاطمة", "فاطمه", "ﻓﺎﻃﻤﺔ", "فاتیمە", "Fatima", "Fatimah"),
        ("هێمن", "هيمن", "Hemin"),
        ("قاسم", "Qasim", "Kassim", "Gasim"),
    ],
)
def test_spellings_of_one_name_are_one(spellings: tuple[str, ...]):
    assert len({tuple(spell_parts(spelling)) for spelling in spellings}) == 1


@pytest.mark.parametrize(("left", "right"), [("محمد", "محمود جاسم"), ("علي", "عمر"), ("زينب", "زهراء")])
def test_two_names_stay_two(left: str, right: str):
    assert spell_parts(left) != spell_parts(right)


@pytest.mark.parametrize("nothing", ["", "  ", "-", "؟", "123", "٤٥", "بن", "ـــ"])
def test_what_holds_no_name_has_no_part(nothing: str):
    assert spell_parts(nothing) == []


@given(st.text(max_size=40))
def test_whatever_is_typed_is_spelt_in_sounds_only(text: str):
    assert all(re.fullmatch("[awy]?[bcdfghjklmnrstxzCG]*", part) for part in spell_parts(text))
    assert re.fullmatch("[a-zCG]*", spell_part(text))
