"""What a page says of releases that were withdrawn."""

from __future__ import annotations

import datetime

import pytest

from expectations.published import ledger
from expectations.published.release_withdrawal import withdraw
from ingestion.home import Home
from languages.refusal import Refusal
from languages.words import Words
from reports.chapters import build_edition
from reports.released import report_model
from reports.renderers import site
from tests.expectations import toy_home

NATIONAL, GOVERNORATE = "four_ps_national", "four_ps_governorate"
REASON = "one file was counted twice"


@pytest.fixture(scope="module")
def home(own_released: Home) -> Home:
    """National released, withdrawn, corrected; one test after the other looks at the same home."""
    return own_released


def _withdraw(home: Home, dataset: str) -> str:
    version = ledger.entries(home, dataset)[-1].version
    day = datetime.date(2026, 3, 1)
    withdraw(home, dataset, version, reason=REASON, signed_by="Secretariat", today=day)
    return version


def test_a_page_prints_the_notice_in_every_language_and_the_version_that_corrects_it(home: Home):
    version = _withdraw(home, NATIONAL)
    report = report_model.load(home)
    assert [release.dataset for release in report.releases] == [GOVERNORATE]
    assert [(one.version, one.corrected_by) for one in report.notices] == [(version, "")]
    country = toy_home.Country()
    country.add(40, year="2024", sex="F", age="Y_GE18", form="FORCED_LABOUR")
    toy_home.build(home, country)
    toy_home.publish(home)
    report = report_model.load(home)
    newest = ledger.entries(home, NATIONAL)[-1].version
    assert [(one.version, one.corrected_by) for one in report.notices] == [(version, newest)]
    assert [change.dataset for change in report.changes] == [GOVERNORATE]  # what is withdrawn is not compared with
    for tag, day in (("en", "1 March 2026"), ("ar", "١ آذار ٢٠٢٦"), ("ckb", "٢٠٢٦")):
        told = build_edition.edition(report, Words.load(tag))
        pages = site.render(told.model_copy(update={"chapters": told.chapters[-2:]}), [])
        texts = [data.decode("utf-8") for name, data in pages.items() if name.endswith(".html")]
        assert len(texts) == 4
        for text in texts:
            assert 'class="banner withdrawn"' in text
            for said in (version, newest, REASON, day):
                assert said in text


def test_where_every_version_is_withdrawn_there_is_nothing_to_make_a_page_from(home: Home):
    for dataset in (NATIONAL, GOVERNORATE):
        _withdraw(home, dataset)
    assert not report_model.is_anything_out(home)
    with pytest.raises(Refusal) as refusal:
        report_model.load(home)
    assert refusal.value.code == "nothing_released"
