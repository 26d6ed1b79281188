"""What an editor edits: each place for a text of the report in every language, its figures of today, and saving it.

Does not belong here: which places a report has (`reports/publishing/prose_slots.py`), what a text may hold
(`reports/editors/prose.py`, `prose_figures.py`), or a page with it (`previewed_page.py`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from ingestion.home import Home, sha256_of_bytes, write_bytes
from languages.refusal import Refusal
from languages.words import Words, languages
from reports.chapters.build_edition import edition
from reports.editors import checklist, editing_log, editorial_inputs, prose, prose_figures, written_sentences
from reports.editors.checklist import ChecklistItem
from reports.editors.editing_log import EditingLine
from reports.editors.editorial_inputs import EditorialInputs
from reports.editors.prose import EditorText
from reports.editors.report_inputs import ReportInputs, remember, without_texts
from reports.publishing import prose_slots
from reports.publishing.prose_slots import ProseSlot
from reports.released import report_model
from reports.released.release_memo import previewing
from reports.released.report_model import Report

State = Literal["empty", "kept_out", "other_figures", "older", "current"]
"""Of a text: nobody wrote it; the report leaves it out; a figure in it is no longer that of the day it was saved;
another language was saved later; none of these."""
MOST_LETTERS = 20_000
_TITLE = "title-"


@dataclass(frozen=True)
class NamedFigure:
    """A figure that a text may name, in words of the language.

    Attributes:
        key: as typed.
        printed: for it today.
        name: the sentence in which the report prints it; empty for a figure that is of no answer.
    """

    key: str
    printed: str
    name: str = ""


@dataclass(frozen=True)
class SlotText:
    """The text of one place in one language.

    Attributes:
        name: of its file in `prose/`.
        title: of the place; of an answer, the sentence that the report makes.
        note: for the editor: the key of the figure, the rule of a title.
        text: Markdown as stored; empty if there is none.
        version: of the stored text: saving names the one that was opened.
        figures: that may be named in it; a title names exactly the first.
        changed: keys of figures in it that were printed otherwise when it was saved.
        saved_by: short name; empty if it came another way.
        saved_at: day and minute, ISO.
    """

    name: str
    language: str
    title: str
    note: str
    text: str
    version: str
    state: State
    figures: tuple[NamedFigure, ...]
    changed: tuple[str, ...] = ()
    saved_by: str = ""
    saved_at: str = ""


@dataclass(frozen=True)
class TextSlot:
    """A place for a text: its id, the page of the report that prints it, its text by language."""

    id: str
    page: str
    is_title: bool
    texts: Mapping[str, SlotText]


@dataclass(frozen=True)
class Saving:
    """What became of a text that was saved.

    Attributes:
        is_saved: whether it was written.
        version: of what is stored now.
        items: of the checklist about it; one that `keeps_out` keeps it from being written.
    """

    is_saved: bool
    version: str
    items: tuple[ChecklistItem, ...] = field(default=())


def list_slots(home: Home) -> list[TextSlot]:
    """Return every place for a text of the report of the latest releases, in its order.

    Raises:
        Refusal: as `report_model.load`, `editorial_inputs.read_inputs` and `editing_log.read_lines`.
    """
    report = report_model.load(home)
    return list(_slots(home, report, editorial_inputs.read_inputs(home, report)))


def page_title(page: str, words: Words, slots: Iterable[TextSlot]) -> str:
    """Return what a page of the report is called: its indicator, or the first place for a text on it."""
    indicator = f"indicator.{page.removesuffix('.html').lower().replace('-', '_')}.title"
    if indicator in words:
        return words.text(indicator)
    return next((slot.texts[words.tag].title for slot in slots if slot.page == page), page)


def find_slot(home: Home, slot: str) -> TextSlot:
    """Return one place by its id.

    Raises:
        Refusal: `prose_slot_unknown`; as `list_slots`.
    """
    for known in list_slots(home):
        if known.id == slot:
            return known
    raise Refusal("prose_slot_unknown", where=ascii(slot)[1:-1])


def save_text(home: Home, person: str, name: str, text: str, opened: str) -> Saving:
    """Write the text of a place unless something keeps it out of the report, and log who saved it.

    Args:
        home: whose text it is.
        person: short name of the editor.
        name: of its file, as `SlotText.name`.
        text: Markdown; an empty one removes the file.
        opened: version of the text that the editor began with.

    Raises:
        Refusal: `prose_changed_since` if somebody saved another text meanwhile; `prose_slot_unknown`; `prose_long`;
            `lock_held`.
    """
    markdown = _normalised(text)
    if len(markdown) > MOST_LETTERS:
        raise Refusal("prose_long", where=name, count=len(markdown), most=MOST_LETTERS)
    tag = prose.parse_file(name, "").language
    if tag not in languages():
        raise Refusal("prose_slot_unknown", where=ascii(name)[1:-1])
    with home.lock("marsad report"):
        stored = _stored(home, name)
        if version_of(stored) != opened and markdown != stored:  # else the button was pressed twice
            last = _last_saved(home).get(name)
            by, at = (last.person, last.at) if last and last.sha256 == version_of(stored) else ("-", "-")
            raise Refusal("prose_changed_since", where=name, person=by, at=at)
        items = tuple(written_sentences.still_waiting(home, items_of(home, name, markdown)))
        if any(item.keeps_out for item in items):
            return Saving(is_saved=False, version=opened, items=items)
        if markdown != stored:
            editing_log.append(home, "saved", person, name, tag, version_of(markdown))
            _write(home, name, markdown)
    return Saving(is_saved=True, version=version_of(markdown), items=items)


def read_written(home: Home, person: str, name: str, sha256: str) -> None:
    """Log that a person has read a sentence that somebody else wrote; as `written_sentences.read_sentence`."""
    with home.lock("marsad report"):
        written_sentences.read_sentence(home, person, name, sha256)


def items_of(home: Home, name: str, text: str) -> Iterator[ChecklistItem]:
    """Yield what the checklist says about a text before it is saved; as `list_slots`."""
    report = report_model.load(home)
    with previewing():
        matter = editorial_inputs.read_inputs(home, report, {name: text})
        tag = prose.parse_file(name, "").language
        of_language = edition(report, Words.load(tag), matter)
        items = list(checklist.text_items(report, of_language, matter))
    yield from (item for item in items if item.where == f"prose/{name}")


def version_of(text: str) -> str:
    """Return what names a stored text; empty for none."""
    return sha256_of_bytes(text.encode("utf-8")) if text else ""


def _normalised(text: str) -> str:
    """Return the text of a form as a file holds it: one kind of line end, no blank ends."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    whole = "\n".join(line.rstrip() for line in lines).strip("\n")
    return f"{whole}\n" if whole.strip() else ""


