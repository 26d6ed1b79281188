"""Tagging: complete the tags of a PDF by Typst for screen readers, in the finished file.

Belongs here: row headers, which headers a cell has, the direction of the pages, the titles of bookmarks, what some
programs read wrongly in tags, and saving the same bytes for the same file.
Does not belong here: how a page looks (`templates/`), or its content.

Typst tags the first cell of a row as data; the switch to change that is missing in its Python package. It names the
heading of a group of rows as the only header of the cells below it, and all columns as headers of that heading: a
screen reader would read every column before every figure. PDF 1.7 (ISO 32000-1), 14.8.5.7: Scope, Headers; 12.2:
Direction; PDF/UA-1 (ISO 14289-1), 7.5: tables have headers.
"""

from __future__ import annotations

import io
from collections.abc import Iterator

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, String

from reports.renderers import readable_text
from reports.renderers.fonts import INVISIBLE

# Created once: making a name takes longer than comparing it, and a report has ten thousand cells.
_TABLE, _ROW, _HEADING, _HEAD = Name.Table, Name.TR, Name.TH, Name.THead
_BODY = (Name.TBody, Name.TFoot)


def finish_document(document: bytes, *, is_right_to_left: bool) -> bytes:
    """Return the file with row headers that have a scope, cells that name their headers, and the correct page order."""
    with pikepdf.open(io.BytesIO(document)) as pdf:
        readable_text.make_readable(pdf, is_right_to_left=is_right_to_left)
        _tag_tables(pdf)
        _drop_misread_tags(pdf)
        if is_right_to_left:
            pdf.Root.ViewerPreferences.Direction = Name.R2L
        _plain_bookmarks(pdf)
        del pdf.docinfo["/Creator"]  # the metadata already name the tool
        sink = io.BytesIO()
        pdf.save(sink, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return sink.getvalue()


def tables(pdf: pikepdf.Pdf) -> Iterator[Object]:
    """Yield the structure element of every table, in no particular order."""
    waiting = _child_elements(pdf.Root.StructTreeRoot)
    while waiting:
        element = waiting.pop()
        if element["/S"] == _TABLE:
            yield element
        else:
            waiting += _child_elements(element)


def table_rows(table: Object) -> Iterator[tuple[Object, list[Object]]]:
    """Yield each row of a table, in order: the name of its section and its cells."""
    for section in _child_elements(table):
        for row in _child_elements(section):
            if row["/S"] == _ROW:
                yield section["/S"], _child_elements(row)


def attribute(cell: Object, key: str) -> Object | None:
    """Return an attribute of a table cell (`/Scope`, `/Headers`), or None."""
    attributes = cell.get("/A", Array())
    for entry in attributes if isinstance(attributes, Array) else [attributes]:
        if isinstance(entry, Dictionary) and entry.get("/O") == _TABLE and key in entry:
            return entry[key]
    return None


def _child_elements(element: Object) -> list[Object]:
    kids = element.get("/K")
    elements = kids if isinstance(kids, Array) else [kids]
    return [kid for kid in elements if isinstance(kid, Dictionary) and "/S" in kid]


def _tag_tables(pdf: pikepdf.Pdf) -> None:
    if "/IDTree" not in pdf.Root.StructTreeRoot:
        return  # a document without a table
    identifiers = pikepdf.NameTree(pdf.Root.StructTreeRoot.IDTree)
    number = 0
    for table in tables(pdf):
        columns: list[Object] = []
        group: Object | None = None
        for section, cells in table_rows(table):
            if len(cells) > 1 and section == _HEAD:
                columns = [cell["/ID"] for cell in cells]
            elif len(cells) == 1:
                group = _group(cells[0], group)
            elif section in _BODY:
                _tag_row(cells, f"R{number}", columns, group)
                identifiers[f"R{number}"] = cells[0]
                number += 1


def _drop_misread_tags(pdf: pikepdf.Pdf) -> None:
    """Remove what Poppler reports as an error though ISO 32000-1 allows it.

    Typst writes `Suspects` as false, which is its value where it is left out; and the colours of lines, which are for a
    program that lays the text out anew.
    """
    if "/Suspects" in pdf.Root.MarkInfo:
        del pdf.Root.MarkInfo["/Suspects"]
    for element in pdf.objects:
        if isinstance(element, Dictionary) and "/S" in element:
            attributes = element.get("/A", Array())
            for entry in attributes if isinstance(attributes, Array) else [attributes]:
                if isinstance(entry, Dictionary) and "/BorderColor" in entry:
                    del entry["/BorderColor"]


def _group(cell: Object, before: Object | None) -> Object | None:
    """Return the id of the heading of the rows below; a data cell over the full width is not a heading."""
    if cell["/S"] != _HEADING:
        return before
    for entry in cell.A:
        if "/Headers" in entry:
            entry.Headers = Array()
    return cell.ID


def _tag_row(cells: list[Object], identifier: str, columns: list[Object], group: Object | None) -> None:
    heading, *figures = cells
    own = String(identifier)
    heading.S, heading.ID = _HEADING, own
    over = [] if group is None else [group]
    scope = Dictionary(O=_TABLE, Scope=Name.Row, Headers=Array(over))
    heading.A = Array([scope, *(entry for entry in heading.A if entry["/O"] != _TABLE)])
    for cell, column in zip(figures, columns[1:], strict=True):
        for entry in cell["/A"]:
            if entry["/O"] == _TABLE:
                entry["/Headers"] = Array([column, *over, own])


def _plain_bookmarks(pdf: pikepdf.Pdf) -> None:
    """Remove direction characters from bookmarks: a viewer lists them itself, some characters as boxes."""
    with pdf.open_outline() as outline:
        waiting = list(outline.root)
        while waiting:
            entry = waiting.pop()
            entry.title = "".join(letter for letter in entry.title if letter not in INVISIBLE)
            waiting += entry.children
