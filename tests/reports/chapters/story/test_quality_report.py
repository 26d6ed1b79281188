"""The quality report repeats what the report answers: how many records lack something."""

from __future__ import annotations

import re

import pytest

from languages.words import Words, languages
from reports.answers import answer_sentences
from reports.answers.found_answers import answers_of
from reports.chapters.story.quality_report import headings
from reports.editors.editorial_inputs import EditorialInputs
from reports.released.report_model import Report
from tests.reports.answers.invented_answers import answer_to, release_of, row

ISOLATES = re.compile("[\u2066-\u2069\u061c]")


@pytest.mark.parametrize("tag", languages())
def test_of_item_non_response_stands_the_share_of_complete_records_never_that_of_all_kinds_of_records(tag: str):
    rows = [
        row("PRT-01", "COUNT", 380, method="EXACT_11"),
        row("PAR-08", "NUMERATOR", 380, method="EXACT_11"),
        row("PAR-08", "SHARE", 1.0, method="DERIVED"),  # complete and incomplete together: everybody
        row("PAR-08", "NUMERATOR", 240, cust_breakdown="CORE_COMPLETE"),
    ]
    report = Report((release_of(*rows),), (), is_invented=True)
    words = Words.load(tag)
    texts = {entry.term: ISOLATES.sub("", entry.text) for entry in headings(report, EditorialInputs(), words)}
    text = texts[words.text("edition.quality.accuracy")]
    answer = answer_to(answers_of(report), "are_records_complete")
    assert ISOLATES.sub("", answer_sentences.figure_sentence(answer, words)) in text
    assert not re.search(r"100|١٠٠", text)
