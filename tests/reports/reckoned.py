"""What a report prints that is no released cell, counted anew: what every reader reckons, and counts of no person.

Belongs here: the percent of two released counts with its range by rounding, and whole sentences: those of an answer
with the figures of its own cells, by how much a total was revised, how many questions, duties and indicators there are.
A sentence with any further number is left out, so that an attack finds it.
Does not belong here: the attacks (`printed_attacks.py`), days and estimates, which the caller knows.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from fractions import Fraction

from expectations.cards.areas import COUNTRY, REGIONS
from expectations.cards.cells import DIMENSIONS, EXPECTED, LATE_CASES, RECEIVED, TOTAL, rounding_error
from languages.words import Words
from reports.analysis import comparable_trends, revised_totals
from reports.answers.answer_reasons import reasons
from reports.answers.found_answers import Answer, answers_of
from reports.answers.unknown_figures import unknown_figures
from reports.briefings.briefing import briefing
from reports.chapters.indicators import pillar_of
from reports.chapters.story.answer_chapters import chapter_of
from reports.editions.answered import AnsweredQuestion
from reports.editions.edition import Edition, Paragraph
from reports.editions.law_monitor import MonitorDuty
from reports.editors import checklist
from reports.editors.editorial_inputs import EditorialInputs
from reports.released.released_tables import ReleasedCell
from reports.released.report_model import Report
from tests.expectations.gate.numbers_in_text import numbers_in
from tests.reports.printed_attacks import figures_said

_CERTAIN_OF = "PRT-01"
"""The indicator of which the report says how many agencies reported it."""


def percents(report: Report) -> set[str]:
    """Return the percent of each answer and both ends of its range, reckoned from its two released counts."""
    return {text for answer in _with_groups(answers_of(report)) for text in _percents(answer, report)}


def sentences(report: Report, issued: Edition, words: Words) -> list[str]:
    """Return every sentence whose numbers are known, and may stand nowhere else."""
    return [
        *_answer_sentences(report, issued, words),
        *_revision_sentences(report, words),
        *_counting_sentences(report, issued, words),
        *_trend_counts(report, words),
        *_reporting_sentences(report, words),
    ]


def _with_groups(answers: Iterable[Answer]) -> Iterator[Answer]:
    for answer in answers:
        yield from (answer, *answer.groups)


def _released(answer: Answer, report: Report) -> list[ReleasedCell]:
    """The cells that an answer is read from: a part and its whole, or one alone."""
    return [
        report.cell(cell.indicator, cell.measure, answer.area, cell.year, **dict(cell.categories))
        for cell in answer.cells
    ]


def _percents(answer: Answer, report: Report) -> set[str]:
    if answer.share is None:
        return set()
    part, whole = _released(answer, report)
    error = max(answer.card.answer.part_error, rounding_error(part.method))
    value, among, other_error = int(part.value or 0), int(whole.value or 0), rounding_error(whole.method)
    least = Fraction(max(0, value - error), among + other_error)
    most = Fraction(value + error, among - other_error) if among > other_error else Fraction(1)
    ratios = (Fraction(value, among), least, min(most, Fraction(1)))
    return {f"{int(ratio * 100 + Fraction(1, 2))}%" for ratio in ratios}


def _answer_sentences(report: Report, issued: Edition, words: Words) -> Iterator[str]:
    """Yield what is said of each question, if its released cells, their years and its standard hold every number."""
    assert issued.story is not None and issued.monitor is not None
    known: defaultdict[str, set[str]] = defaultdict(set)
    for answer in _with_groups(answers_of(report)):
        known[answer.key] |= _own_numbers(answer, report, words)
    questions = [*issued.story.leading, *(answer for chapter in issued.story.chapters for answer in chapter.answers)]
    texts: defaultdict[str, list[str]] = defaultdict(list)
    for question in questions:
        texts[question.key.partition("@")[0]] += _texts(question)
    for article in issued.monitor.articles:
        for duty in article.duties:
            texts[duty.key] += _duty_texts(duty)
    for key, texts_of_question in texts.items():
        yield from _with_figures(texts_of_question, known[key], words)


def _texts(question: AnsweredQuestion) -> Iterator[str]:
    yield from (question.sentence, question.groups, question.standard, question.elsewhere, *question.reasons)


def _duty_texts(duty: MonitorDuty) -> Iterator[str]:
    for answer in duty.answers:
        yield from (answer.text, answer.follows, *answer.reasons)


def _own_numbers(answer: Answer, report: Report, words: Words) -> set[str]:
    cells = [*_released(answer, report)]
    cells += [
        report.cell(reason.indicator, reason.cell.measure, answer.area, answer.year, **dict(reason.cell.categories))
        for behind in reasons(answer, report)
        for reason in behind
    ]
    values = {end for cell in cells for end in (cell.value, cell.lower, cell.upper) if end is not None}
    errors = {rounding_error(cell.method) for cell in cells if cell.value == 0}  # 0 to 4
    known = {f"{value:.10g}" for value in values | errors} | {answer.year, answer.since} | _percents(answer, report)
    standard = answer.standard
    if standard is not None:
        ends = {standard.met_from, standard.not_met_below}
        if standard.unit == "percent":
            known |= {
                f"{share:.10g}%" for end in ends for share in (end, 100 - end)
            }  # of those concerned, and of others
        else:
            known |= {f"{end:.10g}" for end in ends}
        known |= {str(standard.adopted.day), str(standard.adopted.year)}
        known |= set(numbers_in(standard.source.get(words.tag, "")))
    return known


def _revision_sentences(report: Report, words: Words) -> Iterator[str]:
    """Yield by how much national totals were revised: the range is that of the rounding of two released figures."""
    release = report.headline
    if release is None or release.previous is None:
        return
    keys = ["indicator", "measure", "ref_area", "time_period", *DIMENSIONS]
    both = release.frame.merge(release.previous, on=keys, suffixes=("", "_before"))
    is_total = (both[list(DIMENSIONS)] == TOTAL).all(axis=1) & both["ref_area"].isin([COUNTRY, *REGIONS])
    totals = both[is_total & both["measure"].eq("COUNT") & both["obs_value"].notna() & both["obs_value_before"].notna()]
    known = {str(year) for year in totals["time_period"]}
    for _, row in totals.iterrows():
        change = abs(row["obs_value"] - row["obs_value_before"])
        error = sum(rounding_error(str(row[name])) for name in ("disclosure_method", "disclosure_method_before"))
        if change - error >= LATE_CASES:
            numbers = (row["obs_value_before"], row["obs_value"], change - error, change + error)
            known |= {str(int(number)) for number in numbers}
    texts = [revised_totals.sentence(total, words) for total in revised_totals.revised_totals(release)]
    yield from _with_figures(texts, known, words)


def _counting_sentences(report: Report, issued: Edition, words: Words) -> list[str]:
    """Sentences that count questions, duties and indicators: each of its numbers is counted anew here.

    How many questions there are, have a figure or wait for the same agencies, how many duties have one answer, and how
    many indicators of a pillar have a figure or show an earlier one.
    """
    answers = answers_of(report)
    assert issued.story is not None and issued.monitor is not None and report.headline is not None
    chapters = [[answer for answer in answers if chapter_of(answer) == code] for code in map(chapter_of, answers)]
    waiting = {len(line.answers) for asked in (answers, *chapters) for line in unknown_figures(asked)}
    asked = {len({answer.key for answer in answers}), *Counter(answer.area for answer in answers).values()}
    answered = {len({answer.key for answer in answers if answer.has_figure})}
    duties = {number for count in issued.monitor.counts for number in count.numbers}
    brief = briefing(report, issued, words)
    of_questions = [
        *(line for chapter in issued.story.chapters for line in chapter.unknown),
        issued.story.regions_text,
        *(part.text for part in issued.story.quality if part.term == words.text("edition.quality.relevance")),
        *brief.law,
        *brief.silent,
    ]
    frame = report.headline.frame
    pillars = [frame["indicator"].map(pillar_of), frame["indicator"]]
    with_figure = frame["obs_value"].notna().groupby(pillars).any().groupby(level=0)
    indicators = {*with_figure.sum(), *with_figure.size()}
    frozen = {len(codes) for release in report.releases for codes in release.frozen.values()}
    leads = [
        block.text
        for chapter in issued.chapters
        if f"pillar.{chapter.id}" in words
        for block in chapter.blocks[:1]
        if isinstance(block, Paragraph)
    ]
    remarks = [checklist.item_sentence(item, words) for item in checklist.remarks(report, EditorialInputs(), words)]
    years = {str(year) for release in report.releases for year in release.frame["time_period"]}
    return [
        *_with_figures(of_questions, {str(number) for number in waiting | asked | answered | duties}, words),
        *_with_figures(leads, {str(number) for number in indicators}, words),
        *_with_figures(remarks, {str(number) for number in frozen} | years, words),
    ]


def _with_figures(texts: Iterable[str], known: set[str], words: Words) -> list[str]:
    """The texts that say no figure but these."""
    written = [text for text in texts if text]
    return [text for text, figures in zip(written, figures_said(written, words), strict=True) if set(figures) <= known]


def _trend_counts(report: Report, words: Words) -> Iterator[str]:
    """Yield how many series rise or fall, and how many do not, and why."""
    counts = Counter(trend.trend.reason for trend in comparable_trends.trends(report))
    numbers = {"words": counts.pop(None, 0), "scatter": counts.pop("within_scatter", 0), "few": sum(counts.values())}
    yield from (words.text(f"edition.trends.counted.{name}", number=number) for name, number in numbers.items())


def _reporting_sentences(report: Report, words: Words) -> Iterator[str]:
    """Yield how many of the agencies that hold the main figure reported it, in each area."""
    assert report.headline is not None
    frame = report.headline.frame
    rows = frame[frame["indicator"].eq(_CERTAIN_OF) & frame["ref_area"].isin(REGIONS)]
    by_area = rows.groupby(["ref_area", "time_period"])[[RECEIVED, EXPECTED]].max()
    for counts in (by_area, by_area.groupby(level="time_period").sum()):
        for received, expected in counts.itertuples(index=False):
            key = "all" if received >= expected else "some" if received else "none"
            yield words.text(f"edition.answer.certainty.{key}", reported=int(received), expected=int(expected))
