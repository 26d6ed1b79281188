"""Sentences that people wrote for the report, and who beside their writer has read one.

Belongs here: listing them for those who sign, and which items of the checklist a second person has settled by reading
a sentence. Does not belong here: finding numbers in them (`text_numbers.py`), or the pages on which they are read.

Names are for the eyes of who signs: no list of names is searched here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ingestion.home import Home, sha256_of_bytes
from ingestion.people import acts
from ingestion.people.roster import roster_path
from languages.refusal import Refusal
from reports.editors import contact, editing_log, prose, release_calendar
from reports.editors.checklist import ChecklistItem
from reports.editors.editing_log import EditingLine


def texts_of(home: Home) -> dict[str, list[str]]:
    """Return each sentence that people wrote, by the file of `prose/` that holds it: texts, contact, early readers."""
    texts = {text.name: [sentence for sentence, _ in text.sentences] for text in prose.read_texts(home)}
    texts[contact.NAME] = [*contact.read_contact(home).values()]
    calendar = release_calendar.read_calendar(home)
    roles = [role for each in calendar.pre_release_access for role in each.values()] if calendar else []
    texts[release_calendar.NAME] = roles
    return {name: sentences for name, sentences in sorted(texts.items()) if sentences}


def still_waiting(home: Home, items: Iterable[ChecklistItem]) -> Iterator[ChecklistItem]:
    """Yield items but those on sentences that a second person has read.

    Raises:
        Refusal: as `editing_log.read_lines`.
    """
    lines: list[EditingLine] | None = None
    for item in items:
        if item.waits_for_a_look:
            lines = editing_log.read_lines(home) if lines is None else lines
            name, sentence = item.where.removeprefix("prose/"), str(item.arguments["sentence"])
            if is_read_by_two(home, lines, name, sentence):
                continue
        yield item


def is_read_by_two(home: Home, lines: Iterable[EditingLine], name: str, sentence: str) -> bool:
    """Return whether somebody else than its writer has read a sentence; of one that nobody saved here, two have.

    In a house of one person it is enough that she says so.
    """
    known = [line for line in lines if line.item == name]
    readers = {line.person for line in known if line.kind == "read" and line.sha256 == hash_of(sentence)}
    path = home.prose / name
    stored = sha256_of_bytes(path.read_bytes()) if path.exists() else ""
    saved = [line for line in known if line.kind == "saved"]
    writers = {line.person for line in saved[-1:] if line.sha256 == stored}
    needed = acts.read_people(home).signatures if roster_path(home).exists() else 2
    return bool(readers) and len(readers | writers) >= needed


def read_sentence(home: Home, person: str, name: str, sha256: str) -> None:
    """Log that a person has read a sentence of a text, as it stands there now.

    Raises:
        Refusal: `prose_changed_since` if it stands there no more; `sentence_of_reader` for who saved the text herself.
    """
    texts = {text.name: text for text in prose.read_texts(home)}
    if name not in texts or sha256 not in {hash_of(sentence) for sentence, _ in texts[name].sentences}:
        raise Refusal("prose_changed_since", where=ascii(name)[1:-1], person="-", at="-")
    lines = [line for line in editing_log.read_lines(home) if line.item == name]
    if any((line.kind, line.person, line.sha256) == ("read", person, sha256) for line in lines):
        return  # the button was pressed twice
    saved = [line for line in lines if line.kind == "saved"]
    is_of_two = not roster_path(home).exists() or acts.read_people(home).signatures > 1
    stored = sha256_of_bytes((home.prose / name).read_bytes())
    if is_of_two and any((line.person, line.sha256) == (person, stored) for line in saved[-1:]):
        raise Refusal("sentence_of_reader", where=name, person=person)
    editing_log.append(home, "read", person, name, texts[name].language, sha256)


def hash_of(sentence: str) -> str:
    """Return what names a sentence in the log."""
    return sha256_of_bytes(sentence.encode("utf-8"))
