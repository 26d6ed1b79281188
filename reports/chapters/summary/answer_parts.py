"""The five answers of the first page: each demand with its verdict, and the courts, which have none.

Belongs here: which questions a part answers besides those that lead its demand, in which order, and what explains them.
Does not belong here: an answer (`reports/answers`), the words of a figure (`page_figures.py`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from expectations.cards.areas import COUNTRY
from expectations.cards.cells import DIMENSIONS, TOTAL
from languages import dates
from reports.answers import answer_sentences
from reports.answers.demand_answers import demand_answer
from reports.answers.found_answers import Answer
from reports.chapters.summary.page_figures import PageFigures, in_sentence
from reports.editions.summary import State, SummaryPart
from reports.phrases import wording
from reports.phrases.figure_words import Count, Share

COURTS = "courts"
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
            yield _sentence(asked, answer)
            yield from _reasons(asked, answer)
    unknown = [answer_sentences.question(answer, words) for answer in leading if not answer.has_figure]
    if unknown:
        yield words.text("summary.no_figure", questions=" ".join(unknown))
    if name == "D4":
        yield from _children(asked)


def _sentence(asked: AnsweredReport, answer: Answer, duty: str = "") -> str:
    """Return the sentence of an answer: its figure, its verdict, its direction if there is one, whose duty it is."""
    words, text = asked.figures.words, asked.figures.answer(answer)
    if not answer.verdicts:
        return words.text("answer.sentence", text=text)
    verdict = answer_sentences.verdict_words(answer.verdicts, words)
    if answer.way in ("better", "worse", "no_clear_change"):
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
        part, whole = figures.presumed(area, asked.year, age="Y0T17"), figures.presumed(area, asked.year)
        if part is None or whole is None or not whole.value:
            continue
        place, year = area_words(area, asked), dates.year(words, asked.year)

        def clause(counts: str, place: str = place, year: str = year) -> str:
            return words.text("summary.children", year=year, area=place, counts=counts)

        yield words.text("answer.sentence", text=figures.share(Share(part, whole), clause))
        forms = categories(asked, "PRT-01", "COUNT", asked.year, "form", area, age="Y0T17")
        if forms:
            yield words.text("summary.children.forms", list=items(asked, "form", forms[:_MOST]))
        return


def area_words(area: str, asked: AnsweredReport) -> str:
    """Return the name of an area as it stands in a sentence: `all of Iraq`."""
    words = asked.figures.words
    return words.text("summary.in.IQ") if area == COUNTRY else wording.area(area, words)
