"""Figures in editors' texts: named by a key in braces, filled in when an edition is made, checked for changes.

Belongs here: the keys, the figure behind each today, filling it in, a record of the figure when the text was written,
and the rule of a title that an editor re-words. `{are_victims_charged@IQ-FED}` is the figure of an answer,
`{PRT-01/COUNT@IQ-FED@2025@sex=F}` that of a released cell.
Does not belong here: reading texts (`prose.py`).

    prose/figures.json     text -> key -> the figure as printed when the text was saved
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Literal, NamedTuple

from expectations.cards.cells import DIMENSIONS
from ingestion.home import Home, read_json, write_json
from languages.digits import ANY_DIGIT, NUMBERS_TO_LATIN
from languages.words import Words
from reports.answers import answer_sentences
from reports.answers.found_answers import Answer, answers_of
from reports.editors.prose import EditorText, Part
from reports.phrases import wording
from reports.phrases.spoken import words_of_edition
from reports.released.released_tables import ABSENT
from reports.released.report_model import Report

NAME = "figures.json"
Known = Mapping[str, Mapping[str, str]]
_KEY = re.compile(r"\{([^{}\s]+)\}")
_CELL = re.compile(r"([A-Z]{3}-\d{2})/([A-Z_]+)@([A-Z0-9-]+)@(\d{4})((?:@[a-z_]+=[A-Z0-9_]+)*)")


class NamedFigure(NamedTuple):
    """A figure that a text names: its key, the line, and what is printed for it today; empty if nothing is."""

    key: str
    line: int
    printed: str


def printed_figure(key: str, report: Report, words: Words) -> str:
    """Return the figure behind a key as printed, or its mark if none is printed; empty if there is no such figure."""
    words = words_of_edition(words)
    for answer in answers_of(report):
        if key_of(answer) == key:
            return answer_sentences.bare_figure(answer, words)
    match = _CELL.fullmatch(key)
    if match is None:
        return ""
    indicator, measure, area, year, rest = match.groups()
    at = dict(pair.split("=") for pair in rest.split("@") if pair)
    if not set(at) <= set(DIMENSIONS):
        return ""
    cell = report.cell(indicator, measure, area, year, **at)
    if cell is ABSENT or cell.mark == "n":
        return ""
    return " ".join(part for part in (wording.figure(cell, words), wording.mark(cell, words)) if part)


def sentences_by_key(report: Report, words: Words) -> dict[str, str]:
    """Return the sentence of each answer that has a figure, by the key of the figure."""
    words = words_of_edition(words)
    return {
        key_of(answer): answer_sentences.figure_sentence(answer, words)
        for answer in answers_of(report)
        if answer.has_figure
    }


def printed_at(slot: str, report: Report, words: Words) -> set[str]:
    """Return what is printed where a text on an answer, or its title, stands; nothing for another slot."""
    words = words_of_edition(words)
    return {
        text
        for answer in answers_of(report)
        if answer.has_figure and slot in (slot_of(key_of(answer)), slot_of(key_of(answer), "title"))
        for text in (answer_sentences.bare_figure(answer, words), answer_sentences.figure_sentence(answer, words))
    }


def key_of(answer: Answer) -> str:
    """Return the key of an answer: `are_victims_charged@IQ-FED`."""
    return f"{answer.key}@{answer.area}"


def slot_of(key: str, kind: Literal["answer", "title"] = "answer") -> str:
    """Return the slot of a comment on an answer, or of its title: `answer-are-victims-charged-iq-fed`."""
    return f"{kind}-{re.sub(r'[^a-z0-9]+', '-', key.lower())}"


def title_of(key: str, texts: Iterable[EditorText], report: Report, words: Words) -> str:
    """Return the title that an editor gave an answer, with its figure; empty without one, or if it breaks its rule."""
    slot = slot_of(key, "title")
    own = (text for text in texts if text.chapter == slot and text.language == words.tag)
    return next(
        (str(fill_figures(text, report, words).parts[0]) for text in own if is_title(text, report)),
        "",
    )


def is_title(text: EditorText, report: Report) -> bool:
    """Return whether a text may be the title of its answer.

    It is one paragraph, names the figure of that answer by its key, once and alone, and holds no other number than the
    year of the answer: a re-worded title says no more and no less than the released cells.
    """
    answer = next((answer for answer in answers_of(report) if slot_of(key_of(answer), "title") == text.chapter), None)
    if answer is None or len(text.parts) != 1 or not isinstance(text.parts[0], str):
        return False
    title = text.parts[0]
    numbers = re.findall(rf"[{ANY_DIGIT}]+", _KEY.sub("", title))
    years = {number.translate(NUMBERS_TO_LATIN) for number in numbers}
    return _KEY.findall(title) == [key_of(answer)] and years <= {answer.year}


def texts_by_slot(texts: Iterable[EditorText], report: Report, words: Words) -> dict[str, tuple[str, ...]]:
    """Return the editors' texts in a language, by the name of the slot, line by line, with figures filled in."""
    own = {text.chapter: fill_figures(text, report, words).parts for text in texts if text.language == words.tag}
    return {slot: tuple(line for part in parts for line in ([part] if isinstance(part, str) else part))
            for slot, parts in own.items()}  # fmt: skip


def named_figures(text: EditorText, report: Report, words: Words) -> list[NamedFigure]:
    """Return every figure that a text names by a key, with what is printed for it today."""
    return [NamedFigure(key, line, printed_figure(key, report, words)) for line, key in keys_in(text)]


def keys_in(text: EditorText) -> list[tuple[int, str]]:
    """Return line and name of each key in braces in a text."""
    return [(line, match[1]) for run, line in text.lines for match in _KEY.finditer(run)]


def fill_figures(text: EditorText, report: Report, words: Words) -> EditorText:
    """Return a text with its figures filled in; an unknown key stays, and the checklist blocks it."""
    now = {figure.key: figure.printed for figure in named_figures(text, report, words)}

    def fill_part(part: str) -> str:
        return _KEY.sub(lambda match: now.get(match[1]) or match[0], part)

    parts: list[Part] = [
        fill_part(part) if isinstance(part, str) else tuple(map(fill_part, part)) for part in text.parts
    ]
    return replace(text, parts=tuple(parts))


def changed_figures(text: EditorText, known: Known, report: Report, words: Words) -> Iterator[NamedFigure]:
    """Yield the figures of a text that are printed differently today than when it was written."""
    before = known.get(text.name, {})
    for figure in named_figures(text, report, words):
        if before.get(figure.key, figure.printed) != figure.printed:
            yield figure


def remembered_figures(home: Home) -> Known:
    """Return what was printed for each figure when its text was saved; empty if none was saved."""
    path = home.prose / NAME
    return read_json(path) if path.exists() else {}


def remember_figures(home: Home, texts: Iterable[EditorText], report: Report) -> None:
    """Record what is printed today for the figures of saved texts; the records of other texts stay."""
    known = dict(remembered_figures(home))
    for text in texts:
        now = {
            figure.key: figure.printed
            for figure in named_figures(text, report, Words.load(text.language))
            if figure.printed
        }
        known |= {text.name: now}
    write_json(home.prose / NAME, {name: figures for name, figures in known.items() if figures})
