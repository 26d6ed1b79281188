"""An answer in words: its figure in a sentence, its verdict, whether it got better, and why it is not known.

Belongs here: from an answer in codes to the catalogue (`answer.…`). A sentence begins with its figure, both counts
side by side, and says what became of the part, so that it is not turned round; the year or cohort is part of it.
Does not belong here: which answer a release gives (`found_answers.py`), how sure a figure may be said
(`reports/phrases/figure_words.py`).
"""

from __future__ import annotations

from collections.abc import Iterable

from expectations.cards.adopted_standards import AdoptedStandard
from languages import dates
from languages.numbers import number, percent
from languages.words import Words
from reports.answers.demand_answers import DemandAnswer
from reports.answers.found_answers import Answer
from reports.answers.judgement import Verdict
from reports.phrases import wording
from reports.phrases.figure_words import Count, Share, count_words, share_words
from reports.released.released_tables import ReleasedCell


def question(answer: Answer, words: Words) -> str:
    """Return the question as a minister would ask it."""
    return words.text(f"answer.{answer.key}.question")


def figure_sentence(answer: Answer, words: Words) -> str:
    """Return the figure of an answer in a sentence; empty without one.

    `About 155 of about 240 victims who asked for shelter in 2025 were admitted (65%; 62–67% by rounding), about two in
    three.` Of a group: `men and boys: about 70 of about 100.`
    """
    text = figure_text(answer, words)
    return words.text("answer.sentence", text=text) if text else ""


def figure_text(answer: Answer, words: Words, *, with_range: bool = True) -> str:
    """Return the figure of an answer in words without a full stop; empty without one. `with_range` as `share_words`."""
    if not answer.has_figure:
        return ""
    if answer.group:
        return words.text(
            "answer.group_figure",
            group=words.text(f"answer.group.{answer.group}"),
            figure=bare_figure(answer, words, with_range=with_range),
        )
    if answer.count is not None:
        text = _counted(answer, answer.count, words)
    elif answer.median is not None:
        text = _median(answer, answer.median, words)
    else:
        assert answer.share is not None  # noqa: S101 - one of the three is there
        text = _shared(answer, answer.share, words, with_range=with_range)
    return text[:1].upper() + text[1:]


def bare_figure(answer: Answer, words: Words, *, with_range: bool = True) -> str:
    """Return the figure alone: `about 155 of about 240 (65%; 62–67% by rounding), about two in three`."""
    if answer.share is not None:
        return share_words(answer.share, words, with_range=with_range, is_judged=bool(answer.verdicts))
    if answer.count is not None:
        return count_words(answer.count, words)
    return wording.figure(answer.median, words) if answer.median is not None else ""


def judged_sentence(answer: Answer, words: Words) -> str:
    """Return the figure with its verdict; alone without one; why it is not known without a figure."""
    if not answer.has_figure:
        return words.text("answer.not_answered", question=question(answer, words), reason=reason_words(answer, words))
    if not answer.verdicts:
        return figure_sentence(answer, words)
    verdict = verdict_words(answer.verdicts, words)
    return words.text("answer.judged", figure=figure_text(answer, words), verdict=verdict)


def demand_sentences(answer: DemandAnswer, words: Words) -> list[str]:
    """Return a demand with its verdict, then each of its leading questions with its figure and verdict."""
    head = words.text(
        "answer.demand", demand=words.text(f"demand.{answer.demand}"), state=demand_state_words(answer, words)
    )
    return [head, *(judged_sentence(leading, words) for leading in answer.leading)]


def demand_state_words(answer: DemandAnswer, words: Words) -> str:
    """Return the verdict on a demand, or how far it is known."""
    return verdict_words(answer.verdicts, words) if answer.verdicts else words.text(f"answer.demand.{answer.state}")


def verdict_words(verdicts: tuple[Verdict, ...], words: Words) -> str:
    """Return a verdict; two where the range by rounding crosses a border, the better one first: `met or partly met`."""
    first, *others = (words.text(f"answer.verdict.{verdict}") for verdict in reversed(verdicts))
    return words.text("answer.verdict.either", first=first, second=others[0]) if others else first


