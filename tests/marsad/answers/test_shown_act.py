"""What a person sees before she signs, and that a changed byte is told before her signature is taken."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingestion.home import Home, json_bytes, sha256_of_bytes, write_bytes
from ingestion.people import acts
from ingestion.people.roster import APPROVE, PREPARE
from languages.refusal import Refusal
from languages.words import Words
from marsad.answers import acting, shown_act
from tests.expectations import proposed_homes
from tests.expectations.proposed_homes import DATASETS, MadeOnce, published, sign

ENGLISH = Words.load("en")
REPORT = Path("reports/2024-0123abcd")


@pytest.fixture
def waiting(made_once: MadeOnce, toy_protected: Path, tmp_path: Path) -> Home:
    return proposed_homes.waiting_home(made_once, toy_protected, tmp_path / "home")


def shown(home: Home) -> shown_act.ShownAct:
    found = shown_act.find_waiting(home, ENGLISH)
    assert found
    assert found.act
    return found.act


def test_figures_that_await_an_act_show_what_would_change_and_who_may_prepare(waiting: Home):
    found = shown_act.find_waiting(waiting, Words.load("ar"))
    assert found
    assert (found.act, found.may_prepare) == (None, ("amina", "hana"))
    assert [row["dataset"] for row in found.effects.rows] == list(DATASETS)
    assert found.certificates == {
        place: (waiting.proposal / "releases" / place / "certificate.ar.md").read_text(encoding="utf-8")
        for place in (f"{row['dataset']}/{row['version']}" for row in found.effects.rows)
    }


def test_an_act_shows_the_line_the_hash_and_who_is_awaited_until_it_is_done(waiting: Home):
    folder = proposed_homes.prepare(waiting)
    act = shown(waiting)
    assert act == shown_act.find_shown(waiting, folder.name)
    assert (act.void, act.signed_by, act.may_sign) == (None, (), ("amina",))
    assert act.sha256 == sha256_of_bytes(act.content) == sha256_of_bytes((folder / acts.ACT).read_bytes())
    assert act.line == f"ssh-keygen -Y sign -f ~/.ssh/id_ed25519 -n {PREPARE} act.json"
    acting.take_signature(waiting, folder, sign(folder, "amina", PREPARE), "amina")
    act = shown(waiting)
    assert (act.signed_by, act.may_sign) == (("amina",), ("dara", "karwan", "layla"))
    assert act.line.endswith(f"-n {APPROVE} act.json")
    acting.take_signature(waiting, folder, sign(folder, "dara", APPROVE), "dara")
    assert shown_act.find_waiting(waiting, ENGLISH) is None
    with pytest.raises(Refusal, match="act_unknown"):
        shown_act.find_shown(waiting, folder.name)


def test_nobody_brings_the_signature_of_another(waiting: Home):
    folder = proposed_homes.prepare(waiting)
    for name, purpose, by in (("amina", PREPARE, "dara"), ("dara", APPROVE, "layla")):
        with pytest.raises(Refusal, match="signature_brought"):
            acting.take_signature(waiting, folder, sign(folder, name, purpose), by)
    assert shown(waiting).signed_by == ()
    assert published(waiting) == {}


def test_a_changed_byte_voids_the_act_before_it_is_signed(waiting: Home):
    folder = proposed_homes.prepare(waiting)
    data = next(waiting.proposal.rglob("data.csv"))
    whole = data.read_bytes()
    data.write_bytes(whole.replace(b"2024", b"2023", 1))
    void = shown(waiting).void
    assert void
    assert void.code in ("act_of_other_bytes", "bytes_changed")
    data.write_bytes(whole)
    assert shown(waiting).void is None
    content = (folder / acts.ACT).read_bytes()
    (folder / acts.ACT).write_bytes(content.replace(b"the figures", b"a figure", 1))
    with pytest.raises(Refusal, match="act_changed"):
        shown_act.find_waiting(waiting, ENGLISH)


def test_the_pages_of_a_report_that_waits_are_those_that_its_record_names(waiting: Home):
    proposed_homes.publish_signed(waiting)
    pages = {"en/index.html": b"<p>front</p>", "en/protection.html": b"<p>page</p>"}
    for name, data in pages.items():
        write_bytes(waiting.root / REPORT / name, data)
    texts = {"protection.en.md": ["The victim Zainab Example was rescued.", "There were three girls."]}
    files = {name: sha256_of_bytes(data) for name, data in pages.items()}
    record = json_bytes({"files": files, "texts": texts})
    facts = {"report": REPORT.name}
    acting.prepare_file(waiting, "publish_report", "amina", "the report", REPORT / "published.json", record, facts)
    act = shown(waiting)
    assert act.report == REPORT.name
    assert any(REPORT.name in line for line in act.lines)
    assert [(sentence.text, sentence.is_new) for sentence in act.sentences] == [
        (text, True) for text in texts["protection.en.md"]
    ]
    assert "+ protection.en.md: The victim Zainab Example was rescued." in act.lines
    assert shown_act.report_file(waiting, act, "en/index.html") == pages["en/index.html"]
    for name in ("en/other.html", "../../people.yml", "published.json", ""):
        with pytest.raises(Refusal, match="file_missing"):
            shown_act.report_file(waiting, act, name)
    write_bytes(waiting.root / REPORT / "en/protection.html", b"<p>another page</p>")
    void = shown(waiting).void
    assert void
    assert void.code == "published_changed"
    with pytest.raises(Refusal, match="bytes_changed"):
        shown_act.report_file(waiting, act, "en/protection.html")


def test_a_sentence_that_the_last_report_has_is_not_marked_as_new(waiting: Home):
    proposed_homes.publish_signed(waiting)
    for number, sentences in (("2024-0123abcd", ["Old."]), ("2025-0123abcd", ["Old.", "New: Zainab Example."])):
        page = waiting.root / "reports" / number / "en" / "index.html"
        write_bytes(page, b"<p>page</p>")
        files = {"en/index.html": sha256_of_bytes(page.read_bytes())}
        record, place = json_bytes({"files": files, "texts": {"results.en.md": sentences}}), Path("reports") / number
        folder = acting.prepare_file(
            waiting, "publish_report", "amina", "the report", place / "published.json", record, {"report": number}
        )
        sentences_shown = [(sentence.text, sentence.is_new) for sentence in shown(waiting).sentences]
        acting.take_signature(waiting, folder, sign(folder, "amina", PREPARE))
        acting.take_signature(waiting, folder, sign(folder, "dara", APPROVE))
    assert sentences_shown == [("Old.", False), ("New: Zainab Example.", True)]
