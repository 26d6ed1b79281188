"""Drafts as bytes: workbooks of openpyxl, .ods by hand, csv in four ways, .xls by a few records.

Belongs here: how lines become a file, and the places that .ods, csv and .xls have beside their cells.
Does not belong here: the places of .xlsx (`workbook_places.py`).
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import date
from xml.sax.saxutils import escape, quoteattr

from openpyxl import Workbook

from tests.end_to_end.plain_zip import packed
from tests.end_to_end.plants import small_xls
from tests.end_to_end.plants.drafts import Draft, Page
from tests.end_to_end.tables_of_senders import Value

_STATES = {0: "visible", 1: "hidden", 2: "veryHidden"}


def workbook_of(draft: Draft) -> Workbook:
    """The draft as a workbook of openpyxl."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for page in draft.pages:
        sheet = book.create_sheet(page.name[:31].translate(dict.fromkeys(map(ord, "[]:*?/\\"), " ")))
        for number, line in enumerate(page.lines, 1):
            for column, value in enumerate(line, 1):
                if value not in (None, ""):
                    sheet.cell(number, column, value)
        sheet.sheet_state = _STATES[page.hidden]
    return book


def _as_text(value: Value) -> str:
    return "" if value is None else value.isoformat() if isinstance(value, date) else str(value)


def csv_bytes(draft: Draft, encoding: str = "utf-8-sig", delimiter: str = ",", quoted: bool = False) -> bytes:
    """The first page as csv."""
    target = io.StringIO()
    way = csv.QUOTE_ALL if quoted else csv.QUOTE_MINIMAL
    width = max(map(len, draft.page.lines))
    for line in draft.page.lines:
        full = [*map(_as_text, line), *[""] * (width - len(line))]
        csv.writer(target, delimiter=delimiter, quoting=way).writerow(full)
    return target.getvalue().encode(encoding)


CSV_PLACES: dict[str, Callable[[Draft, str], bytes]] = {
    "csv: a line above": lambda draft, plant: f"{plant}\r\n".encode() + csv_bytes(draft, "utf-8"),
    "csv: a line below": lambda draft, plant: csv_bytes(draft) + f"\r\n# {plant}\r\n".encode(),
    "csv: behind the last column": lambda draft, plant: csv_bytes(draft).rstrip() + f",,,{plant}".encode(),
    "csv: windows-1256 and semicolons": lambda draft, plant: csv_bytes(_noted(draft, plant), "cp1256", ";"),
    "csv: UTF-16": lambda draft, plant: csv_bytes(_noted(draft, plant), "utf-16", "\t"),
    "csv: tabs": lambda draft, plant: csv_bytes(_noted(draft, plant), "utf-8", "\t"),
    "csv: every cell quoted": lambda draft, plant: csv_bytes(_noted(draft, f'"{plant}"'), quoted=True),
    "csv: a quoted line break": lambda draft, plant: csv_bytes(_noted(draft, f"a\r\n{plant},\r\nb")),
}
"""Ways of writing csv with a plant in a place that the way has. windows-1256 has no Sorani."""


def _noted(draft: Draft, text: str) -> Draft:
    draft.page.put(draft.page.columns[-1], text)
    return draft


def xls_bytes(draft: Draft, place: str = "", plant: str = "") -> bytes:
    """The draft as .xls, with a plant beside the cells."""
    sheets = [
        (one.name[:31].replace("/", " "), one.hidden, [[_plain(cell) for cell in line] or [None] for line in one.lines])
        for one in draft.pages
    ]
    extra = {
        "xls: string of no cell": {"unused": plant},
        "xls: author": {"author": plant},
        "xls: page header": {"in_sheet": small_xls.header(f"&C{plant}")},
        "xls: page footer": {"in_sheet": small_xls.footer(f"&L{plant}")},
        "xls: who saved it": {"in_globals": small_xls.writer_of(plant)},
        "xls: defined name": {"in_globals": small_xls.defined_name(plant.replace(" ", "_"))},
        "xls: bytes behind the end": {"behind": plant.encode("utf-16-le")},
    }
    return small_xls.xls_bytes(sheets, **extra.get(place, {}))


XLS_PLACES = ("xls: string of no cell", "xls: author", "xls: page header", "xls: page footer", "xls: who saved it",
              "xls: defined name", "xls: bytes behind the end")  # fmt: skip


def _plain(value: Value) -> str | int | float | None:
    return value.isoformat() if isinstance(value, date) else value


_SPACES = "".join(
    f' xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{long}:1.0"'
    for short, long in {"office": "office", "table": "table", "text": "text", "meta": "meta", "style": "style",
                        "config": "config", "draw": "drawing", "svg": "svg-compatible", "form": "form",
                        "script": "script", "number": "datastyle", "fo": "xsl-fo-compatible"}.items()
) + ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xlink="http://www.w3.org/1999/xlink"'  # fmt: skip


def _ods_cell(value: Value, inside: str = "") -> str:
    if value is None or value == "":
        return f"<table:table-cell>{inside}</table:table-cell>" if inside else "<table:table-cell/>"
    if isinstance(value, int | float):
        kind = f'office:value-type="float" office:value="{value}"'
    elif isinstance(value, date):
        kind = f'office:value-type="date" office:date-value="{value.isoformat()}"'
    else:
        kind = 'office:value-type="string"'
    text = "".join(f"<text:p>{escape(one)}</text:p>" for one in _as_text(value).split("\n"))
    return f"<table:table-cell {kind}>{inside}{text}</table:table-cell>"


