"""The certificate: one page in three languages, and never a word more than was examined.

Rewrite the golden pages: `PYTHONPATH=. python tests/expectations/releases/test_certificate.py`.
"""

from __future__ import annotations

import json
import re
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from expectations.cards.dataset_card import load_dataset
from expectations.cards.note_languages import voice_of
from expectations.protection import protect_datasets
from expectations.protection.late_cases import LateLine
from expectations.published import ledger
from expectations.releases import certificate, release_draft
from expectations.releases.certificate import Guarantee
from ingestion.home import Home
from ingestion.seals import write_sealed
from tests.expectations import toy_home

GOLDEN = Path(__file__).parents[1] / "golden"
TAGS = ("ar", "ckb", "en")
FULL = Guarantee(
    card=load_dataset("four_ps_national"),
    sequence=3,
    is_invented=True,
    years=("2016", "2025"),
    rounded=2410,
    exact=126,
    withheld=14,
    audited=5120,
    systems=31,
    earlier=4,
    against=certificate.ATTACKERS,
    frozen=2,
    late=(LateLine("ACCUSED", "fewer", None), LateLine("VICTIM", "about", 15)),
    loss={"mean_error": 1.36},
)


@pytest.mark.parametrize("tag", TAGS)
@pytest.mark.parametrize("ending", ["md", "html"])
def test_the_certificate_reads_as_it_was_reviewed(tag: str, ending: str):
    assert _made(tag, ending) == (GOLDEN / f"certificate.{tag}.{ending}").read_text(encoding="utf-8")


@pytest.mark.parametrize("tag", TAGS)
def test_whom_the_audit_did_not_play_stands_under_what_is_not_guaranteed(tag: str):
    voice = voice_of(tag)
    text = certificate.certificate_markdown(replace(FULL, against=("stranger", "keeper")), voice)
    for one in ("body", "victim"):
        claim = voice.text(f"certificate.against.{one}", greatest=4, values=3)
        assert claim not in text
        assert claim in certificate.certificate_markdown(FULL, voice)
        assert voice.text(f"certificate.not_against.{one}") in text
        assert voice.text(f"certificate.not_against.{one}") not in certificate.certificate_markdown(FULL, voice)


def test_without_a_measured_cost_frozen_years_or_withheld_figures_nothing_is_said_of_them():
    bare = replace(FULL, withheld=0, frozen=0, late=(), loss={}, earlier=0, exact=0, is_invented=False)
    text = certificate.certificate_markdown(bare, voice_of("en"))
    assert "No count is withheld altogether." in text
    assert "Nothing was released before it." in text
    assert not re.search("On average|Registered late|released before, although|one-way|Invented", text)


def test_a_mean_error_over_few_figures_is_not_told():
    assert "On average" not in certificate.certificate_markdown(replace(FULL, rounded=99), voice_of("en"))


@pytest.mark.parametrize("tag", TAGS)
def test_the_page_has_no_script_and_fetches_nothing(tag: str):
    text = certificate.page(FULL, voice_of(tag))
    assert not re.search(r"<script|<link|<img|url\(|https?://", text)
    assert "default-src 'none'" in text
    assert f'dir="{"ltr" if tag == "en" else "rtl"}"' in text


def test_a_release_holds_its_certificates_under_its_hashes_and_no_day_stands_in_them(released: Home):
    entry = ledger.entries(released, "four_ps_national")[0]
    folder = released.releases / entry.dataset / entry.version
    files = json.loads((folder / "manifest.json").read_bytes())["files"]
    made = {name for name in files if name.startswith("certificate.")}
    assert made == {f"certificate.{tag}.{ending}" for tag in ("ar", "en") for ending in ("md", "html")}  # its voices
    text = (folder / "certificate.en.md").read_text(encoding="utf-8")
    assert "certificate.examined.first" in text
    assert not re.search(r"20\d\d-\d\d", text)


def test_the_measured_cost_is_taken_from_what_protection_wrote(protected: Home):
    path = protected.candidates / "protection.json"
    cost = {"four_ps_national": {"mean_error": 1.4}}
    write_sealed(protected, path, json.dumps(json.loads(path.read_bytes()) | {"loss": cost}).encode())
    assert protect_datasets.last_report(protected).loss == cost


def test_releases_of_the_same_day_are_not_counted_as_earlier_ones(released: Home):
    country = toy_home.Country()
    country.add(40, year="2024", sex="F", age="Y_GE18", form="FORCED_LABOUR")
    toy_home.build(released, country)
    toy_home.publish(released)
    for dataset in ("four_ps_governorate", "four_ps_national"):
        entry = ledger.entries(released, dataset)[-1]
        text = (released.releases / dataset / entry.version / "certificate.en.md").read_text(encoding="utf-8")
        assert "certificate.examined.earlier releases=2" in text
    assert release_draft.FORMAT == 4


@pytest.mark.needs_browser
@pytest.mark.parametrize("tag", TAGS)
def test_the_fullest_certificate_is_one_sheet(tag: str, tmp_path: Path):
    page, sheet = tmp_path / "page.html", tmp_path / "page.pdf"
    page.write_text(_made(tag, "html"), encoding="utf-8")
    options = ["--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={tmp_path / 'profile'}"]
    command = ["chromium", *options, "--no-pdf-header-footer", f"--print-to-pdf={sheet}", page.as_uri()]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    assert len(re.findall(rb"/Type\s*/Page\b", sheet.read_bytes())) == 1


def _made(tag: str, ending: str) -> str:
    voice = voice_of(tag)
    return certificate.certificate_markdown(FULL, voice) if ending == "md" else certificate.page(FULL, voice)


if __name__ == "__main__":
    for tag in TAGS:
        for ending in ("md", "html"):
            (GOLDEN / f"certificate.{tag}.{ending}").write_text(_made(tag, ending), encoding="utf-8")
