"""The forms of a report measured: CPU seconds, peak memory, pages and bytes by length and language.

`python -m benchmarks.report_forms [--pages 10 60 200] [--languages en ar ckb] [--forms pdf …]`. Editions are invented:
a table of nineteen places over ten years and its chart, a page of both together, as often as asked for. Each run is a
process of its own, so that its peak of memory is its own; CPU seconds are those of `render` alone, all threads. Beside
our forms stands WeasyPrint on the same tables and the same drawings, if it is installed (it is not in our lock:
`PYTHONPATH` may name a folder that has it; it needs Pango). Another form is a line in `FORMS`.
"""

from __future__ import annotations

import argparse
import importlib.util
import io
import json
import resource
import subprocess
import sys
from collections.abc import Callable, Iterator
from html import escape
from time import monotonic, process_time

import pikepdf

from reports.editions.edition import (
    Chapter,
    ChartBlock,
    ChartSeries,
    Edition,
    RowGroup,
    TableBlock,
    TableColumn,
    TableRow,
)
from reports.editions.printed_parts import PrintedFigure
from reports.renderers import charts, fonts, pdf, site, workbook
from tests.reports.invented_editions import invented

YEARS = tuple(str(year) for year in range(2016, 2026))
PLACES = 19
_ARABIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")


def long_edition(language: str, pages: int) -> Edition:
    """Return an edition of about so many pages: a chapter with a section of one chart and one table a page."""
    edition = invented(language)
    front = 4  # cover, contents, key results, how to read
    sections = tuple(_section(edition, number) for number in range(max(1, pages - front)))
    chapter = Chapter(id="long", title=edition.title, chapters=sections)
    return edition.model_copy(update={"chapters": (edition.chapters[0], chapter, edition.chapters[-1])})


def _section(edition: Edition, number: int) -> Chapter:
    years = tuple(year.translate(_ARABIC) if edition.numerals == "arab" else year for year in YEARS)
    title, place = edition.title, edition.labels["table"]

    def figure(row: int, column: int) -> PrintedFigure:
        value = 5 * ((7 * row + 3 * column + number) % 400)
        text = f"{value:,}".translate(_ARABIC) if edition.numerals == "arab" else f"{value:,}"
        return PrintedFigure(mark="c") if (row + column) % 9 == 0 else PrintedFigure(text=text, value=value)

    def figures(row: int) -> tuple[PrintedFigure, ...]:
        return tuple(figure(row, column) for column in range(len(YEARS)))

    rows = tuple(TableRow(label=f"{place} {row}", cells=figures(row), is_total=row == PLACES) for row in range(20))
    table = TableBlock(
        id=f"table-{number}",
        caption=f"{title} {number}",
        unit=place,
        row_heading=place,
        columns=tuple(TableColumn(text=text, code=code) for text, code in zip(years, YEARS, strict=True)),
        groups=(RowGroup(heading="", rows=rows),),
    )
    chart = ChartBlock(
        id=f"chart-{number}",
        shape="bar" if number % 2 else "line",
        title=f"{title} {number}",
        alternative=f"{title}: {figure(2, 0).text}",
        years=YEARS,
        year_labels=years,
        series=(ChartSeries(name=title, figures=figures(2)), ChartSeries(name=place, figures=figures(5))),
        table=table.id,
    )
    return Chapter(id=f"section-{number}", title=f"{title} {number}", blocks=(chart, table))


def weasyprint(edition: Edition) -> bytes:
    """Return the same headings, tables and drawings set by WeasyPrint as PDF/UA-1."""
    from weasyprint import HTML  # not in the lock: measured beside, never used

    style = (
        "@page{size:A4;margin:20mm}svg{display:block;width:100%;height:auto}td{text-align:right}"
        "table{border-collapse:collapse;font-size:8.5pt;width:100%}"
    )
    face = "".join(
        f"@font-face{{font-family:'{fonts.FAMILY}';font-weight:{weight};"
        f"src:url('{(fonts.folder() / f'IBMPlexSansArabic-{name}.ttf').as_uri()}')}}"
        for weight, name in fonts.WEIGHTS.items()
    )
    body = "".join(_html(chapter, edition) for chapter in edition.walk())
    page = (
        f'<html lang="{edition.language}" dir="{edition.direction}"><head><title>{escape(edition.title)}</title>'
        f"<style>{face}body{{font-family:'{fonts.FAMILY}'}}{style}</style></head><body>{body}</body></html>"
    )
    return HTML(string=page).write_pdf(pdf_variant="pdf/ua-1")


