"""Editors' texts by way of a Word document: which slots a report has, and taking a filled document into the home.

Belongs here: the slots, from the edition and the findings of the latest releases, and writing `prose/`.
Does not belong here: the document (`reports/editors/prose_document.py`), or what a text may hold (`prose.py`).
"""

from __future__ import annotations

from collections.abc import Iterator

from ingestion.home import Home, write_bytes
from languages.words import Words
from reports.chapters.build_edition import edition
from reports.editors import editorial_inputs, prose, prose_document, prose_figures
from reports.editors.prose_document import ProseSlot
from reports.findings import finding_search, finding_sentences
from reports.phrases.spoken import spoken
from reports.released import report_model
from reports.released.report_model import Report


def document(home: Home, words: Words) -> bytes:
    """Return a document to fill in for the report of the latest releases, with the texts that the home has."""
    report = report_model.load(home)
    written = {path.name: path.read_text(encoding="utf-8") for path in sorted(home.prose.glob("*.md"))}
    return prose_document.write(_slots(home, report, words), written, words)


def take(home: Home, data: bytes, where: str) -> list[str]:
    """Write the texts of a filled document into the home; return the names of those that are new or changed.

    The figures that they name are remembered as they are printed today. A text of an empty slot stays as it was.

    Raises:
        Refusal: as `prose_document.read`; nothing is written then.
    """
    report = report_model.load(home)
    found = prose_document.read(data, where)
    changed = {name: text for name, text in found.items() if _stored(home, name) != text}
    for name, text in changed.items():
        write_bytes(home.prose / name, text.encode("utf-8"))
    prose_figures.remember(home, (text for text in prose.read(home) if text.name in changed), report)
    return sorted(changed)


def _stored(home: Home, name: str) -> str:
    path = home.prose / name
    return path.read_text(encoding="utf-8") if path.exists() else ""


def _slots(home: Home, report: Report, words: Words) -> Iterator[ProseSlot]:
    """Yield a slot for each chapter, for each section of the demands, and for each finding with its key."""
    told = edition(report, words, editorial_inputs.read(home, report))
    for chapter in told.chapters:
        yield ProseSlot(chapter.id, chapter.title)
        if chapter.id == "demands":
            yield from (ProseSlot(below.id, f"{chapter.title}: {below.title}") for below in chapter.chapters)
    said = spoken(words)
    for one in finding_search.findings(report):
        note = words.text("prose.document.key", name=f"{{{one.key}}}", figure=finding_sentences.figure(one, said))
        yield ProseSlot(prose_figures.slot_of(one.key), finding_sentences.sentence(one, said), note)
