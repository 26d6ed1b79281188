"""The five answers of the first page: each demand with its verdict, and the courts, which have none.

Belongs here: the sentence that answers, what is not known, and the few lines that explain it.
Which answers stand in which line is said by the cards of questions (`PageLine`).
Does not belong here: an answer (`reports/answers`), the words of a figure (`page_figures.py`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from expectations.cards.areas import COUNTRY
from expectations.cards.cells import DIMENSIONS, TOTAL
from expectations.cards.series_breaks import SeriesBreak
from languages import dates
from languages.words import Words
from reports.answers import answer_reasons, answer_sentences, found_answers
from reports.answers.answer_reasons import Reason
from reports.answers.demand_answers import DEMANDS, demand_answer
from reports.answers.found_answers import Answer
from reports.chapters.summary.page_figures import PageFigures, begin_sentence, in_sentence
from reports.editions.summary import FigureLine, State, SummaryPart
from reports.phrases import figure_words, labels, wording
from reports.phrases.figure_words import Count, Share
from reports.questions.answer_card import PageLine

COURTS = "courts"
PARTS = (*DEMANDS, COURTS)
_CHILDREN = "Y0T17"
_MOST_LINES, _MOST_OF_PART = 4, {"D1": 5, "D2": 5, COURTS: 6}
_MOST = 4
_PARTS_OF_ONE_WHOLE = 3
"""From so many figures on, their common whole stands once before them."""


@dataclass(frozen=True)
class LineEntry:
    """An answer at one of the places that its card names, with the categories that follow its figure."""

    line: PageLine
    answer: Answer
    behind: tuple[Reason, ...]


@dataclass(frozen=True)
class AnsweredReport:
    """What the parts are made of: the answers of one area by their questions, the figures, the year of the pages."""

    answers: Sequence[Answer]
    figures: PageFigures
    area: str
    year: str

    def answer(self, question: str) -> Answer | None:
        """Return the answer to a question in the area of the pages; None if it was not asked there."""
        return next((answer for answer in self.answers if (answer.key, answer.area) == (question, self.area)), None)

    def leading(self, part: str) -> list[Answer]:
        """Return the answers that lead a part: those of its demand, or those that cards place before its lines."""
        return [
            answer
            for answer in self.answers
            if answer.area == self.area
            and (
                (answer.card.leads and answer.card.demand == part)
                or any((line.part, line.place) == (part, 0) for line in answer.card.lines)
            )
        ]

    def first(self, part: str) -> Answer | None:
        """Return the answer with which a part begins: a leading one; of the courts, else that of their first line."""
        leading = (answer for answer in self.leading(part) if answer.has_figure)
        lines = (entry.answer for entry in self._entries(part) if entry.line.has_figure and not entry.line.group)
        return next(leading, next(lines, None) if part == COURTS else None)

    def lines(self, part: str) -> list[list[LineEntry]]:
        """Return the lines of a part, by their places: a line without a figure gives its place to the next."""
        first = self.first(part)
        entries = [entry for entry in self._entries(part) if not (entry.answer == first and entry.line.has_figure)]
        places = (list(entries) for _, entries in groupby(entries, key=lambda entry: entry.line.place))
        lines = [entries for entries in places if any(entry.answer.has_figure for entry in entries)]
        return lines[: _MOST_OF_PART.get(part, _MOST_LINES)]

    def printed(self, part: str) -> list[Answer]:
        """Return the answers that a part of the first page prints with their figures, its first sentence first."""
        first = self.first(part)
        behind = [entry.answer for line in self.lines(part) for entry in line]
        return [*([first] if first is not None else []), *behind]

    def says(self, question: str) -> bool:
        """Return whether the first page prints the answer to a question."""
        return any(answer.key == question and not answer.group for part in PARTS for answer in self.printed(part))

    def _entries(self, part: str) -> list[LineEntry]:
        """Return the answers that cards place behind the first one of a part, in order.

        Those without a figure are left out, but for those that a line calls not known.
        """
        entries = [
            LineEntry(line, shown, self._behind(line, shown))
            for answer in self.answers
            if answer.area == self.area
            for line in answer.card.lines
            if line.part == part and line.place
            for shown in (answer.groups if line.group else (answer,))
            if shown.group == line.group and (shown.has_figure or line.says_unknown)
        ]
        filled = (entry for entry in entries if entry.line.has_figure or entry.behind)
        return sorted(filled, key=lambda entry: entry.line.place)

    def _behind(self, line: PageLine, answer: Answer) -> tuple[Reason, ...]:
        """Return the greatest categories behind an answer that a line lists; what is not known stands last.

        None is left out that is as great as the last of them.
        """
        for behind in answer_reasons.reasons(answer, self.figures.report) if line.each else ():
            if behind[0].indicator == line.each and behind[0].dimension:
                shown = behind[: line.most]
                if len(behind) > len(shown) and behind[len(shown)].count.value == shown[-1].count.value:
                    shown = [reason for reason in shown if reason.count.value > shown[-1].count.value] or shown
                return tuple(sorted(shown, key=lambda reason: reason.code.endswith("_U")))
        return ()


def answer_parts(asked: AnsweredReport) -> Iterator[SummaryPart]:
    """Yield the parts of the four demands and of the courts; none that would say nothing."""
    for name in PARTS:
        texts = tuple(_texts(asked, name))
        lines = (*_children(asked, name), *(_line(asked, name, line) for line in asked.lines(name)))
        if texts or lines:
            state, verdict = _verdict(asked, name)
            yield SummaryPart(
                id=name,
                title=asked.figures.words.text(f"summary.title.{name}"),
                verdict=verdict,
                state=state,
                texts=texts,
                standard=_standard(asked, name),
                lines=lines,
            )


def _verdict(asked: AnsweredReport, name: str) -> tuple[State, str]:
    """Return the verdict of a part: its state, and its words."""
    words = asked.figures.words
    if name == COURTS:
        return "", words.text("summary.verdict.no_standard")
    answer = demand_answer(asked.answers, name, asked.area)
    if not answer.verdicts and any(leading.unknown == "no_standard" for leading in answer.leading):
        return "", words.text("summary.verdict.no_standard")
    verdict = answer_sentences.demand_state_words(answer, words)
    if len(answer.verdicts) == 1:
        return answer.verdicts[0], verdict
    return "not_known" if answer.state == "not_known" else "", verdict


def _texts(asked: AnsweredReport, name: str) -> Iterator[str]:
    """Yield the sentence of the answer that a part begins with, then the leading questions without a figure."""
    words, first = asked.figures.words, asked.first(name)
    if first is not None:
        yield words.text("answer.sentence", text=asked.figures.answer(first))
    unknown = [_unknown(answer, words) for answer in asked.leading(name) if not answer.has_figure]
    if unknown and (first is not None or name != COURTS):
        yield words.text("summary.no_figure", questions=" ".join(unknown))


def _unknown(answer: Answer, words: Words) -> str:
    """Return a question without a figure, with the reason where no agency is asked for it on the second page."""
    question = answer_sentences.question(answer, words)
    if answer.unknown != "gap":
        return question
    return words.text("figure.bracket", counts=question, inside=answer_sentences.reason_words(answer, words))


def _standard(asked: AnsweredReport, name: str) -> str:
    """Return the standard of the first answer, its verdict where the part has another, and whose duty it is.

    Empty without a verdict.
    """
    words, first = asked.figures.words, asked.first(name)
    if first is None or not first.verdicts:
        return ""
    agency, verdict = answer_sentences.duty_words(first, words), _verdict_words(asked, first)
    aim = answer_sentences.aim_words(first, words)
    if verdict != _verdict(asked, name)[1]:
        aim = words.text("figure.bracket", counts=aim, inside=verdict)
    return words.text("summary.standard", aim=begin_sentence(aim), agency=agency)


def breaks_of(asked: AnsweredReport, part: str) -> list[SeriesBreak]:
    """Return the breaks of the series that a part of the first page prints."""
    release = asked.figures.report.headline
    return [
        series_break
        for series_break in (release.breaks if release else ())
        if any(series_break.touches(answer.card.answer.indicator, asked.area) for answer in asked.printed(part))
    ]


def _verdict_words(asked: AnsweredReport, answer: Answer) -> str:
    """Return the verdict on an answer, and that it got better or worse where that may be said."""
    words = asked.figures.words
    verdict = answer_sentences.verdict_words(answer.verdicts, words)
    if answer.way in ("better", "worse"):
        return wording.list_texts((verdict, answer_sentences.way_words(answer, words)), words)
    return verdict


def _line(asked: AnsweredReport, name: str, entries: Sequence[LineEntry]) -> FigureLine:
    """Return a line: one answer with its verdict, or several answers with theirs in brackets."""
    words, line, answer = asked.figures.words, entries[0].line, entries[0].answer
    year = next(entry.answer.year for entry in entries if entry.answer.has_figure)
    what = words.text(f"summary.line.{line.name}", year=dates.year(words, year), area=wording.area(asked.area, words))
    whole = _common_whole(entries)
    first, *others = [text for entry in entries for text in _entry_texts(asked, entry, has_whole=whole is None)]
    if whole is not None:
        parts = wording.list_texts((first, *others), words)
        figure = words.text("summary.line.parts", whole=asked.figures.count(whole), list=parts)
    elif others and line.has_figure and not line.label:
        figure = words.text("summary.line.list", figure=first, list=wording.list_texts(others, words))
    else:
        figure = wording.list_texts((first, *others), words)
    if line.label or line.group or not answer.verdicts:  # a standard is one for all groups
        return FigureLine(what=what, figure=figure)
    leading = asked.first(name)
    agency = answer_sentences.duty_words(answer, words)
    is_other = leading is None or agency != answer_sentences.duty_words(leading, words)
    return FigureLine(
        what=what,
        figure=words.text("summary.line.list", figure=figure, list=answer_sentences.aim_words(answer, words)),
        duty=words.text("summary.agency", agency=agency) if is_other else "",
        verdict=_verdict_words(asked, answer),
        state=answer.verdicts[0] if len(answer.verdicts) == 1 else "",
    )


def _common_whole(entries: Sequence[LineEntry]) -> Count | None:
    """Return the whole that all figures of a line are parts of; None if they differ, or are few."""
    answers = [entry.answer for entry in entries if entry.answer.has_figure]
    wholes = {answer.share.whole if answer.share is not None else None for answer in answers}
    return wholes.pop() if len(answers) >= _PARTS_OF_ONE_WHOLE and len(wholes) == 1 else None


def _entry_texts(asked: AnsweredReport, entry: LineEntry, *, has_whole: bool) -> Iterator[str]:
    """Yield the figure of an answer, under its label and with its verdict where it has one, then its categories."""
    words, line, answer = asked.figures.words, entry.line, entry.answer
    if not answer.has_figure:
        yield words.text(
            "answer.group_figure", group=words.text(line.label), figure=words.text("answer.demand.not_known")
        )
    elif line.has_figure and not line.label:
        figure = asked.figures.bare(answer)
        yield _with_year_before(asked, answer, figure) if line.with_year_before else figure
    elif line.has_figure:
        figure = (
            asked.figures.counts(answer)
            if has_whole or answer.share is None
            else asked.figures.count(answer.share.part)
        )
        if answer.verdicts and not line.group:
            figure = words.text("figure.bracket", counts=figure, inside=_verdict_words(asked, answer))
        yield words.text("answer.group_figure", group=words.text(line.label), figure=figure)
    for reason in entry.behind:
        label = in_sentence(labels.code(reason.dimension, reason.code, words))
        yield words.text("summary.item", label=label, figure=asked.figures.count(reason.count))


def _with_year_before(asked: AnsweredReport, answer: Answer, figure: str) -> str:
    """Return a count with that of the year before, and whether there are clearly more or fewer, or why nobody knows."""
    words = asked.figures.words
    before, direction = found_answers.count_before(asked.figures.report, answer)
    if before is None:
        return figure
    reasons = [words.text(f"break.{code}") for code in direction.breaks]
    if not reasons and direction.why_not:
        reasons = [words.text(f"answer.why_not.{direction.why_not}")]
    return words.text(
        "summary.line.before",
        figure=figure,
        year=dates.year(words, str(int(answer.year) - 1)),
        before=figure_words.count_words(before, words),  # its range has late cases too: no bound of rounding
        change=words.text(f"summary.change.{direction.way}", reason=wording.list_texts(reasons, words)),
    )


def categories(
    asked: AnsweredReport, indicator: str, measure: str, year: str, dimension: str, area: str = "", **at: str
) -> list[tuple[str, Count]]:
    """Return the released categories of a dimension that have a figure above 0, the greatest first."""
    report, place = asked.figures.report, area or asked.area
    release = report.headline
    position = 4 + DIMENSIONS.index(dimension)
    codes = sorted({key[position] for key in release.cells if key[0] == indicator}) if release else []
    counted = [
        (code, count)
        for code in codes
        if code != TOTAL
        and (count := asked.figures.find(indicator, measure, place, year, **{dimension: code}, **at)) is not None
        and count.value
    ]
    return sorted(counted, key=lambda pair: -pair[1].value)


def _children(asked: AnsweredReport, name: str) -> Iterator[FigureLine]:
    """Yield how many of the presumed victims are children, in the widest area that has both, and what for."""
    figures, words = asked.figures, asked.figures.words
    year = dates.year(words, asked.year)
    for area in dict.fromkeys((COUNTRY, asked.area)) if name == "D4" else ():
        part, whole = figures.presumed(area, asked.year, age=_CHILDREN), figures.presumed(area, asked.year)
        if part is None or whole is None or not whole.value:
            continue
        what = words.text("summary.line.children", year=year, area=area_words(area, asked))
        yield FigureLine(what=what, figure=figures.share(Share(part, whole)))
        forms = categories(asked, "PRT-01", "COUNT", asked.year, "form", area, age=_CHILDREN)
        if forms:
            listed = (
                words.text("summary.item", label=in_sentence(words.label("form", code)), figure=figures.count(count))
                for code, count in forms[:_MOST]
            )
            yield FigureLine(what=words.text("summary.line.child_forms"), figure=wording.list_texts(listed, words))
        return


def area_words(area: str, asked: AnsweredReport) -> str:
    """Return the name of an area as it stands in a sentence: `all of Iraq`."""
    words = asked.figures.words
    return words.text("summary.in.IQ") if area == COUNTRY else wording.area(area, words)
