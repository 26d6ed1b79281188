"""Translations say the terms of the law alike, and write numbers with the digits of their readers."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from languages.catalogue import Message, catalogue_path, read_catalogue, write_catalogue
from languages.glossary import StrayTerm, glossary, stray_terms
from languages.words import Words, languages

_TRANSLATED = [tag for tag in languages() if tag != "en"]
# read by whoever handles files: "nobody" is said there of people at work, never of victims
_AT_THE_DESK = ("browser.", "command.", "desk.", "finding.", "option.", "receipt.", "refusal.", "trace.")
_PRINTED = ("break.", "caveat.", "certificate.", "code.", "dataset.", "indicator.", "mark.", "notes.", "page.", "unit.")
# a placeholder, an address, or a Latin word with the number that belongs to it: `CC BY 4.0`, `HTCDS 2.0`, `PRT-08`
_MACHINE = re.compile(r"\{[^}]*\}|https?:\S+|\u200e\S+|[0-9]*[A-Za-z][A-Za-z0-9_./:-]*(?: \d[\d.]*)?")


@pytest.mark.parametrize("tag", languages())
def test_every_term_is_said_in_words_of_the_glossary(tag: str):
    assert stray_terms(tag) == []


@pytest.mark.parametrize("tag", _TRANSLATED)
def test_a_text_with_another_word_for_a_term_is_named(tag: str, tmp_path: Path):
    for one in ("en", tag):
        catalogue = read_catalogue(catalogue_path(one))
        said = Message("page.told", ("{count} victims",), () if one == "en" else ("{count} س",))
        write_catalogue(catalogue_path(one, tmp_path), replace(catalogue, messages={"page.told": said}))
    assert stray_terms(tag, tmp_path) == [StrayTerm("page.told", "victim")]


@pytest.mark.parametrize("text", ["Persons whom no body saw", "{count} Bodies reported"])
def test_an_english_text_that_calls_an_agency_a_body_is_named(text: str, tmp_path: Path):
    catalogue = read_catalogue(catalogue_path("en"))
    messages = [Message("page.arguments", ("{bodies} {body}",)), Message("page.told", (text,))]
    write_catalogue(
        catalogue_path("en", tmp_path), replace(catalogue, messages={message.key: message for message in messages})
    )
    assert stray_terms("en", tmp_path) == [StrayTerm("page.told", "agency")]


def test_no_text_of_a_report_or_page_says_nobody():
    """Beside a rounded count of victims "nobody" would say none; of agencies it is "no agency"."""
    texts = read_catalogue(catalogue_path("en")).messages.values()
    printed = (message for message in texts if not message.key.startswith(_AT_THE_DESK))
    assert [message.key for message in printed if re.search(r"\bnobody\b", " ".join(message.english), re.I)] == []


def test_every_exception_of_the_glossary_names_a_text_that_there_is():
    known = Words.load("en").messages
    assert {key for term in glossary() for key in term.otherwise} <= set(known)


@pytest.mark.parametrize("tag", _TRANSLATED)
def test_printed_texts_hold_no_latin_digit_where_readers_see_arabic_ones(tag: str):
    words = Words.load(tag)
    assert words.numerals == "arab"
    texts = [
        (key, text) for key, message in words.messages.items() for text in message.text if key.startswith(_PRINTED)
    ]
    assert [key for key, text in texts if re.search("[0-9]", _MACHINE.sub("", text))] == []
