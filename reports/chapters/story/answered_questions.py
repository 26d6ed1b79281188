"""Answers as parts of an edition: the sentence, its chart, and what stands beneath it.

Belongs here: one answer with its groups, its way, whose duty it is, source and table. A chart shows the share of
its sentence if that is said in percent, else the count.
Does not belong here: which answer a release gives (`reports/answers`), how it is drawn.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from expectations.cards.areas import FEDERAL
from expectations.cards.cells import DIMENSIONS
from languages import dates
from languages.words import Words
from reports.analysis.part_years import years_apart
from reports.analysis.printed_counts import operands_of
from reports.answers import answer_reasons, answer_sentences, seeming_contradictions
from reports.answers.found_answers import Answer, answers_of
from reports.chapters import printed
from reports.chapters.picture_blocks.told_picture import CHILD_INDICATORS
from reports.editions.answered import AnsweredQuestion, AnswerState
from reports.editions.printed_parts import SmallChart, first_year_shown
from reports.editors import prose_figures
from reports.phrases import wording
from reports.phrases.figure_words import NARROW, count_words
from reports.released.report_model import NATIONAL, Report, ReportedRelease

CHILDREN = ("age", "Y0T17")
_LEAST_YEARS = 2
_FOUR = ("women", "men", "girls", "boys")
_TWOS = ("females", "males", "adults", "children")


def answered_question(answer: Answer, elsewhere: Answer | None, report: Report, words: Words) -> AnsweredQuestion:
    """Return an answer in words, with its chart.

    Args:
        answer: with a figure, for all or for groups.
        elsewhere: the answer to the same question in the other region, if a figure answers there.
        report: the model.
        words: of the language.
    """
    sentence = answer_sentences.figure_sentence(answer, words)
    groups = _groups(answer, words)
    return AnsweredQuestion(
        key=prose_figures.key_of(answer),
        demand=answer.card.demand,
        code=answer.card.answer.indicator,
        question=answer_sentences.question(answer, words),
        sentence=sentence or groups,
        figure=_figure(answer, words),
        verdict=answer_sentences.state_words(answer, words),
        state=state_of(answer),
        way=_as_sentence(answer_sentences.way_words(answer, words), words),
        standard=_standard(answer, words),
        groups=groups if sentence else "",
        reasons=tuple(_reasons(answer, report, words)),
        elsewhere=_elsewhere(elsewhere, words),
        duty=answer_sentences.duty_words(answer, words),
        name=wording.title(answer.card.answer.indicator, words),
        unit=words.text(f"unit.{_unit(answer, report)}"),
        place=wording.area(answer.area, words),
        year=dates.year(words, (answer.groups[0] if not answer.year else answer).year),
        source=_source(answer, report, words),
        table=_table(answer, report),
        chart=_chart(answer, sentence, report, words),
    )


def state_of(answer: Answer) -> AnswerState:
    """Return the better of the verdicts that rounding allows; `not_known` if a standard could not be applied."""
    if answer.verdicts:
        return answer.verdicts[-1]
    return "not_known" if answer.unknown else "open"


def _figure(answer: Answer, words: Words) -> str:
    """Return the figure in large type: the count, or the part of a share."""
    if answer.share is not None:
        return count_words(answer.share.part, words)
    if answer.median is not None:
        return wording.figure(answer.median, words)
    return count_words(answer.count, words) if answer.count is not None else ""


def _groups_said(answer: Answer) -> list[Answer]:
    """Return the groups whose figures are said: women, men, girls and boys where all are there, else each with one.

    A group of whom the sentence speaks already is none: of the bands of sentences, the one that most were given.
    """
    others = [group for group in answer.groups if group.cells[:1] != answer.cells[:1]]
    has_four = {group.group for group in others} >= set(_FOUR)
    return [group for group in others if not (has_four and group.group in _TWOS)]


def _groups(answer: Answer, words: Words) -> str:
    """Return the figure of each group, without the whole if it is that of the answer."""
    texts = [
        words.text(
            "answer.group_figure",
            group=words.text(f"answer.group.{group.group}"),
            figure=count_words(group.share.part, words)
            if group.share is not None and group.cells[1:] == answer.cells[1:]
            else figure_words_of(group, words),
        )
        for group in _groups_said(answer)
    ]
    return _as_sentence(words.text("edition.separator").join(texts), words)


def figure_words_of(group: Answer, words: Words) -> str:
    """Return the bare figure of an answer: `about 155 of about 240`; empty without one."""
    if group.share is not None:
        part, whole = (count_words(count, words) for count in (group.share.part, group.share.whole))
        return words.text("figure.of", part=part, whole=whole)
    if group.median is not None:
        return wording.figure(group.median, words)
    return count_words(group.count, words) if group.count is not None else ""


def _reasons(answer: Answer, report: Report, words: Words) -> Iterator[str]:
    yield from answer_reasons.reason_sentences(answer, report, words, _groups_said(answer))
    if sentence := seeming_contradictions.explanation(answer, answers_of(report), words):
        yield sentence


def _standard(answer: Answer, words: Words) -> str:
    numbers = answer_sentences.standard_numbers(answer, words)
    return words.text("edition.answered.standard", numbers=numbers) if numbers else ""


def _as_sentence(text: str, words: Words) -> str:
    return words.text("answer.sentence", text=f"{text[:1].upper()}{text[1:]}") if text else ""


def _elsewhere(answer: Answer | None, words: Words) -> str:
    if answer is None:
        return ""
    parts = [answer_sentences.judged_sentence(answer, words) if answer.has_figure else _groups(answer, words)]
    if not answer.verdicts and answer.unknown != "no_standard":  # that the question has no standard is said above
        parts.append(_as_sentence(answer_sentences.state_words(answer, words), words))
    place = wording.area(answer.area, words)
    return words.text("edition.finding.at_place", place=place, sentence=" ".join(part for part in parts if part))


def _unit(answer: Answer, report: Report) -> str:
    return next(section.unit for section in report.sections if section.indicator == answer.card.answer.indicator)


def _source(answer: Answer, report: Report, words: Words) -> str:
    """Return the agencies that hold the figure; empty if they are those whose duty it is, who are named already."""
    known = report.headline.manifest["indicators"].get(answer.card.answer.indicator, {}) if report.headline else {}
    holders = [str(code) for code in known.get("holders", [])]
    is_named = set(holders) <= set(answer.card.duty.get(answer.area, ()))
    return "" if is_named else answer_sentences.agencies_words(holders, words)


def _table(answer: Answer, report: Report) -> str:
    """Return the id of the table with its figures."""
    names = [name for name in DIMENSIONS if name in answer.card.answer.at]
    place = [] if answer.area == FEDERAL else [answer.area]
    table_id = printed.name_of("-".join((NATIONAL, answer.card.answer.indicator, *names, *place)))
    tables = {table.id for section in report.sections_of(NATIONAL) for table in section.tables}
    return table_id if table_id in tables else ""


def _chart(answer: Answer, sentence: str, report: Report, words: Words) -> SmallChart | None:
    """Return the chart of the figure over the years up to that of the answer; None if fewer than two have one.

    It starts in the first year of which anything was reported, and in which this figure is known: before, an agency
    that owed a report and sent none has a figure of its own, 0. Years behind the answer still grow and are not
    compared.
    """
    release = report.headline
    if release is None or not answer.has_figure:
        return None
    measure = _measure(answer, release)
    asked = answer.card.answer
    years = [year for year in report.headline_years if report.first_reported_year <= year <= answer.year]
    cells = [report.cell(asked.indicator, measure, answer.area, year, **asked.at) for year in years]
    figures = tuple(printed.figure(cell, words) for cell in cells)
    if sum(figure.value is not None for figure in figures) < _LEAST_YEARS:
        return None
    first = first_year_shown([figures])
    years, figures = years[first:], figures[first:]
    labels = tuple(dates.year(words, year) for year in years)
    pairs = (
        words.text("edition.measured", indicator=label, measure=printed.figure_with_mark(figure))
        for label, figure in zip(labels, figures, strict=True)
        if figure.text or figure.mark != "x"
    )
    return SmallChart(
        alternative=words.text("edition.story.alternative", sentence=sentence, values=wording.list_texts(pairs, words)),
        years=tuple(years),
        year_labels=labels,
        figures=figures,
        broken_before=_broken_years(answer, measure, years, release),
        unit="share" if measure == "SHARE" else "count",
        is_of_children=CHILDREN in asked.at.items() or asked.indicator in CHILD_INDICATORS,
    )


def _measure(answer: Answer, release: ReportedRelease) -> str:
    """Return the measure that a chart shows: the released share of the sentence if its percent is said."""
    asked = answer.card.answer
    if answer.share is None:
        return asked.count
    derived = release.manifest["indicators"].get(asked.indicator, {}).get("derived", {}).get("SHARE", [])
    whole = asked.whole if "/" in asked.whole else f"{asked.indicator}/{asked.whole}"
    is_its_share = list(derived) == [f"{asked.indicator}/{asked.part}", whole] and asked.whole_at is None
    return "SHARE" if is_its_share and answer.share.width <= NARROW else asked.part


def _broken_years(answer: Answer, measure: str, years: Sequence[str], release: ReportedRelease) -> tuple[str, ...]:
    indicator = answer.card.answer.indicator
    codes = {indicator, *(name.partition("/")[0] for name in operands_of(release, indicator, measure))}
    return years_apart(release, codes, answer.area, years)
