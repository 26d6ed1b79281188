"""A preview is the page that the whole report would hold with an editor's drafts; the home stays as it is."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from ingestion.home import Home, sha256_of, write_bytes
from languages.refusal import Refusal
from marsad.answers import previewed_page
from marsad.answers.previewed_page import TWO_PAGES, preview
from reports.publishing.issue_report import issue
from reports.publishing.page_proof import PageProof, make_proof
from tests.reports import invented_releases

MadeOnce = Callable[[str, Callable[[Path], object]], Path]
NAME = "protection.ar.md"
DRAFT = "جملة جديدة من المحررة.\n"


@pytest.fixture(scope="module")
def home(own_copy: MadeOnce) -> Home:
    return Home.at(own_copy("reported", invented_releases.build))


def files_of(home: Home) -> dict[str, str]:
    return {path.relative_to(home.root).as_posix(): sha256_of(path) for path in home.root.rglob("*") if path.is_file()}


def test_a_preview_equals_the_file_of_a_whole_report_of_the_same_texts_and_writes_nothing(home: Home, tmp_path: Path):
    written = Home.at(Path(shutil.copytree(home.root, tmp_path / "home", symlinks=True)))
    write_bytes(written.prose / NAME, DRAFT.encode())
    folder = issue(written, "ar").parent
    before = files_of(home)
    preview(home, "protection", "ar", {})  # what it keeps in memory must not hold a text
    for page in ("protection", "PRT-01", "index", TWO_PAGES):
        shown = preview(home, page, "ar", {NAME: DRAFT})
        assert shown.content == (folder / shown.name).read_bytes()
        assert shown.report == folder.parent.name
    assert DRAFT.strip().encode() in preview(home, "protection", "ar", {NAME: DRAFT}).content
    assert DRAFT.strip().encode() not in preview(written, "protection", "ar", {NAME: ""}).content
    assert files_of(home) == before


def test_what_keeps_a_draft_out_of_the_page_stands_beside_it(home: Home):
    assert [item.code for item in preview(home, "protection", "en", {"protection.en.md": "# A heading\n"}).items] == [
        "prose_markup"
    ]
    assert preview(home, "protection", "ar", {"protection.en.md": "# A heading\n"}).items == ()


def test_a_release_that_is_published_meanwhile_is_the_one_that_is_shown(home: Home, monkeypatch: pytest.MonkeyPatch):
    made: list[str] = []

    def make(home: Home, tag: str, page: str, drafts: dict[str, str]) -> PageProof:
        proof = make_proof(home, tag, page, drafts)
        made.append(page)
        if len(made) == 1:  # as if it had begun before the last publication
            return replace(proof, report=replace(proof.report, releases=proof.report.releases[:1]))
        return proof

    monkeypatch.setattr(previewed_page, "make_proof", make)
    assert preview(home, "protection", "en", {}).content == make_proof(home, "en", "protection").content
    assert len(made) == 2


def test_a_draft_that_fails_is_in_the_way_of_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    tried: list[set[str]] = []

    def make(_home: Home, _tag: str, _page: str, drafts: dict[str, str]) -> str:
        tried.append(set(drafts))
        if "broken.en.md" in drafts:
            raise Refusal("text_hidden", where="broken.en.md")
        return "a proof"

    monkeypatch.setattr(previewed_page, "make_proof", make)
    drafts = {"broken.en.md": "x", "sound.en.md": "y", "looked_at.en.md": "z"}
    made = previewed_page._make_proof_of_sound  # pyright: ignore[reportPrivateUsage]
    assert made(Home(tmp_path), "en", "index", drafts, ["looked_at.en.md"]) == "a proof"
    assert tried[-1] == {"sound.en.md", "looked_at.en.md"}
    with pytest.raises(Refusal, match="text_hidden"):
        made(Home(tmp_path), "en", "index", drafts, ["broken.en.md"])
