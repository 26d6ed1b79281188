"""Texts of a workbook outside its cells: comments, properties, links. The privacy checks read them like cells.

Belongs here: the record of such a text, extracting it from the parts of the zip, what a drawing of comments may hold.
Does not belong here: which parts a workbook may have (`guard.py`), what is personal (`personal_data.py`).

A comment is accepted, since ministries use them; its text is read for privacy alone and never stored. A comment by
`marking.py` is recognised by its author and is no finding.
"""

from __future__ import annotations

import html
import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from defusedxml.ElementTree import fromstring

from ingestion.files.loose_bytes import personal_texts_in
from ingestion.files.safe_zip import Archive, Stop
from ingestion.findings import Finding

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

HOUSE_AUTHOR = "Marsad"
"""The author of the comments that `marsad check --mark` writes."""

MAX_SMALL_PART_BYTES = 8_000_000  # workbook.xml, relations, properties, comments: far more than any program writes
_MAX_DEPTH = 50  # nested elements; programs write fewer than ten levels
_COMMENTS = re.compile(r"xl/comments(\d*|/[^/]+)\.xml")
_THREADS = re.compile(r"xl/threadedcomments/[^/]+\.xml")
_PERSONS = re.compile(r"xl/persons/[^/]+\.xml")
_PLACING = ("ref", "id", "uid", "uri", "fmtid", "itemID", "schemaLocation", "type")
_LETTERS = re.compile(r"[^\W\d_]{2}")
_PRINTED = re.compile(r"[A-Za-z\u0600-\u06FF][A-Za-z\u0600-\u06FF .,_@-]{4,31}")
_DRAWN_OBJECT = re.compile(rb"ObjectType\s*=\s*[\"']([^\"']*)")
_DRAWN_TEXT = re.compile(rb">([^<>]*[^\s<>][^<>]*)<|\b(?:alt|title|href|string)\s*=\s*[\"']([^\"']*)")


@dataclass(frozen=True)
class NonCellText:
    """A text of the file that stands in no cell: an author, a comment, a page header, a link, a leftover."""

    place: str  # "author" or "text"
    text: str
    sheet: str = ""  # as findings name it
    cell: str = ""


def read_links(archive: Archive) -> Iterator[NonCellText]:
    """Yield the targets of links.

    Raises:
        Stop: `external_link` for any other relation that leaves the file.
    """
    for name in archive.names:
        if not name.lower().endswith(".rels"):
            continue
        for relation in parse(archive, name):
            if relation.get("TargetMode", "").lower() != "external":
                continue
            if not relation.get("Type", "").endswith("/hyperlink"):
                raise Stop("external_link")
            yield NonCellText("text", relation.get("Target", ""))


def read_properties(archive: Archive) -> Iterator[NonCellText]:
    """Yield the document's properties: its author, and all other texts."""
    for name in archive.names:
        lowered = name.lower()
        if not lowered.endswith(".xml") or not lowered.startswith(("docprops/", "customxml/", "docmetadata/")):
            continue
        for element in parse(archive, name).iter():
            text = (element.text or "").strip()
            tag = local_name(element)
            if text and tag != "lpstr":  # lpstr: repeats the names of the sheets
                yield NonCellText("author" if tag in ("creator", "lastModifiedBy", "Manager") else "text", text)
            yield from _attributes(element)


def read_tables(archive: Archive) -> Iterator[NonCellText]:
    """Yield the names, remarks, filters and formulas of Excel tables on a sheet."""
    for name in archive.names:
        if name.lower().startswith("xl/tables/") and name.lower().endswith(".xml"):
            for element in parse(archive, name).iter():
                yield from _attributes(element)
                if text := (element.text or "").strip():
                    yield NonCellText("text", text)


def read_printers(archive: Archive) -> Iterator[NonCellText]:
    """Yield the words of printer settings: the names of a printer and a form, which may be a person's."""
    for name in archive.names:
        if name.lower().startswith("xl/printersettings/") and not name.endswith("/"):
            content = archive.read(name, MAX_SMALL_PART_BYTES)
            words = _PRINTED.findall(content.decode("utf-16-le", errors="replace"))
            yield from (NonCellText("author", text) for text in dict.fromkeys([*words, *personal_texts_in(content)]))


