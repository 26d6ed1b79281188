"""What stands behind the figure of an answer: reasons, or who, by the released figures that its card names.

Belongs here: reading the cells of a card's `explains` in the year of the answer. A category that was rounded to zero is
left out: nobody is told that a reason does not exist. Categories may overlap with those of the answer (who was refused
may have been admitted later), so a card may hold a caution, and figures behind an answer are never added up.
Does not belong here: the answer itself (`found_answers.py`), causes: a figure explains, it proves nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from expectations.cards.cells import DIMENSIONS, TOTAL
from languages.words import Words
from reports.analysis import true_ranges
from reports.answers.found_answers import Answer, CellInAnswer
from reports.phrases import labels, wording
from reports.phrases.figure_words import Count, count_words
from reports.questions.answer_card import Explanation
from reports.released.print_order import rank
from reports.released.release_memo import once
from reports.released.report_model import Report, ReportedRelease

_COUNTS = ("COUNT", "NUMERATOR")
_IN_ORDER = ("D_", "CONVICTED_YEAR_")
"""How codes of bands of days and years begin."""


@dataclass(frozen=True)
class Reason:
    """A released count behind an answer.

    Attributes:
        indicator: that it is a count of.
        dimension: of its category; empty for a total.
        code: its category.
        count: the released count, not 0.
        cell: that it was read from.
    """

    indicator: str
    dimension: str
    code: str
    count: Count
    cell: CellInAnswer


def reasons(answer: Answer, report: Report) -> list[list[Reason]]:
    """Return the figures behind an answer, a list an indicator and dimension.

    The greatest comes first; bands of days stand in their order.
    """
    behind: dict[tuple[str, str], list[Reason]] = {}
    for explanation in answer.card.explains:
        for reason in _reasons_of(explanation, answer, report):
            known = behind.setdefault((reason.indicator, reason.dimension), [])
            known += [] if reason in known else [reason]
    return [sorted(known, key=_place) for known in behind.values()]


def reason_sentences(answer: Answer, report: Report, words: Words, groups: Iterable[Answer] = ()) -> list[str]:
    """Return the figures behind an answer, a sentence each list, then what must not be concluded from them.

    Args:
        answer: with its figure, which is not repeated.
        report: the model.
        words: of the language.
        groups: those whose figures are said with it, which are not repeated either.
    """
    said = {cell for told in (answer, *groups) for cell in told.cells}
    units = _units(report.headline) if report.headline else {}
    own = units.get(answer.card.answer.indicator, "")
    sentences = (
        _sentence(behind, said, "" if (unit := units[behind[0].indicator]) == own else unit, words)
        for behind in reasons(answer, report)
    )
    return [sentence for sentence in (*sentences, caution_words(answer, words)) if sentence]


def _sentence(behind: Sequence[Reason], said: Collection[CellInAnswer], unit: str, words: Words) -> str:
    """Return figures in a sentence, without those that are said already; empty without any.

    Args:
        behind: the figures.
        said: the cells that are said already.
        unit: what they count, where the answer counts something else; else empty.
        words: of the language.
    """
    unsaid = [reason for reason in behind if reason.cell not in said]
    if not unsaid:
        return ""
    title = wording.title(behind[0].indicator, words)
    if unit:
        title = words.text("answer.reasons.unit", title=title, unit=words.text(f"unit.{unit}"))
    return words.text(
        "answer.reasons" if len(unsaid) == len(behind) else "answer.reasons.further",
        title=title,
        list=wording.list_texts((_reason_words(reason, words) for reason in unsaid), words),
    )


def caution_words(answer: Answer, words: Words) -> str:
    """Return what a hasty reader would conclude wrongly from a figure; empty where its card holds no caution."""
    key = f"answer.{answer.key}.caution"
    return words.text(key) if answer.has_figure and key in words else ""


@once
def _units(release: ReportedRelease) -> Mapping[str, str]:
    """Return what each indicator of a release counts."""
    pairs = release.frame[["indicator", "unit_measure"]].drop_duplicates("indicator").astype(str)
    return dict(pairs.itertuples(index=False, name=None))


def _place(reason: Reason) -> tuple[tuple[int, str], int]:
    is_band = reason.code.startswith(_IN_ORDER)
    return rank(reason.dimension, reason.code) if is_band else (0, ""), -reason.count.value


def _reason_words(reason: Reason, words: Words) -> str:
    figure = count_words(reason.count, words)
    if not reason.dimension:
        return figure
    return words.text("answer.reason", label=labels.code(reason.dimension, reason.code, words), figure=figure)


def _reasons_of(explanation: Explanation, answer: Answer, report: Report) -> Iterator[Reason]:
    """Yield the counts of one line of a card; none of a rate, or of a denominator, which is no part of the answer."""
    if explanation.measure not in _COUNTS:
        return
    for dimension, code in _categories(explanation, report):
        at: Mapping[str, str] = {**explanation.at, **({dimension: code} if dimension else {})}
        cell = report.cell(explanation.indicator, explanation.measure, answer.area, answer.year, **at)
        true = true_ranges.range_of_count(cell)
        is_out = not report.is_frozen(explanation.indicator, answer.year) and cell.mark != "p"
        if true is not None and cell.value and is_out and float(cell.value).is_integer():
            yield Reason(
                explanation.indicator,
                dimension,
                code,
                Count(int(cell.value), round(true.highest - cell.value)),
                CellInAnswer(explanation.indicator, explanation.measure, answer.year, frozenset(at.items())),
            )


def _categories(explanation: Explanation, report: Report) -> list[tuple[str, str]]:
    """Return the dimension and the codes of a line: those of `each`, else the one of `at`; a total has none."""
    if not explanation.each:
        return list(explanation.at.items())[:1] or [("", "")]
    release = report.headline
    codes = _released_codes(release).get((explanation.indicator, explanation.each), ()) if release else ()
    return [(explanation.each, code) for code in codes]


@once
def _released_codes(release: ReportedRelease) -> Mapping[tuple[str, str], Sequence[str]]:
    """Return the categories that each indicator is released by, by indicator and dimension."""
    return {
        (str(indicator), dimension): sorted(str(code) for code in rows[dimension].unique() if code != TOTAL)
        for indicator, rows in release.frame.groupby("indicator")
        for dimension in DIMENSIONS
    }