def state_words(answer: Answer, words: Words) -> str:
    """Return the verdict, or why there is none; empty for a question that is answered by figures alone."""
    if answer.verdicts:
        return verdict_words(answer.verdicts, words)
    if not answer.unknown:
        return ""
    text = reason_words(answer, words)
    return text if answer.unknown == "no_standard" else words.text("answer.not_known", reason=text)


def standard_words(answer: Answer, words: Words) -> str:
    """Return the standard of an answer: its numbers, where it is written, and since when; empty without one."""
    if answer.standard is None:
        return ""
    source, day = standard_source(answer.standard, words)
    return words.text("answer.standard.source", numbers=standard_numbers(answer, words), source=source, day=day)


def standard_numbers(answer: Answer, words: Words) -> str:
    """Return the numbers of a standard: `met from 90%, not met below 60%`; empty without one."""
    standard = answer.standard
    if standard is None:
        return ""
    is_down = answer.card.better == "down"
    ends = {"met": standard.met_from, "below": standard.not_met_below}
    return words.text(
        "answer.standard.down" if is_down else "answer.standard.up",
        **{name: _border(end, standard, words, is_down=is_down) for name, end in ends.items()},
    )


def standard_source(standard: AdoptedStandard, words: Words) -> tuple[str, str]:
    """Return where a standard is written, and the day on which it was adopted."""
    source = standard.source.get(words.tag) or next(iter(standard.source.values()))
    return source, dates.day(words, standard.adopted.isoformat())


def done_when(answer: Answer, words: Words) -> str:
    """Return what would show that a duty is done: `Done when the share is at least 75%.`; empty without a standard."""
    standard = answer.standard
    if standard is None:
        return ""
    is_down = answer.card.better == "down"
    border = _border(standard.met_from, standard, words, is_down=is_down)
    if standard.unit == "count":
        return words.text("answer.done.count", least=border)
    return words.text("answer.done.down" if is_down else "answer.done.up", percent=border)


def aim_words(answer: Answer, words: Words) -> str:
    """Return from where a standard is met: `standard: at most 5%`; empty without a standard."""
    standard = answer.standard
    if standard is None:
        return ""
    is_down = answer.card.better == "down"
    border = _border(standard.met_from, standard, words, is_down=is_down)
    return words.text("answer.aim.down" if is_down else "answer.aim.up", border=border)


def order_words(answer: Answer, words: Words) -> str:
    """Return which article orders a duty, as far as its text was read; empty where lawyers must say.

    Of a text that was quoted by a newspaper no item is named: the numbers of items are the report's own.
    """
    card = answer.card
    if not card.article:
        return words.text("answer.order.none")
    if f"answer.{answer.key}.ordered" not in words:
        return ""
    article = int(card.article.split(" ")[1])
    return words.text("answer.order.read" if card.read == "read" else "answer.order.second_hand", article=article)


def act_words(answer: Answer, words: Words) -> str:
    """Return a duty as an act, and what would show it done; else its question, and what would; empty without standard.

    `Admit victims to shelter without a judge's order or a complaint: done when at most 5% of them are asked for one.`
    """
    key, standard = f"answer.{answer.key}.act", answer.standard
    if standard is None:
        return ""
    if standard.unit == "count" or key not in words:
        return f"{question(answer, words)} {done_when(answer, words)}"
    is_down = answer.card.better == "down"
    return words.text(key, percent=_border(standard.met_from, standard, words, is_down=is_down))


def duty_words(answer: Answer, words: Words) -> str:
    """Return the agencies whose duty it is, in the region of the answer; empty where the card names none there."""
    return agencies_words(answer.card.duty.get(answer.area, ()), words)


def sender_words(answer: Answer, words: Words) -> str:
    """Return the agencies that must send the figure, in the region of the answer."""
    return agencies_words(answer.card.sender.get(answer.area, ()), words)