def read_drawings(archive: Archive) -> Iterator[NonCellText]:
    """Yield the texts of the drawings of comments.

    Raises:
        Stop: `embedded_content` for a drawing that draws anything but comments; some programs write empty ones.
    """
    for name in archive.names:
        if not name.lower().startswith("xl/drawings/") or name.endswith("/"):
            continue
        content = archive.read(name, MAX_SMALL_PART_BYTES)
        if name.lower().endswith(".vml"):
            if b"imagedata" in content or set(_DRAWN_OBJECT.findall(content)) - {b"Note"}:
                raise Stop("embedded_content")
            for pieces in _DRAWN_TEXT.findall(content):
                yield NonCellText("text", html.unescape(b"".join(pieces).decode("utf-8", errors="replace")).strip())
        elif b"Anchor" in content:
            raise Stop("embedded_content")


def read_comments(archive: Archive, labels: Mapping[str, str]) -> tuple[list[NonCellText], list[Finding]]:
    """Return the texts and authors of all comments, and one flag `comment_present` per sheet that has any.

    Args:
        archive: the workbook's parts.
        labels: part of a worksheet -> its sheet as findings name it. Comments of no sheet are read too.
    """
    sheet_of = {target: label for part, label in labels.items() for target in _targets(archive, part)}
    texts: list[NonCellText] = []
    findings: list[Finding] = []
    for name in archive.names:
        lowered, label = name.lower(), sheet_of.get(name, "")
        if _PERSONS.fullmatch(lowered):
            texts += [NonCellText("author", person.get("displayName", "")) for person in parse(archive, name)]
            texts += [NonCellText("text", person.get("userId", "")) for person in parse(archive, name)]
            continue
        if not (_COMMENTS.fullmatch(lowered) or _THREADS.fullmatch(lowered)):
            continue
        root = parse(archive, name)
        authors = [element.text or "" for element in root.iter() if local_name(element) == "author"]
        texts += [NonCellText("author", author, label) for author in authors]
        comments = [element for element in root.iter() if local_name(element) in ("comment", "threadedComment")]
        texts += [NonCellText("text", _text_of(comment), label, comment.get("ref", "")) for comment in comments]
        foreign = [comment.get("ref", "") for comment in comments if not _is_ours(comment, authors)]
        if foreign and _COMMENTS.fullmatch(lowered):  # each thread also has a plain comment
            findings.append(Finding("flag", "comment_present", label, foreign[0], {"count": str(len(foreign))}))
    return texts, findings


def parse(archive: Archive, name: str) -> Element:
    """Return a small part as XML. Raises Stop as `Archive.read` does, and `unreadable` for too deep nesting."""
    root = fromstring(archive.read(name, MAX_SMALL_PART_BYTES), forbid_dtd=True)
    level, depth = [root], 0
    while level:
        level, depth = [child for element in level for child in element], depth + 1
        if depth > _MAX_DEPTH:
            raise Stop("unreadable")
    return root


def local_name(element: Element) -> str:
    """Return the name of an element without its namespace."""
    return local_name_of(element.tag)


def local_name_of(name: str) -> str:
    """Return a name without its namespace."""
    return name.rpartition("}")[2]


def _attributes(element: Element) -> Iterator[NonCellText]:
    """Yield the values of attributes that hold text, not positions or identifiers."""
    for key, value in element.attrib.items():
        if local_name_of(key) not in _PLACING and _LETTERS.search(value):
            yield NonCellText("text", value)


def _text_of(comment: Element) -> str:
    return "".join(element.text or "" for element in comment.iter() if local_name(element) in ("t", "text"))


def _is_ours(comment: Element, authors: list[str]) -> bool:
    place = comment.get("authorId", "")
    return place.isdigit() and int(place) < len(authors) and authors[int(place)] == HOUSE_AUTHOR


def _targets(archive: Archive, part: str) -> Iterator[str]:
    """Yield the parts that a worksheet refers to."""
    folder, name = posixpath.split(part)
    relations = f"{folder}/_rels/{name}.rels"
    if relations in archive.names:
        for relation in parse(archive, relations):
            yield posixpath.normpath(posixpath.join("/", folder, relation.get("Target", ""))).lstrip("/")