def _ods_table(page: Page, holes: dict[str, str]) -> str:
    rows = []
    for number, line in enumerate(page.lines):
        inside = holes.get("cell", "") if number == page.first and page.table else ""
        cells = [_ods_cell(value, inside if not place else "") for place, value in enumerate(line)] or [
            "<table:table-cell/>"
        ]
        rows.append(f"<table:table-row>{''.join(cells)}</table:table-row>")
    style = ' table:style-name="hidden"' if page.hidden else ""
    shapes = holes.get("shapes", "") if page.table else ""
    row = holes.get("row", "") if page.table else ""
    return f"<table:table table:name={quoteattr(page.name)}{style}>{shapes}{''.join(rows)}{row}</table:table>"


_HIDDEN = (
    '<office:automatic-styles><style:style style:name="hidden" style:family="table">'
    '<style:table-properties table:display="false"/></style:style>{}</office:automatic-styles>'
)

ODS_PLACES: dict[str, tuple[str, str]] = {
    "ods: annotation": ("cell", "<office:annotation><dc:creator>x</dc:creator><text:p>{}</text:p></office:annotation>"),
    "ods: author of an annotation": ("cell", "<office:annotation><dc:creator>{}</dc:creator><text:p>ok</text:p></office:annotation>"),
    "ods: hidden row": ("row", '<table:table-row table:visibility="collapse"><table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell></table:table-row>'),
    "ods: text box": ("shapes", "<table:shapes><draw:frame><draw:text-box><text:p>{}</text:p></draw:text-box></draw:frame></table:shapes>"),
    "ods: title of a drawing": ("shapes", "<table:shapes><draw:frame><svg:title>{0}</svg:title><svg:desc>{0}</svg:desc></draw:frame></table:shapes>"),
    "ods: tracked deletion": ("before", '<table:tracked-changes><table:deletion table:id="ct1" table:type="row" table:position="9" table:table="0"><office:change-info><dc:creator>{0}</dc:creator></office:change-info><table:cut-offs/></table:deletion></table:tracked-changes>'),
    "ods: prompt of a validation": ("before", '<table:content-validations><table:content-validation table:name="v1"><table:help-message table:title="x" table:display="true"><text:p>{}</text:p></table:help-message></table:content-validation></table:content-validations>'),
    "ods: named range": ("after", '<table:named-expressions><table:named-expression table:name="n1" table:expression="of:=&quot;{}&quot;"/></table:named-expressions>'),
    "ods: database range": ("after", '<table:database-ranges><table:database-range table:name="{}" table:target-range-address="x.A1:x.B2"/></table:database-ranges>'),
    "ods: style of a cell": ("styles", '<style:style style:name="{}" style:family="table-cell"/>'),
    "ods: number format": ("styles", '<number:number-style style:name="N9"><number:text>{}</number:text></number:number-style>'),
    "ods: page header": ("master", '<office:master-styles><style:master-page style:name="m" style:page-layout-name="p"><style:header><text:p>{}</text:p></style:header></style:master-page></office:master-styles>'),
    "ods: initial creator": ("meta", "<meta:initial-creator>{}</meta:initial-creator>"),
    "ods: title and keyword": ("meta", "<dc:title>{0}</dc:title><meta:keyword>{0}</meta:keyword>"),
    "ods: property of one's own": ("meta", '<meta:user-defined meta:name="{0}">{0}</meta:user-defined>'),
    "ods: settings": ("settings", '<config:config-item config:name="PrinterName" config:type="string">{}</config:config-item>'),
    "ods: remark in the XML": ("remark", "<!-- {} -->"),
    "ods: script": ("scripts", '<office:scripts><office:script script:language="x">{}</office:script></office:scripts>'),
}  # fmt: skip
"""Places of .ods beside its cells: where in the file, and what is written there."""


def ods_bytes(draft: Draft, place: str = "", plant: str = "") -> bytes:
    """The draft as .ods, with a plant beside the cells."""
    hole, pattern = ODS_PLACES.get(place, ("", ""))
    holes = {hole: pattern.format(escape(plant))}
    tables = "".join(_ods_table(one, holes) for one in draft.pages)
    body = holes.get("before", "") + tables + holes.get("after", "")
    head = '<?xml version="1.0" encoding="UTF-8"?>' + holes.get("remark", "")
    version = ' office:version="1.3"'
    content = (
        f"{head}<office:document-content{_SPACES}{version}>{holes.get('scripts', '')}"
        f"{_HIDDEN.format(holes.get('styles', ''))}"
        f"<office:body><office:spreadsheet>{body}</office:spreadsheet></office:body></office:document-content>"
    )
    parts = {
        "content.xml": content,
        "meta.xml": f"{head}<office:document-meta{_SPACES}{version}><office:meta>{holes.get('meta', '')}</office:meta></office:document-meta>",
        "styles.xml": f"{head}<office:document-styles{_SPACES}{version}>{holes.get('master', '')}</office:document-styles>",
        "settings.xml": f'{head}<office:document-settings{_SPACES}{version}><office:settings><config:config-item-set config:name="ooo:configuration-settings">{holes.get("settings", "")}</config:config-item-set></office:settings></office:document-settings>',
    }
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    listed = "".join(
        f'<manifest:file-entry manifest:full-path="{one}" manifest:media-type="text/xml"/>' for one in parts
    )
    spaces = 'xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.3"'
    entry = f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}"/>'
    manifest = f"<manifest:manifest {spaces}>{entry}{listed}</manifest:manifest>"
    whole = {"mimetype": kind} | parts | {"META-INF/manifest.xml": manifest}
    return packed({name: text.encode() for name, text in whole.items()}, stored=("mimetype",))
