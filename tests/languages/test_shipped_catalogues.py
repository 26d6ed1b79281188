"""Rules over the catalogues that are shipped."""

from __future__ import annotations

import re

import pytest

from languages.catalogue import FOLDER, SOURCE, catalogue_path, read_catalogue, render_catalogue, render_english
from languages.words import Words, gaps, languages, placeholders
from tests.packages import PACKAGES

TRANSLATIONS = [tag for tag in languages() if tag != SOURCE]
# Arabic letters that Sorani writes otherwise, and Sorani letters that Arabic does not have
ARABIC_ONLY, SORANI_ONLY = re.compile("[يكىة]"), re.compile("[یکەڕڵۆێڤپچژگھ]")


@pytest.mark.parametrize("tag", TRANSLATIONS)
def test_no_language_lacks_a_text(tag: str):
    assert gaps(tag) == []


@pytest.mark.parametrize("tag", languages())
def test_a_catalogue_stands_as_the_command_writes_it(tag: str):
    """Else the first change of one text would sort and break strangers' lines: run `marsad translations --sync`."""
    path = catalogue_path(tag)
    render = render_english if tag == SOURCE else render_catalogue
    assert path.read_text(encoding="utf-8") == render(read_catalogue(path)), (
        f"run `marsad translations --sync`: {path.name}"
    )


@pytest.mark.parametrize("tag", TRANSLATIONS)
def test_placeholders_are_those_of_the_english_text(tag: str):
    for key, message in read_catalogue(catalogue_path(tag)).messages.items():
        assert placeholders(" ".join(message.text)) == placeholders(" ".join(message.english)), key


def test_sorani_is_written_with_sorani_letters():
    found = read_catalogue(FOLDER / "ckb.po").messages.values()
    assert {message.key: text for message in found for text in message.text if ARABIC_ONLY.search(text)} == {}


def test_arabic_is_written_with_arabic_letters():
    found = read_catalogue(FOLDER / "ar.po").messages.values()
    assert {message.key: text for message in found for text in message.text if SORANI_ONLY.search(text)} == {}


@pytest.mark.parametrize("tag", TRANSLATIONS)
def test_persian_digits_are_never_used(tag: str):
    found = read_catalogue(catalogue_path(tag)).messages.values()
    assert {message.key for message in found if re.search("[۰-۹]", " ".join(message.text))} == set()


def test_every_refusal_says_what_to_do():
    refusals = {key for key in Words.load(SOURCE).messages if key.startswith(("refusal.", "finding."))}
    said = {key for key in refusals if not key.endswith((".remedy", ".kind"))}
    assert {f"{key}.remedy" for key in said} == {key for key in refusals - said if not key.endswith(".kind")}


def test_every_refusal_that_is_raised_has_words():
    house = FOLDER.parent
    sources = [path.read_text(encoding="utf-8") for room in PACKAGES for path in (house / room).rglob("*.py")]
    raised = {code for source in sources for code in re.findall(r'\bRefusal\(\s*"(\w+)"', source)}
    assert len(raised) > 10
    assert {code for code in raised if f"refusal.{code}" not in Words.load(SOURCE)} == set()


@pytest.mark.parametrize("tag", languages())
def test_a_share_is_written_one_way_in_sentences_and_figures(tag: str):
    """As figures are: `95%`, `٩٥٪`, never a space before the sign, never the other script's digits or sign."""
    other_ways = re.compile(r"[0-9}]\s+%(?!\()" if tag == SOURCE else r"[0-9]\s*[%٪]|[}٠-٩]\s*%|[}٠-٩]\s+٪|٪\s+ی\b")
    found = read_catalogue(catalogue_path(tag)).messages.values()
    texts = [(one.key, text) for one in found for text in (one.english if tag == SOURCE else one.text)]
    assert [(key, text) for key, text in texts if other_ways.search(text)] == []