def _stored(home: Home, name: str) -> str:
    path = home.prose / name
    return path.read_text(encoding="utf-8") if path.exists() else ""


def _write(home: Home, name: str, markdown: str) -> None:
    if markdown:
        write_bytes(home.prose / name, markdown.encode("utf-8"))
    else:
        (home.prose / name).unlink()
    text = prose.parse_file(name, markdown)
    prose_figures.remember_figures(home, [text], report_model.load(home))


def _last_saved(home: Home) -> dict[str, EditingLine]:
    """Return the last line of each text by the name of its file, the earliest first."""
    last: dict[str, EditingLine] = {}
    for line in editing_log.read_lines(home):
        if line.kind == "saved":
            last.pop(line.item, None)
            last[line.item] = line
    return last


def _slots(home: Home, report: Report, matter: EditorialInputs) -> Iterator[TextSlot]:
    saved = [(name, line) for name, line in _last_saved(home).items() if line.sha256 == version_of(_stored(home, name))]
    sides = [_Side(home, report, matter, dict(saved), Words.load(tag)) for tag in languages()]
    turns = {name: turn for turn, (name, _) in enumerate(saved)}
    for places in zip(*(_places(without_texts(report, matter, side.words.tag)) for side in sides), strict=True):
        texts = [side.text_of(*place) for side, place in zip(sides, places, strict=True)]
        latest = max(turns.get(text.name, -1) for text in texts)
        texts = [
            replace(text, state="older") if text.state == "current" and turns.get(text.name, -1) < latest else text
            for text in texts
        ]
        slot, _ = places[0]
        yield TextSlot(slot.id, slot.page, slot.id.startswith(_TITLE), {text.language: text for text in texts})


@remember
def _places(of: ReportInputs) -> tuple[tuple[ProseSlot, tuple[NamedFigure, ...]], ...]:
    """Return each place of a report in a language, with the figures that a text may name there."""
    words, printed = Words.load(of.tag), dict[str, str]()

    def figure(key: str) -> str:
        if key not in printed:
            printed[key] = prose_figures.printed_figure(key, of.report, words)
        return printed[key]

    with previewing():
        slots = list(prose_slots.slots(of.report, of.matter, words))
        names = prose_figures.sentences_by_key(of.report, words)
    return tuple(
        (
            slot,
            tuple(NamedFigure(f"{{{key}}}", figure(key), names.get(key, "")) for key in slot.keys if figure(key)),
        )
        for slot in slots
    )


class _Side:
    """The texts of one language."""

    def __init__(
        self, home: Home, report: Report, matter: EditorialInputs, saved: Mapping[str, EditingLine], words: Words
    ) -> None:
        self.words = words
        self._home, self._report, self._matter, self._saved = home, report, matter, saved
        self._parsed = {text.name: text for text in matter.prose}

    def text_of(self, slot: ProseSlot, figures: tuple[NamedFigure, ...]) -> SlotText:
        """Return the text of a place."""
        name = f"{slot.id}.{self.words.tag}.md"
        text, line, stored = self._parsed.get(name), self._saved.get(name), _stored(self._home, name)
        changed = prose_figures.changed_figures(text, self._matter.figures, self._report, self.words) if text else ()
        keys = tuple(figure.key for figure in changed)
        return SlotText(
            name=name,
            language=self.words.tag,
            title=slot.title,
            note=slot.note,
            text=stored,
            version=version_of(stored),
            state=self._state_of(text, keys),
            figures=figures,
            changed=keys,
            saved_by=line.person if line else "",
            saved_at=line.at if line else "",
        )

    def _state_of(self, text: EditorText | None, changed: tuple[str, ...]) -> State:
        if text is None:
            return "empty"
        is_broken_title = text.chapter.startswith(_TITLE) and not prose_figures.is_title(text, self._report)
        figures = prose_figures.named_figures(text, self._report, self.words)
        if text.refused or is_broken_title or not all(figure.printed for figure in figures):
            return "kept_out"
        return "other_figures" if changed else "current"
