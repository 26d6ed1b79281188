"""The words of the report, defined on its first pages.

Belongs here: which words, and their order. Does not belong here: definitions of indicators (`indicators.py`), marks of
tables (`method.py`).
"""

from __future__ import annotations

from collections.abc import Iterator

from languages.words import Words
from reports.analysis import report_scope
from reports.answers import answer_sentences
from reports.answers.found_answers import answers_of
from reports.editions.edition import DefinedTerm
from reports.phrases import wording
from reports.released.report_model import Report

_TERMS = ("presumed", "identified", "found", "year", "about", "standard", "not_known", "way", "areas")


def defined_terms(report: Report, words: Words) -> Iterator[DefinedTerm]:
    """Yield each word with its meaning; of a rounded report also how far a rounded count may be off."""
    base = report_scope.rounding_base(report)
    for name in _TERMS:
        text = words.text(f"edition.term.{name}.text")
        if name == "about" and base:
            text = f"{text} {words.text('edition.finding.rounded', base=base)}"
        if name == "standard":
            text = " ".join((text, words.text("summary.demands"), *_adopted(report, words)))
        yield DefinedTerm(term=words.text(f"edition.term.{name}"), text=text)


def _adopted(report: Report, words: Words) -> Iterator[str]:
    """Yield where the standards of this report are written, and since when; nothing without one."""
    sources = dict.fromkeys(
        answer_sentences.standard_source(answer.standard, words) for answer in answers_of(report) if answer.standard
    )
    if sources:
        adopted = (words.text("edition.answered.adopted.each", source=source, day=day) for source, day in sources)
        yield words.text("edition.answered.adopted", standards=wording.list_texts(adopted, words))
