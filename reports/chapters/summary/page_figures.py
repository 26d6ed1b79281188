"""The figures that two pages print: each is written here, so that the pages can say how far rounding moves them.

Belongs here: released counts and shares of them in words, without their ranges, and the bound of them all.
Does not belong here: which figure stands where (the parts), sentences.
"""

from __future__ import annotations

from collections.abc import Callable

from languages.numbers import percent
from languages.words import Words
from reports.analysis import true_ranges
from reports.answers import answer_sentences
from reports.answers.found_answers import Answer
from reports.answers.unmet_duties import PERSONS
from reports.phrases import figure_words
from reports.phrases.figure_words import Count, Share
from reports.released.released_tables import ReleasedCell
from reports.released.report_model import Report

PRESUMED, COUNT = "PRT-01", "COUNT"


class PageFigures:
    """Released figures of one report in the words of one language; it remembers what it wrote."""

    def __init__(self, report: Report, words: Words) -> None:
        self.report = report
        self.words = words
        self._counts: list[Count] = []
        self._shares: list[Share] = []

    def find(self, indicator: str, measure: str, area: str, year: str, **at: str) -> Count | None:
        """Return a released count of the national dataset; None without a figure of this release of the whole year."""
        cell = self.report.cell(indicator, measure, area, year, **at)
        return None if self.report.is_frozen(indicator, year) or cell.mark == "p" else count_in(cell)

    def presumed(self, area: str, year: str, **at: str) -> Count | None:
        """Return the released count of presumed victims."""
        return self.find(PRESUMED, COUNT, area, year, **at)

    def count(self, count: Count) -> str:
        """Return a count: `about 155`."""
        self._counts.append(count)
        return figure_words.count_words(count, self.words)

    def number(self, count: Count) -> str:
        """Return a count in a list that says once that its figures are rounded: `155`; a rounded 0 keeps its range."""
        self._counts.append(count)
        return figure_words.count_words(Count(count.value) if count.value else count, self.words)

    def share(self, share: Share, clause: Callable[[str], str] = str) -> str:
        """Return a share: `about 155 of about 240 (65%), about two in three`."""
        self._shares.append(share)
        self._counts.extend((share.part, share.whole))
        return figure_words.share_words(share, self.words, clause, with_range=False)

    def answer(self, answer: Answer) -> str:
        """Return the figure of an answer in a sentence; empty without one."""
        self._remember(answer)
        return answer_sentences.figure_text(answer, self.words, with_range=False)

    def bare(self, answer: Answer) -> str:
        """Return the figure of an answer alone, without a fraction: `about 100 of about 240 (42%)`."""
        share = answer.share
        if answer.median is not None:
            text, between = (
                answer_sentences.bare_figure(answer, self.words),
                answer_sentences.interval_words(answer, self.words),
            )
            return self.words.text("figure.bracket", counts=text, inside=between) if between else text
        if share is None or share.part.value in (0, share.whole.value):
            self._remember(answer)
            return answer_sentences.bare_figure(answer, self.words, with_range=False)
        if not figure_words.says_percent(share):
            return self.counts(answer)
        self._remember(answer)
        inside = percent(float(share.printed), self.words.numerals)
        return self.words.text("figure.bracket", counts=self.counts(answer), inside=inside)

    def counts(self, answer: Answer) -> str:
        """Return the counts of an answer, where several stand in one line: `about 70 of about 100`."""
        if answer.share is None:
            return self.bare(answer)
        self._counts.extend(_counts_of(answer) if answer.unit in PERSONS else ())
        part, whole = (figure_words.count_words(count, self.words) for count in (answer.share.part, answer.share.whole))
        return self.words.text("figure.of", part=part, whole=whole)

    def _remember(self, answer: Answer) -> None:
        if answer.share is not None:
            self._shares.append(answer.share)
        if answer.unit in PERSONS:
            self._counts.extend(_counts_of(answer))

    @property
    def bound(self) -> tuple[int, int]:
        """By how many persons a count, and by how many points a percent may be off at most; 0 where none is."""
        points = [figure_words.rounding_bound(share) for share in self._shares if figure_words.says_percent(share)]
        return max((count.error for count in self._counts), default=0), max(points, default=0)


def _counts_of(answer: Answer) -> tuple[Count, ...]:
    if answer.share is not None:
        return answer.share.part, answer.share.whole
    return (answer.count,) if answer.count is not None else ()


def count_in(cell: ReleasedCell) -> Count | None:
    """Return the count in a released cell; None if it is withheld, missing, or no whole number."""
    true = true_ranges.range_of_count(cell)
    if true is None or cell.value is None or not float(cell.value).is_integer():
        return None
    return Count(int(cell.value), round(true.highest - cell.value))


def in_sentence(label: str) -> str:
    """Return a label as it stands inside a sentence: without its capital."""
    return label[:1].lower() + label[1:]


def begin_sentence(text: str) -> str:
    """Return a text as it stands at the beginning of a sentence: with a capital, in a script that has them."""
    return text[:1].upper() + text[1:]
