"""What every printed form shares: its document properties, and which letters may not be printed.

Does not belong here: the input of Typst for a form (`story/story_manuscripts.py`, `two_pages.py`, `monitor_print.py`),
how a page looks (`templates/`), the call of Typst (`typesetting.py`), what the tags still lack (`tagging.py`).

Texts reach Typst as JSON and stay texts: none of their characters is markup. Typst itself refuses a drawing without
alternative text.
"""

from __future__ import annotations

import re
from html import unescape

from languages.refusal import Refusal
from reports.editions.edition import Chapter, Edition
from reports.renderers import fonts


def properties(edition: Edition) -> set[str]:
    """Return the document properties of the printed forms of an edition."""
    day = f"{edition.date.replace('-', '')}000000Z"
    title, publisher = (plain_text(text) for text in (f"{edition.title} {edition.subtitle}", edition.publisher))
    return {title, publisher, edition.language, f"D:{day}", "application/pdf"}


def refuse_boxes(edition: Edition, content: str, files: dict[str, bytes]) -> None:
    """Refuse a text with a letter that the font lacks, in the edition as data or in its drawings.

    Raises:
        Refusal: `print_lacks_letters`.
    """
    texts = unescape(re.sub(r"<[^>]*>", " ", "".join(file.decode("utf-8") for file in files.values())))
    boxes = fonts.lacking_letters(content + texts)
    if boxes:
        letters = " ".join(f"{letter} (U+{ord(letter):04X})" for letter in sorted(boxes))
        raise Refusal("print_lacks_letters", where=_place_of_boxes(edition, boxes), letters=letters)


def _place_of_boxes(edition: Edition, boxes: frozenset[str]) -> str:
    """Return the id of the first chapter or section that holds one of the letters; else that of the report."""
    held = (chapter.id for chapter in edition.walk() if boxes & set(_own_text(chapter)))
    return next(held, edition.report)


def _own_text(chapter: Chapter) -> str:
    return chapter.model_dump_json(exclude={"chapters"})


def plain_text(text: str) -> str:
    """Return a text without direction characters: the title bar of a window shows them as boxes."""
    return "".join(letter for letter in text if letter not in fonts.INVISIBLE).strip()
