"""The front desk: what it prints, in which language, with which exit code."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import typer

from assets import dbt_events, stages
from ingestion.cards.source_card import FOLDER
from ingestion.files.guard import MAX_FILE_BYTES
from ingestion.home import FORMAT_VERSION, Home, sha256_of, write_bytes
from ingestion.submissions import current_submissions, landing, receipts
from languages import catalogue, glossary, words
from languages.words import languages
from marsad.answers import read_sentences
from marsad.command import app
from tests.ingestion.workbooks import sample_as_sent

MINISTRY = "iraq_interior_ministry"
Marsad = Callable[..., tuple[int, str, str]]
SAMPLE = FOLDER / "sources" / MINISTRY / "sample.xlsx"

HOUSE = Path(__file__).resolve().parents[2]


@pytest.fixture
def export(tmp_path: Path) -> Path:
    """An export with a holder's own tokens: a real home refuses the sample itself."""
    path = tmp_path / "export.xlsx"
    sample_as_sent(MINISTRY).save(path)
    return path


def test_check_accepts_a_good_file_and_keeps_nothing(marsad: Marsad, tmp_path: Path) -> None:
    code, out, _ = marsad("check", str(SAMPLE), "--json")
    answer = json.loads(out)
    assert (code, answer["verdict"], answer["rows_in"], answer["findings"]) == (0, "accepted", 36, [])
    assert answer["rows_in"] == answer["rows_landed"] + answer["rows_quarantined"]
    assert not (tmp_path / "home").exists()


def test_check_finds_out_whose_file_it_is(marsad: Marsad, tmp_path: Path) -> None:
    unnamed = tmp_path / "export.xlsx"
    unnamed.write_bytes((FOLDER / "sources" / "iraq_labour_ministry" / "sample.xlsx").read_bytes())
    code, out, _ = marsad("check", str(unnamed), "--json")
    assert (code, json.loads(out)["rows_landed"]) == (0, 15)


def test_a_file_with_a_name_is_taken_without_it_and_the_name_is_nowhere(marsad: Marsad, tmp_path: Path) -> None:
    book = sample_as_sent(MINISTRY)
    sheet = book["الضحايا"]
    sheet.cell(row=8, column=sheet.max_column + 1, value="زيد عمرو بكر حسين")
    bad = tmp_path / "bad.xlsx"
    book.save(bad)
    code, out, err = marsad("--language", "ar", "receive", MINISTRY, str(bad))
    assert code == 0
    assert "مقبول" in out
    written = "".join(path.read_text(errors="ignore") for path in (tmp_path / "home").rglob("*") if path.is_file())
    assert all("زيد" not in text for text in (out, err, written))


def test_the_same_file_twice_is_recognised_and_counted_once(marsad: Marsad, export: Path) -> None:
    first = json.loads(marsad("receive", MINISTRY, str(export), "--json")[1])[0]
    second = json.loads(marsad("receive", MINISTRY, str(export), "--json")[1])[0]
    assert (first["verdict"], second["verdict"]) == ("accepted", "known")
    assert first["submission"] == second["submission"]


def test_an_unknown_source_is_answered_with_the_nearest_known_one(marsad: Marsad) -> None:
    code, _, err = marsad("receive", "iraq_interior_minstry", str(SAMPLE))
    assert code == 2
    assert "unknown_source" in err
    assert MINISTRY in err


@pytest.mark.parametrize("tag", languages())
@pytest.mark.parametrize("question", ["build", "releases", "submissions status", "report"])
def test_an_empty_home_says_what_to_do(marsad: Marsad, tag: str, question: str, tmp_path: Path) -> None:
    code, _, err = marsad("--language", tag, *question.split())
    assert code == 1
    assert "home_empty" in err
    assert "make demo" in err
    assert not (tmp_path / "home").exists()


def test_a_file_too_large_to_be_read_is_refused_by_its_hash_and_those_beside_it_are_taken(
    marsad: Marsad, export: Path, tmp_path: Path
) -> None:
    large = tmp_path / "large.xlsx"
    with large.open("wb") as stream:
        stream.truncate(MAX_FILE_BYTES + 1)
    code, out, _ = marsad("check", str(large), "--source", MINISTRY, "--json")
    told = json.loads(out)
    assert (code, told["verdict"], told["rows_in"]) == (1, "refused", 0)
    assert (told["sha256"], [one["kind"] for one in told["findings"]]) == (sha256_of(large), ["file_too_large"])
    code, out, _ = marsad("receive", MINISTRY, str(large), str(export), "--json")
    assert (code, [one["verdict"] for one in json.loads(out)]) == (1, ["refused", "accepted"])


