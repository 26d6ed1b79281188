"""The section on trends: every series that rises or falls, and how many do not.

Belongs here: its blocks. Does not belong here: which series may be compared
(`reports/analysis/comparable_trends.py`), the sentence beside an indicator (`reports/phrases/trend_text.py`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from languages.words import Words
from reports.analysis.comparable_trends import ToldTrend
from reports.analysis.comparable_trends import trends as all_trends
from reports.chapters import printed
from reports.editions.edition import Block, Chapter, ItemList, Paragraph, TableRow
from reports.phrases import trend_text, wording
from reports.released.report_model import Report

_COLUMNS = ("area", "years", "word", "change")
_FEW = ("too_few_years", "too_few_events")


def trend_section(report: Report, words: Words) -> Iterator[Chapter]:
    """Yield the section, unless no trend was computed."""
    asked = all_trends(report)
    if not asked:
        return
    with_word = [trend for trend in asked if trend.is_word]
    blocks: list[Block] = [Paragraph(text=words.text("edition.trends.lead"), tone="lead")]
    if with_word:
        rows = (_row(trend, words) for trend in with_word)
        blocks.append(printed.section_table("edition.trends", _COLUMNS, "page.demand.indicator", rows, words))
    else:
        blocks.append(Paragraph(text=words.text("edition.trends.none")))
    blocks.append(
        ItemList(label=words.text("edition.trends.counted"), texts=_list_counts(asked, words), is_titled=True)
    )
    blocks.append(Paragraph(text=words.text("edition.trends.chance"), tone="note"))
    yield Chapter(id="unseen-trends", title=words.text("edition.trends.title"), blocks=tuple(blocks))


def _row(trend: ToldTrend, words: Words) -> TableRow:
    measure = wording.measure(trend.indicator, trend.measure, words)
    label = words.text("edition.measured", indicator=wording.title(trend.indicator, words), measure=measure)
    texts = (
        wording.area(trend.area, words),
        trend_text.years(trend.trend, words),
        trend_text.word(trend.trend, words),
        trend_text.change(trend.trend, words),
    )
    return TableRow(label=label, cells=tuple(map(printed.text, texts)), code=trend.indicator)


def _list_counts(asked: tuple[ToldTrend, ...], words: Words) -> tuple[str, ...]:
    reasons = Counter(trend.trend.reason for trend in asked)
    numbers = {
        "words": reasons[None],
        "scatter": reasons["within_scatter"],
        "few": sum(reasons[reason] for reason in _FEW),
    }
    return tuple(words.text(f"edition.trends.counted.{name}", number=number) for name, number in numbers.items())
