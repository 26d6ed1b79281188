"""Look-up by key: plural forms, isolates, digits, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from languages.catalogue import Catalogue, Message, write_catalogue
from languages.refusal import Refusal
from languages.words import Words, gaps, isolate, languages

FILES = Message(
    "files",
    ("{count} file", "{count} files"),
    ("لا ملف", "ملف", "ملفان", "{count} ملفات", "{count} ملفاً", "{count} ملف"),
)
GREETING = Message("greeting", ("File {name} of {source}",), ("الملف {name} من {source}",))
LATER = Message("later", ("Later",), ("لاحقاً",), is_fuzzy=True)
EMPTY = Message("empty", ("Empty",))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    messages = {message.key: message for message in (FILES, GREETING, LATER, EMPTY)}
    source = {key: Message(key, message.english) for key, message in messages.items()}
    write_catalogue(tmp_path / "en.yml", Catalogue("en", source))
    write_catalogue(tmp_path / "ar.po", Catalogue("ar", messages, {"X-Marsad-Numerals": "arab"}))
    return tmp_path


def test_the_source_language_comes_first(folder: Path):
    assert languages(folder) == ["en", "ar"]
    assert set(languages()) >= {"en", "ar", "ckb"}


def test_english_needs_no_translation(folder: Path):
    assert Words.load("en", folder).text("greeting", name="a.xlsx", source="here") == "File a.xlsx of here"


@pytest.mark.parametrize(
    ("count", "form"), [(0, "لا ملف"), (1, "ملف"), (2, "ملفان"), (3, "ملفات"), (11, "ملفاً"), (100, "ملف")]
)
def test_arabic_has_six_plural_forms(folder: Path, count: int, form: str):
    text = Words.load("ar", folder).text("files", count=count)
    assert text.rpartition("\u2069 ")[2] == form


def test_numbers_are_written_with_our_own_digits(folder: Path):
    assert Words.load("ar", folder).text("files", count=12345) == "\u2067١٢٬٣٤٥\u2069 ملفاً"
    assert Words.load("en", folder).text("files", count=12345) == "12,345 files"


def test_arguments_are_isolated_in_a_right_to_left_sentence(folder: Path):
    text = Words.load("ar", folder).text("greeting", name="list (2).xlsx", source="الداخلية")
    assert text == "الملف \u2068list (2).xlsx\u2069 من \u2068الداخلية\u2069"


def test_a_number_and_a_composed_text_keep_the_direction_of_the_sentence():
    assert isolate("٦٠٪").startswith("\u2067")
    assert isolate("\u2068الأول\u2069، \u2068الثاني\u2069").startswith("\u2067")
    assert isolate("12%").startswith("\u2068")


@pytest.mark.parametrize("key", ["absent", "later", "empty"])
def test_a_missing_fuzzy_or_untranslated_key_is_refused_by_name(folder: Path, key: str):
    with pytest.raises(Refusal) as refused:
        Words.load("ar", folder).text(key)
    assert (refused.value.code, refused.value.where) == ("message_missing", key)


def test_a_placeholder_without_its_argument_is_an_error(folder: Path):
    with pytest.raises(KeyError):
        Words.load("en", folder).text("greeting", name="a.xlsx")


def test_an_argument_is_never_read_as_a_pattern(folder: Path):
    assert Words.load("en", folder).text("greeting", name="{source}", source="x") == "File {source} of x"


def test_an_unknown_language_is_refused_with_the_known_ones(folder: Path):
    with pytest.raises(Refusal) as refused:
        Words.load("ku", folder)
    assert (refused.value.code, refused.value.arguments) == ("language_unknown", {"known": "en, ar"})


def test_gaps_name_what_is_lacking(folder: Path):
    assert [(gap.kind, gap.key) for gap in gaps("ar", folder)] == [("untranslated", "empty"), ("fuzzy", "later")]


def test_direction_and_review_follow_from_the_catalogue(folder: Path):
    arabic = Words.load("ar", folder)
    assert (arabic.direction, arabic.numerals, arabic.is_reviewed) == ("rtl", "arab", False)
    assert Words.load("en", folder).is_reviewed


def test_a_language_is_reviewed_once_its_reviewer_is_named(folder: Path):
    write_catalogue(folder / "ckb.po", Catalogue("ckb", {}, {"X-Marsad-Reviewer": "A native reader"}))
    assert Words.load("ckb", folder).is_reviewed
