"""The section on the way through the courts: how far each year of suspects came, open cases included.

Belongs here: its blocks. Does not belong here: the shares (`reports/analysis/followed_cohorts.py`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from expectations.cards.cells import TOTAL
from languages import dates
from languages.words import Words
from reports.analysis.followed_cohorts import DELAYS, CohortMedian, CohortShares, cohorts
from reports.chapters import printed
from reports.editions.edition import Block, Chapter, ItemList, Paragraph, TableBlock, TableColumn, TableRow
from reports.phrases import wording
from reports.released.report_model import Report


def court_section(report: Report, words: Words) -> Iterator[Chapter]:
    """Yield the section, unless no year was followed to the horizon."""
    followed = cohorts(report)
    if not followed.shares and not followed.medians:
        return
    blocks: list[Block] = [Paragraph(text=words.text("edition.courts.lead"), tone="lead")]
    if followed.shares:
        blocks.append(_table(followed.shares, words))
    if followed.medians:
        sentences = tuple(_median(median, words) for median in followed.medians)
        blocks.append(ItemList(label=words.text("edition.courts.medians"), texts=sentences, is_titled=True))
    for reason, years in (("waiting", followed.waiting), ("withheld", followed.withheld)):
        if years:
            note = words.text(f"edition.courts.{reason}", years=wording.years(years, words))
            blocks.append(Paragraph(text=note, tone="note"))
    yield Chapter(id="unseen-courts", title=words.text("edition.courts.title"), blocks=tuple(blocks))


def _table(shares: Sequence[CohortShares], words: Words) -> TableBlock:
    columns = [TableColumn(text=words.label("cust_breakdown", code), code=code) for code in DELAYS]
    return printed.ungrouped_table(
        "courts-table",
        words.text("edition.courts.caption"),
        words.text("edition.courts.cohort"),
        (*columns, TableColumn(text=words.text("edition.courts.within_36"), code=TOTAL, is_total=True)),
        (
            TableRow(label=dates.year(words, row.year), cells=tuple(printed.figure(cell, words) for cell in row.cells))
            for row in shares
        ),
        sheet=words.text("edition.courts.sheet"),
    )


def _median(median: CohortMedian, words: Words) -> str:
    year = dates.year(words, median.year)
    if median.reason:
        key = "edition.label.why_c" if median.reason == "withheld" else f"survival.reason.{median.reason}"
        return words.text("edition.courts.reason", year=year, reason=words.text(key))
    days, limits = wording.figure(median.cell, words), wording.interval(median.cell, median.lower, median.upper, words)
    return words.text("edition.courts.median", year=year, days=days, interval=limits)