@pytest.mark.parametrize("options", [(), ("--replace",), ("--dry-run",), ("--json",)])
def test_a_refused_file_leaves_no_home_where_there_was_none(marsad: Marsad, tmp_path: Path, options: tuple[str, ...]):
    large = tmp_path / "large.csv"
    with large.open("wb") as stream:
        stream.truncate(MAX_FILE_BYTES + 1)
    assert marsad("receive", MINISTRY, SAMPLE, *options)[0] == 1  # invented records
    assert marsad("receive", MINISTRY, large, *options)[0] == 1
    assert not (tmp_path / "home").exists()


def test_a_refused_file_leaves_an_empty_folder_empty_and_a_home_as_it_was(marsad: Marsad, tmp_path: Path):
    (tmp_path / "home").mkdir()
    assert marsad("receive", MINISTRY, SAMPLE)[0] == 1
    assert list((tmp_path / "home").iterdir()) == []
    home = Home.at(tmp_path / "home").open()
    before = sorted(home.root.rglob("*"))
    assert marsad("receive", MINISTRY, SAMPLE)[0] == 1
    assert sorted(home.root.rglob("*")) == before


def test_the_first_file_that_gets_a_receipt_makes_the_home(marsad: Marsad, export: Path, tmp_path: Path):
    assert marsad("receive", MINISTRY, export)[0] == 0
    assert (tmp_path / "home" / "home.json").exists()
    assert len(receipts.read_receipts(Home.at(tmp_path / "home"))) == 1


