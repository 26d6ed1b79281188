"""The report's texts in a browser: drafts outlive errors, a page is seen with them, sentences are read one by one."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from html import escape
from pathlib import Path

import pytest

from desk import ahead
from desk.editing.models import Draft
from ingestion.home import Home, write_bytes
from languages.catalogue import plural_forms
from languages.words import Words, languages
from marsad.answers import checklist_lines, edited_texts, read_sentences
from marsad.answers.previewed_page import preview
from reports.editors.checklist import ChecklistItem
from samples import invented_people
from tests.desk.browsers import browser, says
from tests.reports import invented_releases

MadeOnce = Callable[[str, Callable[[Path], object]], Path]
PLACE = "/edit/protection"
NAME = "protection.en.md"


@pytest.fixture
def reported(made_once: MadeOnce, home: Home) -> Home:
    """A home with a report, and people."""
    shutil.rmtree(home.root)
    shutil.copytree(made_once("reported", invented_releases.build), home.root, symlinks=True)
    with home.lock("test"):
        invented_people.found(home)
    return home


def typed(**texts: str) -> dict[str, str]:
    """What the form of a place sends that was opened before anything was stored."""
    return {**dict.fromkeys(languages(), ""), **{f"opened-{tag}": "" for tag in languages()}, **texts}


@pytest.mark.parametrize("tag", languages())
def test_a_place_shows_three_columns_with_the_figures_of_today(reported: Home, tag: str):
    hana = browser("hana", tag)
    assert "/edit?page=protection.html" in hana.get("/edit").content.decode()
    assert f'href="{PLACE}"' in hana.get("/edit?page=protection.html").content.decode()
    page = hana.get(PLACE).content.decode()
    assert re.findall(r'<textarea id="text-(\w+)"', page) == languages()
    assert f'<html lang="{tag}" dir="{Words.load(tag).direction}">' in page
    title = next(slot for slot in edited_texts.list_slots(reported) if slot.is_title)
    page = hana.get(f"/edit/{title.id}").content.decode()
    assert title.texts["en"].figures[0].key in page
    assert len(page.encode()) < 100_000


def test_a_text_is_saved_and_what_else_was_typed_stays_as_a_draft(reported: Home):
    hana = browser("hana")
    assert hana.post(PLACE, typed(en="Saved.", ar="مسودة", save="en"))["Location"] == f"{PLACE}?saved=en"
    assert (reported.prose / NAME).read_text() == "Saved.\n"
    assert not (reported.prose / "protection.ar.md").exists()
    assert says(hana.get(f"{PLACE}?saved=en").content, "browser.texts.saved")
    assert not says(hana.get(f"{PLACE}?saved=everything").content, "browser.texts.saved")
    page = browser("hana").get(PLACE).content  # of another session
    assert "مسودة" in page.decode()
    assert says(page, "browser.texts.draft")
    assert "مسودة" not in browser("amina").get("/").content.decode()
    assert [draft.name for draft in Draft.objects.all()] == ["protection.ar.md"]


def test_what_the_report_would_leave_out_is_told_and_stays_in_the_field(reported: Home):
    hana = browser("hana")
    answer = hana.post(PLACE, typed(en="# A <b>heading</b>", save="en"))
    assert answer.status_code == 422
    assert says(answer.content, "browser.texts.not_saved")
    assert "# A &lt;b&gt;heading&lt;/b&gt;" in answer.content.decode()
    assert list(reported.prose.glob("protection.*")) == []
    assert "# A &lt;b&gt;heading" in hana.get(PLACE).content.decode()


def test_the_preview_refuses_what_the_save_refuses(reported: Home):
    hana = browser("hana")
    title = next(slot for slot in edited_texts.list_slots(reported) if slot.is_title)
    form = typed(en="# A heading")
    for slot, words in ((title.id, typed(en="999 of them")), ("protection", form)):
        refused = hana.post(f"/edit/{slot}/preview", words | {"preview": "en"})
        saved = hana.post(f"/edit/{slot}", words | {"save": "en"})
        assert (refused.status_code, saved.status_code) == (422, 422)
        assert says(refused.content, "browser.texts.refused")
        assert refused["X-Frame-Options"] == "SAMEORIGIN"
        for answer in (refused, saved):
            assert "prose/" not in answer.content.decode()


def test_a_page_has_its_name_and_a_figure_its_sentence(reported: Home):
    hana = browser("hana", "ar")
    slots = edited_texts.list_slots(reported)
    title = next(slot for slot in slots if slot.is_title)
    listed = re.sub(r'href="[^"]*"', "", hana.get("/edit").content.decode())
    assert ".html" not in listed
    page = hana.get(f"/edit/{title.id}").content.decode()
    figure = title.texts["ar"].figures[0]
    assert figure.name and figure.printed in figure.name
    assert f'value="{figure.key}"' in page
    assert ".html" not in re.sub(r'href="[^"]*"', "", page)
    code = title.page.removesuffix(".html").lower().replace("-", "_")
    for content in (listed, page):
        assert f"<bdi>{Words.load('ar').text(f'indicator.{code}.title')}</bdi>" in content
    assert not re.search(r"<details open>", hana.get(PLACE).content.decode())


def test_two_editors_at_once_lose_no_word(reported: Home):
    hana = browser("hana")
    write_bytes(reported.prose / NAME, b"By somebody else.\n")
    answer = hana.post(PLACE, typed(en="Hers.", save="en"))
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Hers." in page
    assert "By somebody else." in page
    version = edited_texts.version_of("By somebody else.\n")
    assert version in page
    assert hana.post(PLACE, typed(en="Hers.", save="en") | {"opened-en": version}).status_code == 302
    assert (reported.prose / NAME).read_text() == "Hers.\n"


def test_a_lock_that_is_held_loses_no_word(reported: Home):
    hana = browser("hana")
    with reported.lock("marsad build"):
        assert hana.post(PLACE, typed(en="While a build runs.", save="en")).status_code == 422
    assert "While a build runs." in hana.get(PLACE).content.decode()


def test_the_page_is_seen_with_all_drafts_and_nothing_is_saved(reported: Home):
    hana = browser("hana")
    shown = hana.post(f"{PLACE}/preview", typed(en="A word of hers.", preview="en"))
    assert shown.content == preview(reported, "protection", "en", {NAME: "A word of hers."}).content
    assert b"A word of hers." in shown.content
    assert shown["X-Frame-Options"] == "SAMEORIGIN"
    assert "frame-ancestors 'self'" in shown["Content-Security-Policy"]
    assert b"A word of hers." not in hana.get(f"{PLACE}/preview?preview=ar").content
    assert list(reported.prose.glob("protection.*")) == []
    assert hana.get("/two-pages/ckb").content.startswith(b"%PDF")
    assert hana.get("/two-pages/xx").status_code == 404


def test_an_unknown_place_is_refused_in_words(reported: Home):
    assert says(browser("hana").get("/edit/nowhere").content, "refusal.prose_slot_unknown", where="nowhere")


def test_the_checklist_is_a_page(reported: Home):
    page = browser("dara").get("/checklist").content
    assert says(page, "report.must")


@pytest.mark.parametrize("tag", languages())
def test_the_checklist_names_the_page_where_a_day_is_entered_and_no_file(tag: str):
    words, item = Words.load(tag), ChecklistItem("must", "printed_day", "prose/calendar.yml", {"date": "2026-12-01"})
    [line] = checklist_lines.in_words([item], words, "browser.")
    assert "prose/calendar.yml" not in line.message
    [line] = checklist_lines.in_words([item], words)
    assert "prose/calendar.yml" in line.message


def test_a_sentence_is_approved_and_the_next_follows(reported: Home):
    hana = browser("hana")
    first, second = read_sentences.list_sentences(reported, "ckb")[:2]
    page = hana.get("/sentences/ckb").content.decode()
    assert f"/sentences/ckb/one?key={first.key}" in page
    page = hana.get("/sentences/ckb/one", {"key": first.key}).content.decode()
    assert 'lang="ckb" dir="rtl"' in page
    form = {"key": first.key, "version": first.version, "approve": "1", "form": first.forms}
    following = hana.post("/sentences/ckb/one", form)["Location"]
    assert following == f"/sentences/ckb/one?key={second.key}&judged={first.key}"
    assert 'class="done"' in hana.get(following).content.decode()
    assert 'class="done"' not in hana.get(f"/sentences/ckb/one?key={second.key}&judged=x").content.decode()
    assert read_sentences.find_sentence(reported, "ckb", first.key).reader == "hana"
    assert f"/sentences/ckb/one?key={first.key}" not in hana.get("/sentences/ckb").content.decode()
    assert f"/sentences/ckb/one?key={first.key}" in hana.get("/sentences/ckb?all=").content.decode()


def test_the_next_sentence_is_the_one_below_and_proposed_words_are_shown(reported: Home):
    hana = browser("hana")
    own = read_sentences.list_sentences(reported, "ckb")
    tenth, after = own[9], own[10]
    words = [f"{form} …" for form in tenth.forms]
    form = {"key": tenth.key, "version": tenth.version, "change": "1", "form": words}
    following = hana.post("/sentences/ckb/one", form)["Location"]
    assert following.startswith(f"/sentences/ckb/one?key={after.key}&")
    assert escape(words[0]) in hana.get(following).content.decode()
    again = hana.get("/sentences/ckb/one", {"key": tenth.key}).content
    assert says(again, "browser.sentences.proposed")


def test_each_plural_form_says_which_numbers_it_is_for(reported: Home):
    plural = next(s for s in read_sentences.list_sentences(reported, "ar") if len(s.forms) == 6)
    page = browser("hana").get("/sentences/ar/one", {"key": plural.key}).content
    for form in plural_forms("ar"):
        assert says(page, f"browser.sentences.form.{form}")


def test_other_words_are_proposed_or_refused_and_stay_in_the_field(reported: Home):
    hana = browser("hana")
    sentence = read_sentences.find_sentence(reported, "ar", "page.results.intro_exact")
    form = {"key": sentence.key, "version": sentence.version, "change": "1"}
    answer = hana.post("/sentences/ar/one", form | {"form": ["بلا أرقام"]})
    assert answer.status_code == 422
    assert "بلا أرقام" in answer.content.decode()
    assert hana.post("/sentences/ar/one", form | {"form": [f"{sentence.forms[0]} …"]}).status_code == 302
    assert read_sentences.find_sentence(reported, "ar", sentence.key).reading == "changed"
    file = hana.get("/sentences/ar/file").content.decode()
    assert f'msgctxt "{sentence.key}"' in file
    assert hana.get("/sentences/en").status_code == 404


def test_a_server_reads_ahead_and_where_nothing_is_released_the_page_says_so(home: Home):
    ahead.read_ahead(home).join()
    answer = browser("hana").get("/edit")
    assert answer.status_code == 422
    assert says(answer.content, "refusal.nothing_released.remedy")


def test_what_cannot_be_computed_ahead_keeps_nothing_else_from_it(home: Home, monkeypatch: pytest.MonkeyPatch):
    def fail(*_: object) -> None:
        raise RuntimeError

    previewed: list[str] = []
    monkeypatch.setattr(ahead.edited_texts, "list_slots", fail)
    monkeypatch.setattr(ahead, "preview", lambda _home, page, tag, _drafts: previewed.append(f"{page} {tag}"))
    ahead.read_ahead(home).join()
    assert previewed == [f"{page} {tag}" for tag in languages() for page in ("index", ahead.TWO_PAGES)]


def test_a_text_that_was_changed_is_checked_anew_at_the_next_request(reported: Home):
    hana, sentence = browser("hana"), "protection.en.md"
    assert sentence not in hana.get("/checklist").content.decode()
    write_bytes(reported.prose / sentence, b"A word <b> of an editor.\n")
    assert sentence in hana.get("/checklist").content.decode()
    write_bytes(reported.prose / sentence, b"A word of an editor.\n")
    assert sentence not in hana.get("/checklist").content.decode()


def test_a_sentence_with_a_number_is_read_by_somebody_else_on_the_page_of_what_is_to_be_done(reported: Home):
    hana = browser("hana")
    assert hana.post(PLACE, typed(en="There were three girls in Wasit.", save="en")).status_code == 302
    for person, status in (("hana", 422), ("dara", 302)):
        page = browser(person).get("/checklist").content.decode()
        assert "There were three girls in Wasit." in page
        file, sentence = re.findall(
            r'name="file" value="(.+?)"><input type="hidden" name="sentence" value="(.+?)"', page
        )[0]
        answer = browser(person).post("/checklist/read", {"file": file, "sentence": sentence})
        assert answer.status_code == status
    assert 'name="sentence"' not in browser("hana").get("/checklist").content.decode()
