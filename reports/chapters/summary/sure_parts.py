"""What is not known, which duties are unmet, what must not be written, and how sure the figures are.

Belongs here: whose figures are missing; the unmet duties with which to begin; what a hasty reader would conclude
wrongly; how much the total moved, how complete the records are, which answers are not compared with earlier years.
Does not belong here: what may be compared (`reports/analysis`), answers (`answer_parts.py`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from expectations.cards.areas import COUNTRY
from expectations.cards.series_breaks import SeriesBreak
from languages import dates
from reports.analysis import revised_totals
from reports.answers import answer_sentences
from reports.answers.found_answers import Answer
from reports.answers.seeming_contradictions import seeming_contradictions
from reports.answers.unknown_figures import UnknownFigures, unknown_figures
from reports.answers.unmet_duties import MOST_OF_ONE_AGENCY, duties_to_begin_with, unmet_duties
from reports.chapters.summary.answer_parts import AnsweredReport, breaks_of
from reports.chapters.summary.page_figures import COUNT, PRESUMED, count_in
from reports.editions.summary import FigureLine, SummaryPart
from reports.phrases import wording

_COMPLETE = "are_records_complete"
_OWN = ("task_force", "task_force_activities")
"""The secretariat reckons figures from what agencies send: with itself it needs no agreement."""
_MOST_SENDERS, _MOST_QUESTIONS, _MOST_DUTIES = 7, 3, 3
_CARE = ("add_refused", "governorates", "other_agencies", "countries")
"""What must not be written of the figures, besides what stands beside a figure."""


def sure_parts(asked: AnsweredReport, answered: Sequence[SummaryPart]) -> Iterator[SummaryPart]:
    """Yield duties, warnings, certainty and gaps; nothing where nothing is to be said.

    Args:
        asked: the answers and figures.
        answered: the parts of the first page.
    """
    words = asked.figures.words
    items_by_part = {
        "duties": (*_unmet_duties(asked),),
        "care": (*_care(asked),) if any(map(_has_figure, answered)) else (),
        "sure": (*_revisions(asked), *_complete(asked), *_years(asked), *_changes(asked), *_breaks(asked, answered)),
    }
    for name, items in items_by_part.items():
        if items:
            texts = (*_which_duties(asked, len(items)),) if name == "duties" else ()
            yield SummaryPart(id=name, title=words.text(f"summary.title.{name}"), texts=texts, items=items)
    lines, further = _missing_figures(asked)
    if lines or further:
        yield SummaryPart(id="unknown", title=words.text("summary.title.unknown"), lines=lines, items=further)


def _care(asked: AnsweredReport) -> Iterator[str]:
    words = asked.figures.words
    yield from (words.text(f"summary.care.{name}") for name in _CARE)
    for none, some in seeming_contradictions(asked.answers, asked.area):
        if asked.says(none.key) and asked.says(some.key):
            yield words.text(f"answer.{none.key}.excludes")


def _has_figure(part: SummaryPart) -> bool:
    """Return whether a part of the first page says a figure."""
    return part.id == "many" or bool(part.lines or part.standard)


def _missing_figures(asked: AnsweredReport) -> tuple[tuple[FigureLine, ...], tuple[str, ...]]:
    """Return a line for each sender, and what else is missing: how many further questions, and agreements by region.

    Leading questions stand first, then those that the two pages would print.
    """
    words = asked.figures.words
    missing = sorted(unknown_figures(asked.answers), key=lambda line: line.area != asked.area)
    by_sender: dict[tuple[str, ...], list[Answer]] = {}
    for line in missing:
        if line.reason != "agreement":
            by_sender.setdefault(line.senders, []).extend(line.answers)
    ordered = {senders: sorted(answers, key=_urgency) for senders, answers in by_sender.items()}
    lines: list[FigureLine] = []
    named: set[str] = set()
    for senders, answers in sorted(ordered.items(), key=lambda line: _urgency(line[1][0])):
        waiting = [answer for answer in answers if answer.key not in named][:_MOST_QUESTIONS]
        if waiting and len(lines) < _MOST_SENDERS:
            named.update(answer.key for answer in waiting)
            questions = " ".join(_waiting_question(asked, answer) for answer in waiting)
            lines.append(FigureLine(what=answer_sentences.agencies_words(senders, words), figure=questions))
    further = {answer.key for answers in by_sender.values() for answer in answers} - named
    items = [words.text("summary.unknown.others", count=len(further))] if further else []
    items.extend(_agreements(asked, line) for line in missing if line.reason == "agreement")
    return tuple(lines), tuple(items)


def _waiting_question(asked: AnsweredReport, answer: Answer) -> str:
    """Return the question; with its area where that of the report has an answer, so that nobody reads "unknown"."""
    words = asked.figures.words
    question = words.text(f"answer.{answer.key}.question")
    if any(other.key == answer.key and other.area == asked.area and other.has_figure for other in asked.answers):
        return words.text("summary.unknown.elsewhere", question=question, area=wording.area(answer.area, words))
    return question


def _urgency(answer: Answer) -> int:
    return 0 if answer.card.leads else 1 if answer.card.lines else 2


def _agreements(asked: AnsweredReport, line: UnknownFigures) -> str:
    """Return how many questions of an area wait for an agreement, not of how many: nobody reads a share of figures.

    Where most of them wait, the agencies that send figures of it already are named, so that nobody reads "none does".
    """
    words = asked.figures.words
    area, waiting = wording.area(line.area, words), len(line.answers)
    sending = [
        answer.card.sender[line.area] for answer in asked.answers if answer.area == line.area and answer.has_figure
    ]
    agencies = dict.fromkeys(code for senders in sending if len(senders) == 1 for code in senders if code not in _OWN)
    if agencies and waiting > len(sending):
        names = answer_sentences.agencies_words(agencies, words)
        return words.text("summary.unknown.sending", area=area, agencies=names, count=waiting)
    return words.text("summary.unknown.agreement", area=area, count=waiting)


def _which_duties(asked: AnsweredReport, count: int) -> Iterator[str]:
    """Yield of how many unmet duties some are named, and which; nothing where each is."""
    unmet = len(unmet_duties(asked.answers, asked.area))
    if unmet > count:
        yield asked.figures.words.text("summary.duties", count=count, all=unmet, most=MOST_OF_ONE_AGENCY)


def _unmet_duties(asked: AnsweredReport) -> Iterator[str]:
    """Yield the unmet duties with which to begin: the act, what would show it done, whose duty it is, its law, figure.

    A figure that the first page prints is not printed again.
    """
    words = asked.figures.words
    for duty in duties_to_begin_with(asked.answers, asked.area, _MOST_DUTIES):
        answer = duty.answer
        act, agency = answer_sentences.act_words(answer, words), answer_sentences.duty_words(answer, words)
        text = words.text("summary.duty", act=act, agency=agency)
        if order := answer_sentences.order_words(answer, words):
            text = f"{text} {order}"
        if not asked.says(answer.key):
            text = f"{text} {words.text('answer.sentence', text=asked.figures.answer(answer))}"
        yield text


def _revisions(asked: AnsweredReport) -> Iterator[str]:
    """Yield by how much the presumed victims of the newest revised year changed since the release before."""
    release = asked.figures.report.headline
    revised = (
        [total for total in revised_totals.revised_totals(release) if total.indicator == PRESUMED] if release else []
    )
    for total in sorted(revised, key=lambda total: (total.area == asked.area, total.year))[-1:]:
        yield revised_totals.sentence(total, asked.figures.words)


def _complete(asked: AnsweredReport) -> Iterator[str]:
    answer = asked.answer(_COMPLETE)
    if answer is not None and answer.has_figure:
        yield asked.figures.words.text("answer.sentence", text=asked.figures.answer(answer))


def _years(asked: AnsweredReport) -> Iterator[str]:
    """Yield from which year on presumed victims are released, and from which in all of Iraq, where that is later."""
    words, first, first_of_all = asked.figures.words, _first_year(asked, asked.area), _first_year(asked, COUNTRY)
    if first and first < first_of_all:
        yield words.text(
            "summary.years",
            first=dates.year(words, first),
            area=wording.area(asked.area, words),
            first_of_all=dates.year(words, first_of_all),
        )


def _first_year(asked: AnsweredReport, area: str) -> str:
    """Return the first year whose presumed victims are released in an area; empty without one."""
    report = asked.figures.report
    cells = ((year, report.cell(PRESUMED, COUNT, area, year)) for year in report.headline_years)
    return next((year for year, cell in cells if count_in(cell) is not None), "")


def _changes(asked: AnsweredReport) -> Iterator[str]:
    """Yield what got better or worse since the year before, of how many figures that may be said, why not of others.

    A figure never says what caused a change.
    """
    words = asked.figures.words
    answers = [answer for answer in asked.answers if answer.area == asked.area and answer.way]
    compared = [answer for answer in answers if answer.direction.is_comparable]
    changes = [
        words.text(f"summary.changed.{way}", questions=" ".join(questions))
        for way in ("better", "worse")
        if (questions := [answer_sentences.question(answer, words) for answer in compared if answer.way == way])
    ]
    if compared:
        text = words.text(
            "summary.changed",
            all=len(answers),
            count=len(compared),
            changes=" ".join(changes) or words.text("summary.changed.none"),
        )
        reasons = Counter(answer.direction.why_not for answer in answers if not answer.direction.is_comparable)
        others = wording.list_texts(
            (
                words.text("summary.item", label=words.text(f"answer.why_not.{reason}"), figure=count)
                for reason, count in reasons.most_common()
            ),
            words,
        )
        cause = words.text("summary.changed.cause") if changes else ""
        rest = words.text("summary.changed.others", reasons=others) if reasons else ""
        yield " ".join(filter(None, (text, rest, cause)))


def _breaks(asked: AnsweredReport, answered: Sequence[SummaryPart]) -> Iterator[str]:
    """Yield each break of a series that a part of the first page prints."""
    words, release = asked.figures.words, asked.figures.report.headline
    for series_break in release.breaks if release else ():
        parts = [part for part in answered if series_break in breaks_of(asked, part.id)]
        if parts:
            figures, others = _broken_figures(asked, parts, series_break)
            yield words.text(
                "summary.break.but" if others else "summary.break",
                year=dates.year(words, series_break.whole_year),
                figures=wording.list_texts(figures, words),
                reason=words.text(f"break.{series_break.code}"),
                **({"others": wording.list_texts(others, words)} if others else {}),
            )


def _broken_figures(
    asked: AnsweredReport, parts: Sequence[SummaryPart], series_break: SeriesBreak
) -> tuple[list[str], list[str]]:
    """Return the parts that a break touches and those figures of them that it does not; or the few that it touches."""
    words = asked.figures.words
    printed = (answer.card.answer.indicator for part in parts for answer in asked.printed(part.id))
    by_touch: dict[bool, list[str]] = {True: [], False: []}
    for indicator in dict.fromkeys(printed):
        by_touch[series_break.touches(indicator, asked.area)].append(wording.title(indicator, words))
    touched, others = by_touch[True], by_touch[False]
    return ([part.title for part in parts], others) if len(others) < len(touched) else (touched, [])
