"""What every page says where not two persons approved what it prints."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import pytest

from languages.words import Words
from reports.chapters import build_edition
from reports.released.report_model import Report
from reports.renderers import site

SENTENCES = {
    "one": {"en": "Approved by one person.", "ar": "وافق عليه شخص واحد.", "ckb": "یەک کەس پەسەندی کردووە."},
    "recovery": {"en": "Approved with the recovery keys, because no one else could."},
}


@pytest.mark.parametrize(("manner", "tag"), [(manner, tag) for manner, texts in SENTENCES.items() for tag in texts])
def test_every_page_says_that_one_person_or_the_recovery_keys_approved(
    report: Report, manner: Literal["one", "recovery"], tag: str
):
    told = build_edition.edition(replace(report, signed_by=manner), Words.load(tag))
    pages = site.render(told.model_copy(update={"chapters": told.chapters[-2:]}), [])
    texts = [data.decode("utf-8") for name, data in pages.items() if name.endswith(".html")]
    assert texts
    assert all(SENTENCES[manner][tag] in text and 'class="banner signing"' in text for text in texts)


def test_where_two_persons_approved_no_page_speaks_of_it(report: Report):
    banners = build_edition.edition(replace(report, signed_by="two"), Words.load("en")).banners
    assert "signing" not in [banner.kind for banner in banners]
