"""The five answers of the first page: each demand with its verdict, and the courts, which have none.

Belongs here: which questions a part answers besides those that lead its demand, in which order, and what explains them.
Does not belong here: an answer (`reports/answers`), the words of a figure (`page_figures.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from expectations.cards.areas import COUNTRY
from expectations.cards.cells import DIMENSIONS, TOTAL
from expectations.cards.series_breaks import SeriesBreak
from languages import dates
from reports.answers import answer_reasons, answer_sentences
from reports.answers.demand_answers import demand_answer
from reports.answers.found_answers import Answer
from reports.chapters.summary.page_figures import PageFigures, in_sentence
from reports.editions.summary import State, SummaryPart
from reports.phrases import wording
from reports.phrases.figure_words import Count, Share

COURTS = "courts"
_CHILDREN = "Y0T17"
FURTHER: Mapping[str, Sequence[str]] = {
    "D1": (
        "who_is_refused_shelter",
        "are_men_and_boys_admitted",
        "are_children_admitted",
        "in_how_many_governorates_is_a_shelter_for_women",
        "in_how_many_governorates_is_a_shelter_for_men",
        "in_how_many_governorates_is_a_shelter_for_children",
        "are_shelters_full",
    ),
    "D2": ("are_victims_charged_with_prostitution", "are_foreign_victims_penalised_under_the_residence_law"),
    "D3": ("are_planned_activities_carried_out", "are_victims_found_or_do_they_come_forward"),
    "D4": (),
    COURTS: ("where_do_cases_stop", "how_many_are_convicted", "how_long_until_a_verdict"),
}
"""The questions of each part after those that lead its demand, in reading order."""
_EXPLAINED = {
    "is_a_condition_imposed": ("conditions", "PRT-12"),
    "who_is_refused_shelter": ("refused", "PRT-11"),
    "where_do_cases_stop": ("outcomes", "PRS-06"),
    "how_many_are_convicted": ("sentences", "PRS-09"),
}
"""Questions whose answer is followed by its greatest categories: their sentence, and their indicator."""
_CAUTIONED = ("where_do_cases_stop",)
"""Questions whose caution follows their answer."""
_SHELTERS = tuple(f"in_how_many_governorates_is_a_shelter_for_{group}" for group in ("women", "men", "children"))
_MOST = 4


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

    def leading(self, demand: str) -> list[Answer]:
        """Return the answers that lead a demand."""
        return [
            answer
            for answer in self.answers
            if answer.card.leads and (answer.card.demand, answer.area) == (demand, self.area)
        ]

    def printed(self, part: str) -> list[Answer]:
        """Return the answers that a part of the first page prints with their figures."""
        further = (self.answer(question) for question in FURTHER.get(part, ()))
        return [
            answer
            for answer in (*self.leading(part), *(answer for answer in further if answer is not None))
            if answer.has_figure
        ]

    def says(self, question: str) -> bool:
        """Return whether the first page prints the answer to a question."""
        return any(answer.key == question for part in FURTHER for answer in self.printed(part))


def answer_parts(asked: AnsweredReport) -> Iterator[SummaryPart]:
    """Yield the parts of the four demands and of the courts; none that would say nothing."""
    for name in FURTHER:
        texts = tuple(_texts(asked, name))
        if texts:
            title = asked.figures.words.text(f"summary.title.{name}")
            state, verdict = _verdict(asked, name)
            yield SummaryPart(id=name, title=title, verdict=verdict, state=state, texts=texts)


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
    """Yield the sentences of a part: leading answers, further ones with their reasons, then what is not known."""
    words, duty = asked.figures.words, ""
    leading = asked.leading(name)
    for answer in leading:
        if answer.has_figure:
            own_duty = answer_sentences.duty_words(answer, words)
            yield _sentence(asked, answer, own_duty if own_duty != duty else "")
            yield from _reasons(asked, answer)
            duty = own_duty
    for question in FURTHER[name]:
        answer = asked.answer(question)
        if answer is not None and answer.has_figure:
            yield from _before(asked, answer)
            yield from _further(asked, answer)
            yield from _reasons(asked, answer)
    unknown = [answer_sentences.question(answer, words) for answer in leading if not answer.has_figure]
    if unknown:
        yield words.text("summary.no_figure", questions=" ".join(unknown))
    if name == "D4":
        yield from _children(asked)


def _before(asked: AnsweredReport, answer: Answer) -> Iterator[str]:
    """Yield what a reader must know before a figure: that refused and admitted persons may be the same."""
    if answer.key == "who_is_refused_shelter":
        yield asked.figures.words.text("summary.refused.both")


def _further(asked: AnsweredReport, answer: Answer) -> Iterator[str]:
    """Yield a further answer; free beds only where a released figure says that shelters do not take everybody."""
    words = asked.figures.words
    if answer.key != "are_shelters_full":
        yield _sentence(asked, answer)
    elif any(_is_lacking(asked.answer(question)) for question in _SHELTERS):
        yield words.text("summary.beds", sentence=_sentence(asked, answer))


def _is_lacking(answer: Answer | None) -> bool:
    """Return whether a part of the governorates, for certain not all, has a shelter for a group."""
    share = answer.share if answer is not None else None
    return share is not None and share.is_exact and share.part.value < share.whole.value


def breaks_of(asked: AnsweredReport, part: str) -> list[SeriesBreak]:
    """Return the breaks of series that a part of the first page prints."""
    release = asked.figures.report.headline
    return [
        series_break
        for series_break in (release.breaks if release else ())
        if asked.area in series_break.areas
        and any(answer.card.answer.indicator in series_break.indicators for answer in asked.printed(part))
    ]


def _may_compare(asked: AnsweredReport, answer: Answer) -> bool:
    """Return whether no break says that the part of an answer is not compared with the year before."""
    parts = [part for part in FURTHER if answer in asked.printed(part)]
    return all(int(series_break.whole_year) < int(answer.year) for part in parts
               for series_break in breaks_of(asked, part))  # fmt: skip


def _sentence(asked: AnsweredReport, answer: Answer, duty: str = "") -> str:
    """Return the sentence of an answer: its figure, its verdict, that it got better or worse, whose duty it is."""
    words, text = asked.figures.words, asked.figures.answer(answer)
    if not answer.verdicts:
        return words.text("answer.sentence", text=text)
    verdict = answer_sentences.verdict_words(answer.verdicts, words)
    if answer.way in ("better", "worse") and _may_compare(asked, answer):
        verdict = wording.list_texts((verdict, answer_sentences.way_words(answer, words)), words)
    if duty:
        return words.text("summary.judged.agency", text=text, verdict=verdict, agency=duty)
    return words.text("summary.judged", text=text, verdict=verdict)


def _reasons(asked: AnsweredReport, answer: Answer) -> Iterator[str]:
    """Yield what explains an answer: its greatest categories, each with its figure."""
    name, indicator = _EXPLAINED.get(answer.key, ("", ""))
    counted = categories(asked, indicator, "NUMERATOR", answer.year, "cust_breakdown") if name else []
    if counted:
        yield asked.figures.words.text(f"summary.{name}", list=items(asked, "cust_breakdown", counted[:_MOST]))
    if answer.key in _CAUTIONED and (caution := answer_reasons.caution_words(answer, asked.figures.words)):
        yield caution
    if answer.key == "are_victims_charged":
        children = asked.figures.find("NCR-01", "NUMERATOR", asked.area, answer.year, age=_CHILDREN)
        if children is not None and children.value:
            yield asked.figures.words.text("summary.charged_children", figure=asked.figures.count(children))
    if answer.key == _SHELTERS[-1] and answer.share is not None and answer.share.is_exact:
        admitted = asked.answer("are_children_admitted")
        if not answer.share.part.value and admitted is not None and admitted.share and admitted.share.part.value:
            yield asked.figures.words.text("summary.children_stayed")


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


def items(asked: AnsweredReport, dimension: str, counted: Sequence[tuple[str, Count]]) -> str:
    """Return categories with their figures as a list: `no judge's order (about 55), age (about 40)`."""
    words = asked.figures.words
    return wording.list_texts(
        (
            words.text(
                "summary.item", label=in_sentence(words.label(dimension, code)), figure=asked.figures.count(count)
            )
            for code, count in counted
        ),
        words,
    )


def _children(asked: AnsweredReport) -> Iterator[str]:
    """Yield how many of the presumed victims are children, in the widest area that has both, and what for."""
    figures, words = asked.figures, asked.figures.words
    for area in dict.fromkeys((COUNTRY, asked.area)):
        part, whole = figures.presumed(area, asked.year, age=_CHILDREN), figures.presumed(area, asked.year)
        if part is None or whole is None or not whole.value:
            continue
        text = figures.share(Share(part, whole), group_clause(asked, "children", whole, area))
        yield words.text("answer.sentence", text=text)
        forms = categories(asked, "PRT-01", "COUNT", asked.year, "form", area, age=_CHILDREN)
        if forms:
            yield words.text("summary.children.forms", list=items(asked, "form", forms[:_MOST]))
        return


def group_clause(asked: AnsweredReport, group: str, whole: Count, area: str) -> Callable[[str], str]:
    """Return what writes how many of the presumed victims a group is; the base is named after the figures."""
    words = asked.figures.words
    arguments = {
        "noun": words.text("answer.noun.presumed_victim", count=whole.value),
        "year": dates.year(words, asked.year),
        "area": area_words(area, asked),
    }

    def clause(counts: str) -> str:
        return words.text(f"summary.{group}", counts=counts, **arguments)

    return clause


def area_words(area: str, asked: AnsweredReport) -> str:
    """Return the name of an area as it stands in a sentence: `all of Iraq`."""
    words = asked.figures.words
    return words.text("summary.in.IQ") if area == COUNTRY else wording.area(area, words)