def agencies_words(codes: Iterable[str], words: Words) -> str:
    """Return agencies as a list, each by its short name."""
    return wording.list_texts((_agency(code, words) for code in codes), words)


def way_words(answer: Answer, words: Words) -> str:
    """Return whether the answer got better since the year before, or why not; empty where neither side is better."""
    direction = answer.direction
    if direction.way != "not_comparable":
        return words.text(f"answer.way.{direction.way}") if direction.way else ""
    reasons = [words.text(f"break.{code}") for code in direction.breaks]
    reason = wording.list_texts(reasons, words) or words.text(f"answer.why_not.{direction.why_not}")
    return words.text("answer.way.not_comparable", reason=reason)


def reason_words(answer: Answer, words: Words) -> str:
    """Return why a question has no figure, or no verdict, without a capital letter or full stop."""
    is_gap = answer.unknown == "gap"
    return words.text(f"question.gap.{answer.card.answer.gap}" if is_gap else f"answer.unknown.{answer.unknown}")


def _agency(code: str, words: Words) -> str:
    """Return the name of an agency; those that owe a duty and send nothing have names of their own."""
    key = f"agency.{code}"
    return words.text(key) if key in words else wording.body(code, words)


def _border(end: float, standard: AdoptedStandard, words: Words, *, is_down: bool) -> str:
    """Return a number of a standard as it is printed: where lower is better, of those concerned."""
    if standard.unit == "count":
        return number(end, words.numerals)
    share = (100 - end if is_down else end) / 100
    return percent(share, words.numerals, decimals=0 if float(end).is_integer() else 1)


def _counted(answer: Answer, count: Count, words: Words) -> str:
    own = {0: "zero", 1: "single"}.get(count.value, "")
    key = f"answer.{answer.key}.{own}"
    if count.is_exact and key in words:
        return words.text(key, year=dates.year(words, answer.year))
    return _told(answer, count_words(count, words), count, words)


def _shared(answer: Answer, share: Share, words: Words, *, with_range: bool) -> str:
    part, whole = (count_words(count, words) for count in (share.part, share.whole))
    if share.part.value > share.whole.value:
        return words.text("answer.over", question=question(answer, words), part=part, whole=whole)
    counts = words.text("figure.of", part=part, whole=whole)
    zero = f"answer.{answer.key}.zero"
    if share.is_exact and not share.part.value and zero in words:
        text = words.text(zero, year=dates.year(words, answer.year))
        return words.text("figure.bracket", counts=text, inside=counts)

    def clause(figure: str) -> str:
        return _told(answer, figure, share.whole, words)

    if share.is_exact and share.part.value == share.whole.value:
        return words.text("figure.all_of_two", counts=clause(counts))
    return share_words(share, words, clause, with_range=with_range, is_judged=bool(answer.verdicts))


def _told(answer: Answer, figure: str, counted: Count, words: Words) -> str:
    """Return the sentence of a card with its figure; the counted noun follows the number directly before it."""
    arguments = {"figure": figure, "year": dates.year(words, answer.year)}
    if noun := answer.card.noun:
        arguments["noun"] = words.text(f"answer.noun.{noun}", count=counted.value or counted.error)
    return words.text(f"answer.{answer.key}.told", **arguments)


def _median(answer: Answer, cell: ReleasedCell, words: Words) -> str:
    text = _told(answer, wording.figure(cell, words), Count(0), words)
    between = interval_words(answer, words)
    return words.text("figure.bracket", counts=text, inside=between) if between else text


def interval_words(answer: Answer, words: Words) -> str:
    """Return between which values the true median lies; empty without an interval."""
    cell = answer.median
    if cell is None or cell.lower is None:
        return ""
    low, high = (None if end is None else wording.figure(cell.at(end), words) for end in (cell.lower, cell.upper))
    if high is None:
        return words.text("answer.interval_open", low=str(low))
    return words.text("answer.interval", low=str(low), high=high)
