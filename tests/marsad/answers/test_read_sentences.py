"""Native readers: what the report says in their language, their judgement, and a PO file that a maintainer takes."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from ingestion.home import Home
from languages import catalogue
from languages.refusal import Refusal
from languages.words import Words, placeholders
from marsad.answers import read_sentences
from marsad.answers.read_sentences import (
    exported_sentences,
    find_sentence,
    judge_sentence,
    list_sentences,
    take_sentences,
)
from tests.reports import invented_releases

MadeOnce = Callable[[str, Callable[[Path], object]], Path]
KEY = "page.results.intro_exact"


@pytest.fixture(scope="module")
def home(own_copy: MadeOnce) -> Home:
    return Home.at(own_copy("reported", invented_releases.build))


@pytest.fixture(autouse=True)
def no_lines(home: Home) -> None:
    for path in {*home.root.rglob("editing*")}:
        path.unlink()


def test_each_sentence_of_the_report_stands_beside_what_it_says_today(home: Home):
    sentences = {sentence.key: sentence for sentence in list_sentences(home, "ar")}
    assert len(sentences) > 500
    sentence = sentences[KEY]
    assert sentence.forms == Words.load("ar").messages[KEY].text
    assert "{" not in sentence.says + sentence.says_in_english
    assert "٢٠" in sentence.says
    assert "20" in sentence.says_in_english
    assert {sentence.reading for sentence in sentences.values()} == {"awaits"}
    assert list_sentences(home, "ar") == list(sentences.values())  # the same from what is remembered


def test_a_reader_approves_or_changes_and_the_last_judgement_counts(home: Home):
    sentence = find_sentence(home, "ar", KEY)
    assert judge_sentence(home, "hana", "ar", KEY, sentence.forms, sentence.version) == "approved"
    read = find_sentence(home, "ar", KEY)
    assert (read.reading, read.reader, read.proposed) == ("approved", "hana", ())
    with pytest.raises(Refusal, match="prose_changed_since") as refused:
        judge_sentence(home, "amina", "ar", KEY, sentence.forms, sentence.version)
    assert refused.value.arguments["person"] == "hana"
    words = (f"{sentence.forms[0]} …",)
    assert judge_sentence(home, "amina", "ar", KEY, words, read.version) == "changed"
    changed = find_sentence(home, "ar", KEY)
    assert (changed.reading, changed.reader, changed.proposed) == ("changed", "amina", words)
    assert find_sentence(home, "ckb", KEY).reading == "awaits"


@pytest.mark.parametrize(
    "forms",
    [(), ("",), ("no figure",), ("{year} {area} {another}",), ("{year} {area}", "two"), ("{year} {area}\u202e",),
     ("{year} {area}" + "a" * 2_000,)],
)  # fmt: skip
def test_words_that_could_not_stand_in_the_catalogue_are_refused(home: Home, forms: tuple[str, ...]):
    sentence = find_sentence(home, "ar", KEY)
    with pytest.raises(Refusal, match="sentence_form"):
        judge_sentence(home, "hana", "ar", KEY, forms, sentence.version)
    assert find_sentence(home, "ar", KEY).reading == "awaits"


def test_no_plural_form_loses_a_place_that_it_has_today(home: Home):
    known = Words.load("ar").messages
    plural = next(
        sentence
        for sentence in list_sentences(home, "ar")
        if len(sentence.forms) == 6 and set(placeholders(sentence.forms[2])) - {"count"}
    )
    place = next(name for name in placeholders(plural.forms[2]) if name != "count")
    assert known[plural.key].text == plural.forms
    own = list(plural.forms)
    own[2] = own[2].replace(f"{{{place}}}", "")
    with pytest.raises(Refusal, match="sentence_form"):
        judge_sentence(home, "hana", "ar", plural.key, own, plural.version)
    assert judge_sentence(home, "hana", "ar", plural.key, plural.forms, plural.version) == "approved"


def test_what_is_no_sentence_of_another_language_is_refused(home: Home):
    for tag, key in (("ar", "no.such.key"), ("en", KEY)):
        with pytest.raises(Refusal, match="sentence_unknown"):
            judge_sentence(home, "hana", tag, key, ("words",), "")
    with pytest.raises(Refusal, match="sentence_unknown"):
        find_sentence(home, "ar", "no.such.key")


def test_a_maintainer_takes_the_words_of_readers_unless_the_english_is_another_by_now(home: Home, tmp_path: Path):
    sentences = list_sentences(home, "ckb")
    first, second, third = [sentence for sentence in sentences if len(sentence.forms) == 1][:3]
    judge_sentence(home, "hana", "ckb", first.key, first.forms, first.version)
    for sentence in (second, third):
        judge_sentence(home, "hana", "ckb", sentence.key, (f"{sentence.forms[0]} …",), sentence.version)
    path = tmp_path / "read.po"
    path.write_bytes(exported_sentences(home, "ckb"))
    assert set(catalogue.read_catalogue(path).messages) == {first.key, second.key, third.key}
    folder = tmp_path / "languages"
    folder.mkdir()
    for source in (*catalogue.FOLDER.glob("*.po"), catalogue.FOLDER / "en.yml"):
        shutil.copy(source, folder)
    own = catalogue.read_catalogue(folder / "ckb.po")
    other = catalogue.Message(third.key, ("Other English",), own.messages[third.key].text)
    catalogue.write_catalogue(
        folder / "ckb.po", catalogue.Catalogue("ckb", {**own.messages, third.key: other}, own.headers)
    )
    taken = take_sentences(path, folder)
    assert (taken.changed, taken.stale) == ([second.key], [third.key])
    after = catalogue.read_catalogue(folder / "ckb.po").messages
    assert after[second.key].text == (f"{second.forms[0]} …",)
    assert {key for key in after if after[key] != own.messages[key]} == {second.key, third.key}
    path.write_text("no catalogue", encoding="utf-8")
    with pytest.raises(Refusal, match="sentence_file"):
        take_sentences(path, folder)


def test_a_judgement_of_other_words_counts_no_more(home: Home, monkeypatch: pytest.MonkeyPatch):
    sentence = find_sentence(home, "ar", KEY)
    judge_sentence(home, "hana", "ar", KEY, sentence.forms, sentence.version)
    monkeypatch.setattr(read_sentences, "_hash_of", lambda _: "of other words")
    assert find_sentence(home, "ar", KEY).reading == "awaits"
    assert KEY.encode() not in exported_sentences(home, "ar")