def _html(chapter: Chapter, edition: Edition) -> str:
    parts = [f"<h2>{escape(chapter.title)}</h2>"]
    for block in chapter.blocks:
        if isinstance(block, TableBlock):
            heads = "".join(f'<th scope="col">{escape(column.text)}</th>' for column in block.columns)
            rows = "".join(_html_row(row) for group in block.groups for row in group.rows)
            head = f"<thead><tr><th>{escape(block.row_heading)}</th>{heads}</tr></thead>"
            parts.append(f"<table><caption>{escape(block.caption)}</caption>{head}<tbody>{rows}</tbody></table>")
        elif isinstance(block, ChartBlock):
            drawing = charts.draw(block, edition, width=640, height=270)
            parts.append(f"<figure><figcaption>{escape(block.title)}</figcaption>{drawing}</figure>")
    return "".join(parts)


def _html_row(row: TableRow) -> str:
    cells = "".join(f"<td>{escape(cell.text or f'[{cell.mark}]')}</td>" for cell in row.cells)
    return f'<tr><th scope="row">{escape(row.label)}</th>{cells}</tr>'


def drawings(edition: Edition) -> bytes:
    """Return the drawings alone: what they cost is part of every other line."""
    blocks = [block for chapter in edition.walk() for block in chapter.blocks if isinstance(block, ChartBlock)]
    return "".join(charts.draw(block, edition, width=640, height=270) for block in blocks).encode()


def pages_of_site(edition: Edition) -> bytes:
    """Return every file of the site one after the other, with the files beside its charts."""
    return b"".join(site.render(edition, [(edition.language, edition.direction, edition.language)]).values())


FORMS: dict[str, Callable[[Edition], bytes]] = {
    "drawings alone": drawings,
    "pdf": pdf.render,
    "WeasyPrint": weasyprint,
    "site": pages_of_site,
    "workbook": workbook.render,
}
_FOREIGN = {"WeasyPrint": "weasyprint"}


def measure(form: str, language: str, pages: int) -> dict[str, float]:
    """Render once in this process; return what it took."""
    edition = long_edition(language, pages)
    start, wall = process_time(), monotonic()
    document = FORMS[form](edition)
    seconds, waited = process_time() - start, monotonic() - wall
    count = 0
    if document.startswith(b"%PDF"):
        with pikepdf.open(io.BytesIO(document)) as opened:
            count = len(opened.pages)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    return {"cpu": seconds, "wall": waited, "peak": peak, "bytes": len(document), "pages": count}


def rows(forms: list[str], languages: list[str], lengths: list[int]) -> Iterator[str]:
    """Yield a line of the table for every form, language and length, each from a process of its own."""
    for pages in lengths:
        for language in languages:
            for form in forms:
                asked = [sys.executable, "-m", "benchmarks.report_forms", "--one", form, language, str(pages)]
                done = subprocess.run(asked, stdout=subprocess.PIPE, text=True, check=True)
                told = json.loads(done.stdout.splitlines()[-1])
                yield (
                    f"| {pages} | {language} | {form} | {told['pages']:.0f} | {told['cpu']:.2f} | {told['wall']:.2f} "
                    f"| {told['peak'] / 1e6:,.0f} | {told['bytes'] / 1e3:,.0f} |"
                )


def main() -> None:
    """Print the table, or measure one run as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, nargs="+", default=[10, 60, 200])
    parser.add_argument("--languages", nargs="+", default=["en", "ar", "ckb"])
    parser.add_argument("--forms", nargs="+", default=list(FORMS))
    parser.add_argument("--one", nargs=3)
    asked = parser.parse_args()
    if asked.one:
        form, language, pages = asked.one
        print(json.dumps(measure(form, language, int(pages))))
        return
    absent = [form for form in asked.forms if form in _FOREIGN and not importlib.util.find_spec(_FOREIGN[form])]
    for form in absent:
        print(f"{form} is not installed and is not measured.\n")
    print(
        "| asked | language | form | pages | CPU s | wall s | peak MB | kB |\n|---:|---|---|---:|---:|---:|---:|---:|"
    )
    for line in rows([form for form in asked.forms if form not in absent], asked.languages, asked.pages):
        print(line, flush=True)


if __name__ == "__main__":
    main()
