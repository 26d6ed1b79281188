"""What a desk remembers results by: releases, cards, texts and words, each of which makes another result."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from languages.words import languages
from reports.editors.editorial_inputs import EditorialInputs
from reports.editors.prose import parse_file
from reports.editors.report_inputs import ReportInputs, remember, without_texts
from reports.released.report_model import Report, WithdrawalNotice


def test_threads_that_ask_at_once_wait_for_one_computation():
    computed: list[str] = []

    @remember
    def find(of: ReportInputs) -> object:
        computed.append(of.tag)
        time.sleep(0.05)
        return object()

    with ThreadPoolExecutor(4) as threads:
        results = list(threads.map(find, [ReportInputs(Report((), (), True), EditorialInputs(), "en")] * 4))
    assert len(set(map(id, results))) == 1
    assert computed == ["en"]


def test_whatever_a_result_depends_on_makes_it_another_one():
    report, matter = Report((), (), True), EditorialInputs()
    text, other = (parse_file("protection.en.md", words) for words in ("A word.", "A word!"))
    withdrawn = replace(report, notices=(WithdrawalNotice("four_ps_national", "1", "2026-12-01", "wrong", ""),))
    inputs = [
        *(ReportInputs(report, matter, tag) for tag in languages()),
        ReportInputs(withdrawn, matter, "en"),
        ReportInputs(report, replace(matter, contact={"en": "desk@example.org"}), "en"),
        ReportInputs(report, replace(matter, prose=(text,)), "en"),
        ReportInputs(report, replace(matter, prose=(other,)), "en"),
    ]
    results = remember(lambda of: id(of))
    assert len(set(inputs)) == len(inputs)
    assert results(inputs[0]) == results(without_texts(report, replace(matter, prose=(text,)), "en"))
    assert results(inputs[0]) != results(inputs[-1])
