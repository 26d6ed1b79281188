"""Catalogues: reading, writing, merging by key alone, gaps."""

from __future__ import annotations

from pathlib import Path

import pytest

from languages.catalogue import (
    Catalogue,
    Gap,
    Message,
    catalogue_path,
    find_messages,
    gaps,
    merge,
    plural_forms,
    read_catalogue,
    read_on_demand,
    write_catalogue,
)

ONE = Message("page.one", ("One file",), ("ملف واحد",))
COUNTED = Message("page.files", ("{count} file", "{count} files"), ("0", "1", "2", "3", "11", "100"))


def catalogue(tag: str, *messages: Message, **headers: str) -> Catalogue:
    return Catalogue(tag, {message.key: message for message in messages}, headers)


def english(*messages: Message) -> Catalogue:
    return catalogue("en", *(Message(message.key, message.english) for message in messages))


@pytest.mark.parametrize("ask_all_first", [False, True])
@pytest.mark.parametrize("tag", ["en", "ar", "ckb"])
def test_messages_read_one_by_one_are_those_that_are_read_together(tag: str, ask_all_first: bool):
    whole, one_by_one = read_catalogue(catalogue_path(tag)), read_on_demand(catalogue_path(tag))
    assert not ask_all_first or len(one_by_one.messages) == len(whole.messages)
    assert {key: one_by_one.messages[key] for key in whole.messages} == whole.messages
    assert (one_by_one.headers, "no.such.key" in one_by_one.messages) == (whole.headers, False)


def test_messages_on_demand_are_found_wherever_they_stand_in_a_file_edited_by_hand(tmp_path: Path):
    path = tmp_path / "ar.po"
    path.write_text(
        'msgid ""\nmsgstr ""\n\n# msgctxt "page.no"\nmsgctxt "page.a"\nmsgid "A"\nmsgstr "ا"\n'
        'msgctxt "page.b"\nmsgid "B"\nmsgstr "ب"\n\n\nmsgctxt ""\n"page.c"\nmsgid "C"\nmsgstr "ج"\n',
        encoding="utf-8",
    )
    for key in ("page.a", "page.b", "page.c"):
        assert read_on_demand(path).messages[key] == read_catalogue(path).messages[key]
    assert "page.no" not in read_on_demand(path).messages


def test_what_was_written_is_read_again(tmp_path: Path):
    path = tmp_path / "ar.po"
    fuzzy = Message("page.two", ('Quoted "text"\nof two lines',), ("نص",), is_fuzzy=True, comments=("ask the court",))
    written = catalogue("ar", COUNTED, ONE, fuzzy, **{"X-Marsad-Numerals": "arab", "X-Marsad-Reviewer": "A. Reader"})
    assert write_catalogue(path, written)
    found = read_catalogue(path)
    assert dict(found.messages) == dict(written.messages)
    assert found.headers["X-Marsad-Reviewer"] == "A. Reader"


def test_the_same_content_is_not_written_again_and_its_order_follows_the_keys(tmp_path: Path):
    path = tmp_path / "ar.po"
    write_catalogue(path, catalogue("ar", ONE, COUNTED))
    before = path.read_bytes()
    assert not write_catalogue(path, catalogue("ar", COUNTED, ONE))
    assert path.read_bytes() == before
    assert before.index(b"page.files") < before.index(b"page.one")


def test_a_header_that_an_editor_wrapped_is_read_whole(tmp_path: Path):
    path = tmp_path / "ckb.po"
    path.write_text(
        'msgid ""\nmsgstr ""\n"Language: ckb\\n"\n"Plural-Forms: nplurals=2; "\n"plural=(n != 1);\\n"\n'
        '"X-Marsad-Reviewer: A long "\n"name\\n"\n\nmsgctxt "a.b"\nmsgid "x"\nmsgstr "y"\n',
        encoding="utf-8",
    )
    assert read_catalogue(path).headers["X-Marsad-Reviewer"] == "A long name"


def test_an_entry_without_a_key_is_not_read(tmp_path: Path):
    path = tmp_path / "ar.po"
    path.write_text('msgid ""\nmsgstr ""\n"Language: ar\\n"\n\nmsgid "x"\nmsgstr "y"\n', encoding="utf-8")
    with pytest.raises(ValueError, match="no key"):
        read_catalogue(path)


def test_a_key_that_stands_twice_is_not_read(tmp_path: Path):
    path = tmp_path / "ar.po"
    entries = "".join(f'\nmsgctxt "a.b"\nmsgid "{english}"\nmsgstr "y"\n' for english in ("x", "z"))
    path.write_text(f'msgid ""\nmsgstr ""\n"Language: ar\\n"\n{entries}', encoding="utf-8")
    with pytest.raises(ValueError, match=r"a\.b stands twice"):
        read_catalogue(path)


def test_new_english_keeps_the_text_and_makes_it_fuzzy():
    source = english(Message("page.one", ("One file only",)))
    found = merge(source, catalogue("ar", ONE)).messages["page.one"]
    assert (found.english, found.text, found.is_fuzzy) == (("One file only",), ("ملف واحد",), True)


def test_merging_goes_by_key_alone():
    source = english(Message("page.other", ("One file",)))
    merged = merge(source, catalogue("ar", ONE))
    assert merged.messages == {"page.other": Message("page.other", ("One file",))}


def test_merging_twice_changes_nothing():
    source = english(ONE, COUNTED, Message("page.new", ("New",)))
    once = merge(source, catalogue("ar", ONE))
    assert merge(source, once) == once


def test_every_kind_of_gap_is_named():
    source = english(
        ONE, COUNTED, Message("a.fuzzy", ("F",)), Message("a.stale", ("new",)), Message("a.absent", ("x",))
    )
    found = catalogue(
        "ar",
        ONE,
        Message("page.files", COUNTED.english, ("only one form",)),
        Message("a.fuzzy", ("F",), ("ف",), is_fuzzy=True),
        Message("a.stale", ("old",), ("قديم",)),
    )
    assert gaps(source, found) == [
        Gap("missing", "a.absent"),
        Gap("fuzzy", "a.fuzzy"),
        Gap("stale", "a.stale"),
        Gap("untranslated", "page.files"),
    ]


def test_the_source_language_needs_no_translation():
    source = english(ONE, COUNTED)
    assert gaps(source, source) == []


def test_plural_forms_follow_cldr():
    assert plural_forms("ar") == ("zero", "one", "two", "few", "many", "other")
    assert plural_forms("ckb") == plural_forms("en") == ("one", "other")


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("FILE", ["page.files", "page.one"]),
        ("ملف", ["page.one"]),
        ("files", ["page.files"]),
        ("page", []),
        ("100", ["page.files"]),
    ],
)
def test_a_message_is_found_by_a_part_of_its_text_in_any_language(text: str, keys: list[str]):
    assert find_messages(text, [english(ONE, COUNTED), catalogue("ar", ONE, COUNTED)]) == keys
