"""Ordinary workbooks pass without a question once what nobody needs is cut off, and lose no record by it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.ingestion.doors.ordinary_workbooks import CLERKS, SENDERS, answer_of, cleaned, ordinary_file, sample_of

LEAST_WITHOUT_A_QUESTION = 10  # of twelve
MOST_WORDS = 3


@pytest.mark.parametrize(
    ("sender", "clerk"), [(sender, 1 + (5 * number) % 12) for number, sender in enumerate(SENDERS)]
)
def test_a_clean_ordinary_file_is_not_refused_and_asks_little(sender: str, clerk: int, tmp_path: Path):
    answer = answer_of(cleaned(ordinary_file(sender, clerk), tmp_path))
    assert answer.verdict != "refused", answer.kinds
    assert answer.words <= MOST_WORDS


@pytest.mark.whole_home
@pytest.mark.parametrize("sender", SENDERS)
def test_ten_of_twelve_clean_files_of_a_sender_pass_without_a_question(sender: str, tmp_path: Path):
    answers = [answer_of(cleaned(ordinary_file(sender, clerk), tmp_path / str(clerk))) for clerk in CLERKS]
    assert [(clerk, answer.kinds) for clerk, answer in enumerate(answers, 1) if answer.verdict == "refused"] == []
    assert max(answer.words for answer in answers) <= MOST_WORDS
    accepted = [answer for answer in answers if answer.verdict == "accepted"]
    assert len(accepted) >= LEAST_WITHOUT_A_QUESTION
    sample = cleaned(sample_of(sender), tmp_path / "sample")  # of UNODC a clerk's own, with what she added
    assert {answer.rows for answer in accepted} == {answer_of(sample).rows}
