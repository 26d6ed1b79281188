"""What an editor edits: places with their figures, saving with the checks of the report, two editors at once."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from pathlib import Path

import pytest

from ingestion.home import Home, write_bytes
from languages.refusal import Refusal
from languages.words import Words, languages
from marsad.answers import house_log
from marsad.answers.checklist_lines import checklist_lines, in_words
from marsad.answers.edited_texts import (
    MOST_LETTERS,
    SlotText,
    TextSlot,
    find_slot,
    list_slots,
    read_written,
    save_text,
)
from reports.editors import editing_log, written_sentences
from reports.publishing import publish_report
from tests.reports import invented_releases

MadeOnce = Callable[[str, Callable[[Path], object]], Path]


@pytest.fixture(scope="module")
def home(own_copy: MadeOnce) -> Home:
    return Home.at(own_copy("reported", invented_releases.build))


@pytest.fixture(autouse=True)
def no_texts(home: Home) -> None:
    for path in {*home.prose.glob("*"), *home.root.rglob("editing*")}:
        path.unlink()


def own(home: Home, slot: str, tag: str) -> SlotText:
    return find_slot(home, slot).texts[tag]


def a_title(home: Home) -> TextSlot:
    return next(slot for slot in list_slots(home) if slot.is_title)


def test_each_place_has_its_title_its_page_and_its_figures_in_every_language(home: Home):
    slots = list_slots(home)
    assert len({slot.id for slot in slots}) == len(slots)
    assert {slot.page for slot in slots} >= {"index.html", "protection.html"}
    title = next(slot for slot in slots if slot.is_title)
    assert list(title.texts) == languages()
    assert len({text.title for text in title.texts.values()}) == len(languages())
    for text in title.texts.values():
        (figure,) = text.figures
        assert (text.text, text.version, text.state) == ("", "", "empty")
        assert figure.key.strip("{}").count("@") == 1
        assert figure.printed
    with pytest.raises(Refusal, match="prose_slot_unknown"):
        find_slot(home, "no-such-chapter")


def test_a_saved_text_is_the_file_of_the_editors_and_the_log_says_who_saved_it(home: Home):
    saving = save_text(home, "hana", "protection.ar.md", "سطر\r\nآخر  \r\n\r\n- بند\r\n\r\n", "")
    assert saving.is_saved
    assert (home.prose / "protection.ar.md").read_text(encoding="utf-8") == "سطر\nآخر\n\n- بند\n"
    text = own(home, "protection", "ar")
    assert (text.state, text.version, text.saved_by) == ("current", saving.version, "hana")
    (line,) = house_log.walk(home, person="hana")
    assert (line["log"], line["kind"], line["what"]) == ("editing", "saved", "protection.ar.md")
    assert save_text(home, "hana", "protection.ar.md", "", saving.version).is_saved
    assert own(home, "protection", "ar").state == "empty"
    assert len(editing_log.read_lines(home)) == 2


def test_what_the_report_would_leave_out_is_not_saved_and_told_in_words(home: Home):
    saving = save_text(home, "hana", "protection.en.md", "# A heading\n", "")
    assert (saving.is_saved, saving.items[0].code) == (False, "prose_markup")
    assert all(line.message for line in in_words(saving.items, Words.load("ckb")))
    assert list(home.prose.glob("*.md")) == []
    assert editing_log.read_lines(home) == []
    for name in ("../protection.en.md", "protection.md", "protection.xx.md"):
        with pytest.raises(Refusal, match="prose_slot_unknown"):
            save_text(home, "hana", name, "text", "")
    assert save_text(home, "hana", "no-such-chapter.en.md", "text", "").items[0].code == "prose_chapter"
    with pytest.raises(Refusal, match="prose_long"):
        save_text(home, "hana", "protection.en.md", "a" * (MOST_LETTERS + 1), "")


NAMED = "The victim Zainab Example was rescued. There were 3333 girls in Wasit."


def waiting(home: Home, name: str) -> list[str]:
    """Sentences of a text that block publication."""
    ready = publish_report.readiness(home, languages(), today=datetime.date(2026, 6, 30))
    return [str(item.arguments["sentence"]) for item in ready.blocking if item.where == f"prose/{name}"]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [(NAMED, "There were 3333 girls in Wasit."), ("كانت هناك ثلاث فتيات.", "كانت هناك ثلاث فتيات.")],
)
def test_a_number_that_the_place_does_not_print_blocks_until_a_second_person_has_read_it(
    home: Home, text: str, sentence: str
):
    name = "answer-are-victims-charged-iq-fed.en.md"
    saving = save_text(home, "hana", name, text, "")
    assert saving.is_saved
    assert {item.code for item in saving.items if item.level == "must"} == {"prose_number"}
    assert waiting(home, name) == [sentence]
    sha256 = written_sentences.hash_of(sentence)
    with pytest.raises(Refusal, match="sentence_of_reader"):
        read_written(home, "hana", name, sha256)
    with pytest.raises(Refusal, match="prose_changed_since"):
        read_written(home, "amina", name, written_sentences.hash_of("another sentence"))
    read_written(home, "amina", name, sha256)
    assert waiting(home, name) == []
    (line,) = house_log.walk(home, person="amina")
    assert (line["kind"], line["what"]) == ("read", name)
    changed = save_text(home, "amina", name, text.replace("3333", "3334") + " Three.", saving.version)
    assert changed.is_saved
    assert len(waiting(home, name)) == 2 if text == NAMED else waiting(home, name)


def test_a_text_that_nobody_saved_here_is_read_by_two(home: Home):
    name = "protection.en.md"
    write_bytes(home.prose / name, b"There were 9999 persons.\n")
    for person, left in (("hana", 1), ("amina", 0)):
        read_written(home, person, name, written_sentences.hash_of("There were 9999 persons."))
        assert len(waiting(home, name)) == left


def test_a_title_keeps_its_figure(home: Home):
    slot = a_title(home)
    text = slot.texts["en"]
    for words in ("In other words: 999 of them", f"Of {text.figures[0].key}, or 17", "Nobody", "{unknown@IQ-FED}"):
        saving = save_text(home, "hana", text.name, words, "")
        assert not saving.is_saved
        assert "prose_title" in {item.code for item in saving.items}
    assert save_text(home, "hana", text.name, f"In other words: {text.figures[0].key}.", "").is_saved


def test_who_saves_second_loses_neither_text(home: Home):
    first = save_text(home, "hana", "protection.en.md", "The first.", "")
    with pytest.raises(Refusal, match="prose_changed_since") as refused:
        save_text(home, "amina", "protection.en.md", "The second.", "")
    assert refused.value.arguments["person"] == "hana"
    assert own(home, "protection", "en").text == "The first.\n"
    assert save_text(home, "amina", "protection.en.md", "The second.", first.version).is_saved
    write_bytes(home.prose / "protection.en.md", b"Written by hand.\n")
    with pytest.raises(Refusal, match="prose_changed_since") as refused:
        save_text(home, "amina", "protection.en.md", "The third.", first.version)
    assert refused.value.arguments["person"] == "-"
    assert own(home, "protection", "en").saved_by == ""


def test_a_text_says_that_another_language_is_newer_that_its_figure_moved_or_that_it_is_left_out(home: Home):
    for tag in ("ar", "en"):
        assert save_text(home, "hana", f"protection.{tag}.md", "نص", "").is_saved
    assert own(home, "protection", "ar").state == "older"
    assert own(home, "protection", "en").state == "current"
    title = a_title(home).texts["en"]
    assert save_text(home, "hana", title.name, f"As many as {title.figures[0].key}", "").is_saved
    remembered = home.prose / "figures.json"
    remembered.write_text(remembered.read_text().replace(title.figures[0].printed, "another figure"))
    text = own(home, a_title(home).id, "en")
    assert (text.state, text.changed) == ("other_figures", (title.figures[0].key.strip("{}"),))
    write_bytes(home.prose / title.name, b"# no title\n")
    assert own(home, a_title(home).id, "en").state == "kept_out"


def test_the_checklist_is_data_in_the_language_of_the_reader(home: Home):
    lines = checklist_lines(home, Words.load("ar"))
    assert "calendar_missing" in {line.code for line in lines if line.level == "must"}
    levels = [line.level for line in lines]
    assert levels == sorted(levels)
    assert all(line.message for line in lines)