def test_the_catalogue_needs_no_home_and_makes_none(
    marsad: Marsad, parsed_home: Callable[[], Home], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = parsed_home()  # where there is no home either

    def prepared(at: Home) -> None:
        assert not at.root.is_relative_to(tmp_path / "home")
        shutil.copytree(read.dbt_target, at.dbt_target)

    monkeypatch.setattr(dbt_events, "prepare_manifest", prepared)
    code, out, err = marsad("indicators", "--json")
    told = json.loads(out)
    cards = list((HOUSE / "dbt_project" / "models" / "indicators").rglob("ind_*.sql"))
    assert code == 0 and len(told) == len(cards) >= 80 and not any(one["fed"] or one["built"] for one in told)
    assert str(tmp_path / "home") in err and not (tmp_path / "home").exists()


def test_no_report_is_written_while_another_writer_holds_the_home(marsad: Marsad, export: Path, tmp_path: Path) -> None:
    marsad("receive", MINISTRY, str(export))
    with Home.at(tmp_path / "home").lock("marsad build"):
        code, _, err = marsad("report")
    assert (code, "lock_held" in err) == (1, True)


def test_a_missing_file_is_told_before_the_first_one_is_taken(marsad: Marsad, export: Path, tmp_path: Path) -> None:
    code, _, err = marsad("receive", MINISTRY, str(export), str(tmp_path / "nowhere.xlsx"))
    assert (code, "upload_missing" in err) == (2, True)
    assert not (tmp_path / "home").exists()


def test_invented_and_real_never_meet(marsad: Marsad, export: Path, tmp_path: Path) -> None:
    code, _, err = marsad("receive", MINISTRY, str(SAMPLE))
    assert (code, "sample_is_invented" in err) == (1, True)
    Home.at(tmp_path / "home").open()
    (tmp_path / "home" / "home.json").write_text(f'{{"format_version": {FORMAT_VERSION}, "invented": true}}')
    code, _, err = marsad("receive", MINISTRY, str(export))
    assert (code, "home_is_invented" in err) == (1, True)


def test_a_damaged_receipt_is_found_by_the_doctor(marsad: Marsad, export: Path, tmp_path: Path) -> None:
    marsad("receive", MINISTRY, str(export))
    assert marsad("doctor")[0] == 0
    receipts = tmp_path / "home" / "receipts.jsonl"
    receipts.write_text(
        receipts.read_text().replace('"rows_in": 36', '"rows_in": 35').replace('"rows_in":36', '"rows_in":35')
    )
    assert marsad("doctor")[0] == 1


def test_the_status_of_submissions_tells_who_has_sent_what(marsad: Marsad, tmp_path: Path, export: Path) -> None:
    marsad("receive", MINISTRY, str(export), "--letter-date", "2025-01-20")
    home = Home.at(tmp_path / "home")
    landing.land(home, MINISTRY)
    current_submissions.write(home)
    rows = {row["source"]: row for row in json.loads(marsad("submissions", "status", "--json")[1])}
    assert {"source", "expected", "received", "late_days", "complete_share"} <= set(rows[MINISTRY])
    assert rows[MINISTRY]["received"] == 1
    assert rows["iraq_labour_ministry"]["received"] == 0


def test_a_question_off_the_command_line_is_answered_with_exit_code_2(marsad: Marsad) -> None:
    assert marsad("no_such_command")[0] == 2


def test_check_marks_the_senders_own_workbook_in_her_language(marsad: Marsad, tmp_path: Path) -> None:
    book = sample_as_sent(MINISTRY)
    book["الضحايا"]["D7"].value = "بغدادد"
    bad, out = tmp_path / "bad.xlsx", tmp_path / "marked.xlsx"
    book.save(bad)
    code, said, _ = marsad("check", str(bad), "--source", MINISTRY, "--language", "ckb", "--mark", str(out))
    assert (code, "marked.xlsx" in said, "بغدادد" in said) == (0, True, False)  # a word nobody knows is not repeated
    comment = openpyxl.load_workbook(out)["الضحايا"]["D7"].comment.text
    assert ("بغداد" in comment, "بغدادد" in comment) == (True, False)
    assert not (tmp_path / "home").exists()


def test_what_cannot_be_marked_is_told_and_nothing_is_written(marsad: Marsad, tmp_path: Path) -> None:
    text = tmp_path / "bad.csv"
    text.write_bytes(b"a,b\r\n1,2\r\n")
    code, _, err = marsad("check", str(text), "--source", MINISTRY, "--mark", str(tmp_path / "marked.xlsx"))
    assert (code, "mark_unopened" in err) == (1, True)
    assert not (tmp_path / "marked.xlsx").exists()


def test_a_template_is_written_in_the_asked_language_and_passes_check(marsad: Marsad, tmp_path: Path) -> None:
    path = tmp_path / "template.xlsx"
    code, said, _ = marsad("template", MINISTRY, "--language", "ckb", "-o", str(path))
    assert (code, str(path) in said) == (0, True)
    assert openpyxl.load_workbook(path).sheetnames[0] == "ڕێنمایی"
    assert marsad("check", str(path), "--source", MINISTRY)[0] == 0


def test_a_template_of_a_shape_is_written_and_passes_the_check_of_a_sender(marsad: Marsad, tmp_path: Path) -> None:
    path = tmp_path / "template.xlsx"
    assert marsad("template", "services", "--language", "ar", "-o", str(path))[0] == 0
    assert openpyxl.load_workbook(path).sheetnames[1] == "خدمات الإيواء"
    assert marsad("check", str(path), "--source", "iraq_labour_ministry")[0] == 0


def test_a_receipt_is_also_written_as_a_page_in_the_senders_language(
    marsad: Marsad, export: Path, tmp_path: Path
) -> None:
    code, out, _ = marsad("receive", MINISTRY, str(export), "--page", str(tmp_path / "one.html"), "--json")
    assert (code, json.loads(out)[0]["page"]) == (0, str(tmp_path / "one.html"))
    assert '<html lang="ar" dir="rtl">' in (tmp_path / "one.html").read_text(encoding="utf-8")
    code, out, _ = marsad("receive", MINISTRY, str(export), "--page", str(tmp_path / "folder"))
    assert (code, [path.name for path in (tmp_path / "folder").iterdir()]) == (0, ["receipt-000001.html"])
    assert "receipt-000001.html" in out


@pytest.mark.parametrize(
    ("before", "after", "page"),
    [
        ((), (), "ar"),
        (("-l", "ckb"), (), "ckb"),
        ((), ("--language", "ckb"), "ckb"),
        (("-l", "ar"), ("-l", "en"), "en"),
    ],
)
def test_the_receipt_page_speaks_the_language_that_was_asked_for_else_the_senders(
    marsad: Marsad, export: Path, tmp_path: Path, before: tuple[str, ...], after: tuple[str, ...], page: str
) -> None:
    marsad(*before, "receive", MINISTRY, str(export), "--page", str(tmp_path / "page.html"), *after)
    assert f'lang="{page}"' in (tmp_path / "page.html").read_text(encoding="utf-8")


def test_a_page_that_cannot_be_written_is_told_and_the_file_stays_received(
    marsad: Marsad, export: Path, tmp_path: Path
) -> None:
    (tmp_path / "taken").write_text("a file, not a folder", encoding="utf-8")
    code, _, told = marsad("receive", MINISTRY, str(export), "--page", str(tmp_path / "taken" / "x.html"))
    assert (code, "page_not_written" in told) == (1, True)
    assert "000001-" in Home.at(tmp_path / "home").receipts.read_text(encoding="utf-8")


def test_the_inbox_is_emptied_once_and_each_outcome_told(
    marsad: Marsad, export: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    code, out, _ = marsad("inbox", "--wait", "0")
    assert (code, "Nothing new" in out) == (0, True)
    folder = tmp_path / "home" / "inbox" / MINISTRY
    dropped = folder / "export.xlsx"
    dropped.write_bytes(export.read_bytes())
    code, out, _ = marsad("inbox", "--wait", "0", "--json")  # too young: it may still be copied
    assert (code, json.loads(out)) == (0, [])
    monkeypatch.setattr("ingestion.submissions.inbox.MINIMUM_AGE_SECONDS", 0.0)
    code, out, _ = marsad("inbox", "--wait", "0", "--json")
    answer = json.loads(out)
    assert code == 0
    [receipt] = receipts.read_receipts(Home.at(tmp_path / "home"))
    told = [(one["source"], one["file"], one["verdict"]) for one in answer]
    assert told == [(MINISTRY, receipt.sha256[:12], "accepted")]
    assert answer[0]["rows_in"] == answer[0]["rows_landed"] + answer[0]["rows_quarantined"]
    [page] = folder.glob("*.receipt.html")
    assert receipt.sha256[:12] in page.name and not dropped.exists()


def test_an_inbox_with_a_bad_file_answers_with_exit_code_1(
    marsad: Marsad, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ingestion.submissions.inbox.MINIMUM_AGE_SECONDS", 0.0)
    folder = tmp_path / "home" / "inbox" / MINISTRY
    folder.mkdir(parents=True)
    (folder / "bad.xlsx").write_bytes(b"PK no workbook")
    (folder / "sample.xlsx").write_bytes(SAMPLE.read_bytes())
    code, out, told = marsad("inbox", "--wait", "0")
    assert code == 1
    assert ": refused" in out
    assert (folder / "bad.xlsx").exists(), "it stays until its time is over"
    assert "sample_is_invented" in told


def test_an_invented_home_takes_nothing_from_its_inbox(marsad: Marsad, tmp_path: Path) -> None:
    Home.at(tmp_path / "home").open(invented=True)
    code, _, told = marsad("inbox", "--wait", "0")
    assert (code, "home_is_invented" in told) == (1, True)


def test_gaps_reviewer_and_strays_of_each_language_are_told_to_programs_too(
    marsad: Marsad, monkeypatch: pytest.MonkeyPatch
) -> None:
    code, out, _ = marsad("translations", "--json")
    assert (code, set(json.loads(out))) == (0, set(languages()))
    lacking = {"ar": [catalogue.Gap("fuzzy", "page.title")]}
    straying = {"ckb": [glossary.StrayTerm("page.intro", "victim")]}
    monkeypatch.setattr(words, "gaps", lambda tag: lacking.get(tag, []))
    monkeypatch.setattr(glossary, "stray_terms", lambda tag: straying.get(tag, []))
    code, out, _ = marsad("translations", "--json")
    told = json.loads(out)
    assert code == 1
    assert told["ar"] == {"gaps": [{"kind": "fuzzy", "key": "page.title"}], "reviewer": "", "strays": []}
    assert told["ckb"] == {"gaps": [], "reviewer": "", "strays": [{"key": "page.intro", "term": "victim"}]}
    _, text, _ = marsad("translations")
    assert "fuzzy page.title" in text and "page.intro" in text


def test_the_message_behind_a_heading_is_found_by_its_words_in_any_language(marsad: Marsad) -> None:
    heading = words.Words.load("ar").text("demand.D1")
    code, out, _ = marsad("translations", "--find", heading)
    assert code == 0
    assert "demand.D1\n  languages/en.yml: Shelter" in out
    assert f"languages/ar.po: {heading}" in out
    _, out, _ = marsad("translations", "--find", "shelter is an UNCONDITIONAL right of every", "--json")
    assert [found["key"] for found in json.loads(out)] == ["demand.D1"]
    assert json.loads(out)[0]["texts"]["languages/ar.po"] == heading
    assert marsad("translations", "--find", "no such words")[:2] == (1, "")


def test_sentences_of_native_readers_are_taken_into_the_catalogue_of_the_checkout_by_their_file(
    marsad: Marsad, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = catalogue.read_catalogue(catalogue.catalogue_path("ckb"))
    folder, file = tmp_path / "languages", tmp_path / "read.po"
    folder.mkdir()
    for source in (*catalogue.FOLDER.glob("*.po"), catalogue.FOLDER / "en.yml"):
        shutil.copy(source, folder)
    same, stale = own.messages["page.title"], own.messages["demand.D1"]
    brought = [replace(same, text=(f"{same.text[0]} …",)), replace(stale, english=("Other English",))]
    catalogue.write_catalogue(
        file, catalogue.Catalogue("ckb", {message.key: message for message in brought}, own.headers)
    )
    monkeypatch.setattr(read_sentences, "take_sentences", partial(read_sentences.take_sentences, folder=folder))
    code, out, err = marsad("translations", "--take", str(file))
    assert code == 0
    assert words.Words.load("en").text("translations.taken", count=1, stale=1) in out + err
    assert "  page.title\n  demand.D1\n" in out + err
    after = catalogue.read_catalogue(folder / "ckb.po").messages
    assert {key for key in after if after[key] != own.messages[key]} == {"page.title"}
    file.write_text("no catalogue", encoding="utf-8")
    code, out, err = marsad("translations", "--take", str(file))
    assert (code, "no catalogue" in out + err) == (1, False)


def test_doctor_names_a_file_that_is_not_what_the_build_wrote_and_who_writes_it_again(
    marsad: Marsad, tmp_path: Path
) -> None:
    home = Home.at(tmp_path / "home").open()
    for name in ("good.csv", "changed.csv"):
        write_bytes(home.candidates / "four_ps_national" / "final" / name, b"a figure")
    stages.record_stages(home, ["protection"], stages.hashes_before_run(home))
    assert marsad("doctor")[0] == 0
    (home.candidates / "four_ps_national" / "final" / "changed.csv").write_bytes(b"a figurf")
    code, out, _ = marsad("doctor")
    assert (code, "changed.csv" in out, "marsad build" in out, "good.csv" in out) == (1, True, True, False)


WRITES = {"demo", "receive", "inbox", "people found"}
"""Commands that may begin a home; all others are asked whether they leave the path of a misspelt home alone."""
SAID = {
    "check": (str(SAMPLE),),
    "template": (MINISTRY, "-o", "{folder}/template.xlsx"),
    "submissions withdraw": ("000001-0123456789ab", "--reason", "a wrong file", "--by", "a section"),
    "pseudonymise": (str(SAMPLE), "--key", "{folder}/key", "-o", "{folder}/sent.xlsx"),
    "verify": ("{folder}",),
    "people change": (str(SAMPLE), "--as", "x", "--reason", "a reason"),
    "new": ("source", "no/such/name"),
    "review decide": ("1", "--as", "x", "--by", "a section", "--reason", "a reason"),
    "review card": ("1",),
    "export": ("glotip",),
    "dictionary": ("-o", "{folder}/dictionary"),
    "trace": ("four_ps_national", "PRT-01"),
    "releases withdraw": (
        "four_ps_national",
        "000001-0123456789ab",
        "--reason",
        "a reason",
        "--by",
        "a section",
        "--as",
        "x",
    ),
    "quality answer": ("1", "--as", "x", "--by", "a section", "--reason", "a reason"),
}


def _commands(group: Any, before: str = "") -> Iterator[str]:  # noqa: ANN401 - a group of click
    for name, one in group.commands.items():
        if hasattr(one, "commands"):
            yield f"{before}{name}"
            yield from _commands(one, f"{before}{name} ")
        else:
            yield f"{before}{name}"


ASKED_ALONE = {"dictionary", "indicators"}  # dbt reads its project for them, which takes seconds


@pytest.mark.parametrize("command", sorted({*_commands(typer.main.get_command(app))} - WRITES - ASKED_ALONE))
def test_no_command_but_those_that_take_files_makes_a_home_where_a_path_was_misspelt(
    marsad: Marsad, tmp_path: Path, command: str
) -> None:
    said = [word.format(folder=tmp_path) for word in SAID.get(command, ())]
    marsad(*command.split(), *said)
    assert not (tmp_path / "home").exists()


def test_a_dry_run_of_receive_makes_no_home(marsad: Marsad, export: Path, tmp_path: Path) -> None:
    code, out, _ = marsad("receive", MINISTRY, str(export), "--dry-run", "--json")
    assert (code, json.loads(out)[0]["taken"]) == (0, False)
    assert not (tmp_path / "home").exists()
