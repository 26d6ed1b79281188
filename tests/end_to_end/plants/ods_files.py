"""Drafts as .ods, written by hand, and the places that such a file has beside its cells.

Belongs here: the parts of an .ods, each place with its name, and what is written there.
Does not belong here: other formats (`formats.py`), and which file takes which place.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from xml.sax.saxutils import escape, quoteattr

from tests.end_to_end.plain_zip import packed
from tests.end_to_end.plants.drafts import Draft, Page
from tests.end_to_end.tables_of_senders import Value

_KIND = "application/vnd.oasis.opendocument.spreadsheet"
_NAMESPACES = {
    "office": "office",
    "table": "table",
    "text": "text",
    "meta": "meta",
    "style": "style",
    "config": "config",
    "draw": "drawing",
    "svg": "svg-compatible",
    "form": "form",
    "script": "script",
    "number": "datastyle",
    "fo": "xsl-fo-compatible",
}
_SPACES = "".join(
    f' xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{long}:1.0"' for short, long in _NAMESPACES.items()
)
_SPACES += ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xlink="http://www.w3.org/1999/xlink"'
_VERSION = ' office:version="1.3"'


def _cell(value: Value, inside: str = "") -> str:
    if value is None or value == "":
        return f"<table:table-cell>{inside}</table:table-cell>"
    shown = value.isoformat() if isinstance(value, date) else str(value)
    if isinstance(value, int | float):
        kind = f'office:value-type="float" office:value="{value}"'
    elif isinstance(value, date):
        kind = f'office:value-type="date" office:date-value="{shown}"'
    else:
        kind = 'office:value-type="string"'
    text = "".join(f"<text:p>{escape(line)}</text:p>" for line in shown.split("\n"))
    return f"<table:table-cell {kind}>{inside}{text}</table:table-cell>"


def _table(page: Page, holes: Mapping[str, str]) -> str:
    """One sheet; what is planted beside cells stands in the sheet with the records."""
    planted = holes if page.table else {}
    rows: list[str] = []
    for number, line in enumerate(page.lines):
        inside = planted.get("cell", "") if number == page.first else ""
        cells = [_cell(value, "" if place else inside) for place, value in enumerate(line)]
        rows.append(f"<table:table-row>{''.join(cells) or '<table:table-cell/>'}</table:table-row>")
    style = ' table:style-name="hidden"' if page.hidden else ""
    inner = planted.get("shapes", "") + "".join(rows) + planted.get("row", "")
    return f"<table:table table:name={quoteattr(page.name)}{style}>{inner}</table:table>"


def _annotation(creator: str, text: str) -> str:
    return f"<office:annotation><dc:creator>{creator}</dc:creator><text:p>{text}</text:p></office:annotation>"


def _shapes(frame: str) -> str:
    return f"<table:shapes><draw:frame>{frame}</draw:frame></table:shapes>"


ODS_PLACES: dict[str, tuple[str, str]] = {
    "ods: annotation": ("cell", _annotation("x", "{}")),
    "ods: author of an annotation": ("cell", _annotation("{}", "ok")),
    "ods: hidden row": (
        "row",
        '<table:table-row table:visibility="collapse"><table:table-cell office:value-type="string">'
        "<text:p>{}</text:p></table:table-cell></table:table-row>",
    ),
    "ods: text box": ("shapes", _shapes("<draw:text-box><text:p>{}</text:p></draw:text-box>")),
    "ods: title of a drawing": ("shapes", _shapes("<svg:title>{}</svg:title><svg:desc>{}</svg:desc>")),
    "ods: tracked deletion": (
        "before",
        "<table:tracked-changes>"
        '<table:deletion table:id="ct1" table:type="row" table:position="9" table:table="0">'
        "<office:change-info><dc:creator>{}</dc:creator></office:change-info><table:cut-offs/>"
        "</table:deletion></table:tracked-changes>",
    ),
    "ods: prompt of a validation": (
        "before",
        '<table:content-validations><table:content-validation table:name="v1">'
        '<table:help-message table:title="x" table:display="true"><text:p>{}</text:p></table:help-message>'
        "</table:content-validation></table:content-validations>",
    ),
    "ods: named range": (
        "after",
        "<table:named-expressions>"
        '<table:named-expression table:name="n1" table:expression="of:=&quot;{}&quot;"/>'
        "</table:named-expressions>",
    ),
    "ods: database range": (
        "after",
        "<table:database-ranges>"
        '<table:database-range table:name="{}" table:target-range-address="x.A1:x.B2"/>'
        "</table:database-ranges>",
    ),
    "ods: style of a cell": ("styles", '<style:style style:name="{}" style:family="table-cell"/>'),
    "ods: number format": (
        "styles",
        '<number:number-style style:name="N9"><number:text>{}</number:text></number:number-style>',
    ),
    "ods: page header": (
        "master",
        '<office:master-styles><style:master-page style:name="m" style:page-layout-name="p">'
        "<style:header><text:p>{}</text:p></style:header></style:master-page></office:master-styles>",
    ),
    "ods: initial creator": ("meta", "<meta:initial-creator>{}</meta:initial-creator>"),
    "ods: title and keyword": ("meta", "<dc:title>{}</dc:title><meta:keyword>{}</meta:keyword>"),
    "ods: property of one's own": ("meta", '<meta:user-defined meta:name="{}">{}</meta:user-defined>'),
    "ods: settings": (
        "settings",
        '<config:config-item config:name="PrinterName" config:type="string">{}</config:config-item>',
    ),
    "ods: remark in the XML": ("remark", "<!-- {} -->"),
    "ods: script": (
        "scripts",
        '<office:scripts><office:script script:language="x">{}</office:script></office:scripts>',
    ),
}
"""Places of .ods beside its cells: where in the file, and what is written there; {} is the plant."""


def ods_bytes(draft: Draft, place: str = "", plant: str = "") -> bytes:
    """The draft as .ods, with a plant beside the cells."""
    hole, pattern = ODS_PLACES.get(place, ("", ""))
    holes = {hole: pattern.replace("{}", escape(plant))}
    parts = {"mimetype": _KIND, "content.xml": _content(draft, holes)} | _side_parts(holes)
    parts["META-INF/manifest.xml"] = _manifest(list(parts)[1:])
    return packed({name: text.encode() for name, text in parts.items()}, stored=("mimetype",))


def _part(name: str, body: str, remark: str = "") -> str:
    """One part of the file, in its own element of the office."""
    head = f'<?xml version="1.0" encoding="UTF-8"?>{remark}'
    return f"{head}<office:document-{name}{_SPACES}{_VERSION}>{body}</office:document-{name}>"


def _content(draft: Draft, holes: Mapping[str, str]) -> str:
    hidden = '<style:style style:name="hidden" style:family="table"><style:table-properties table:display="false"/>'
    styles = f"<office:automatic-styles>{hidden}</style:style>{holes.get('styles', '')}</office:automatic-styles>"
    tables = holes.get("before", "") + "".join(_table(page, holes) for page in draft.pages) + holes.get("after", "")
    body = f"<office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body>"
    return _part("content", holes.get("scripts", "") + styles + body, holes.get("remark", ""))


def _side_parts(holes: Mapping[str, str]) -> dict[str, str]:
    items = f'<config:config-item-set config:name="x">{holes.get("settings", "")}</config:config-item-set>'
    return {
        "meta.xml": _part("meta", f"<office:meta>{holes.get('meta', '')}</office:meta>"),
        "styles.xml": _part("styles", holes.get("master", "")),
        "settings.xml": _part("settings", f"<office:settings>{items}</office:settings>"),
    }


def _manifest(names: list[str]) -> str:
    entries = "".join(
        f'<manifest:file-entry manifest:full-path="{name}" manifest:media-type="text/xml"/>' for name in names
    )
    space = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"
    whole = f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{_KIND}"/>'
    return f'<manifest:manifest xmlns:manifest="{space}" manifest:version="1.3">{whole}{entries}</manifest:manifest>'
