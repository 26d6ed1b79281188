"""A proof is the page that the whole report would hold, and making it changes nothing else in the home."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingestion.home import Home, sha256_of, write_bytes
from languages.refusal import Refusal
from reports.publishing import page_proof
from reports.publishing.issue_report import CHANGES, SUMMARY, issue
from reports.publishing.page_proof import make_proof, write_proof
from reports.publishing.proof_folder import folder_of_proofs


def files_of(home: Home) -> dict[str, str]:
    return {path.relative_to(home.root).as_posix(): sha256_of(path) for path in home.root.rglob("*") if path.is_file()}


@pytest.mark.parametrize("page", ["index", "PROTECTION.html", "prt-01", "search", CHANGES, SUMMARY])
def test_a_proof_equals_the_file_of_the_whole_report_and_nothing_else_of_the_home_changes(
    home: Home, fronts: dict[str, Path], page: str
):
    before = files_of(home)
    path, _ = write_proof(home, "ar", page)
    assert path.read_bytes() == (fronts["ar"].parent / path.name).read_bytes()
    after = files_of(home)
    assert path.is_relative_to(home.build)
    assert {name: sha256 for name, sha256 in after.items() if not name.startswith("build/proofs/")} == {
        name: sha256 for name, sha256 in before.items() if not name.startswith("build/proofs/")
    }


def test_no_other_form_is_made(home: Home, monkeypatch: pytest.MonkeyPatch):
    def refuse(*_: object, **__: object) -> bytes:
        raise AssertionError

    for form, maker in (("workbook", "render"), ("slides", "render"), ("explorer_page", "render"), ("site", "pages")):
        monkeypatch.setattr(getattr(page_proof, form), maker, refuse)
    monkeypatch.setattr(page_proof, "typeset", refuse)
    assert write_proof(home, "en", CHANGES)[0].read_bytes()
    with pytest.raises(AssertionError):
        write_proof(home, "en", "index")


@pytest.mark.parametrize("page", ["childen", "", "../index.html", "charts/victims.svg", "indexx"])
def test_a_page_that_there_is_not_is_answered_with_those_that_there_are(home: Home, page: str):
    before = files_of(home)
    with pytest.raises(Refusal, match="page_unknown") as refused:
        write_proof(home, "ckb", page)
    known = str(refused.value.arguments["known"]).split(", ")
    assert {"index", "protection", "PRT-01", "explorer", "law_28_monitor.pdf", "changes.csv"} <= set(known)
    assert files_of(home) == before


def test_a_text_that_is_not_placed_is_told_with_the_proof(home: Home):
    path = home.prose / "protection.en.md"
    write_bytes(path, b"# A heading\n")
    try:
        assert [item.code for item in make_proof(home, "en", "protection").items] == ["prose_markup"]
        assert make_proof(home, "ar", "protection").items == ()
        write_bytes(path, b"A changed sentence.\n")
        proof = make_proof(home, "en", "protection")
        assert (b"A changed sentence." in proof.content, proof.items) == (True, ())
    finally:
        path.unlink()


def test_the_whole_report_removes_the_proofs_of_its_language(home: Home, monkeypatch: pytest.MonkeyPatch):
    from reports.publishing import issue_report

    write_bytes(folder_of_proofs(home, "en") / "index.html", b"old")
    write_bytes(folder_of_proofs(home, "ar") / "index.html", b"old")
    monkeypatch.setattr(issue_report.publish_report, "is_published", lambda _: True)
    issue(home, "en")
    assert not folder_of_proofs(home, "en").exists()
    assert (folder_of_proofs(home, "ar") / "index.html").exists()
