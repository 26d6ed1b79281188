"""The site: static pages of one language, made from an edition alone, that open from a memory stick.

Belongs here: which pages there are and what stands on each, the policy and the style that each embeds, and the search
page. A page fetches nothing and runs nothing, with two exceptions: the search page has our script, allowed in its
policy by its hash, and without it shows the whole index as links; the page of an indicator has one to copy its address.
Does not belong here: figures or words (they are finished in the edition), the files beside a chart (`chart_files.py`),
or writing anything (`issue_report.py`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Any, NamedTuple

from markupsafe import Markup, escape

from languages import html_page, page_policy
from reports.editions import arrangement, gathered_tables
from reports.editions.answered import AnsweredQuestion
from reports.editions.arrangement import FRONT
from reports.editions.edition import Chapter, ChartBlock, DrawnBlock, Edition, TableBlock
from reports.editions.indicator_pages import IndicatorPage, indicator_pages
from reports.renderers import chart_files, charts, fonts
from reports.renderers.story import small_charts


class OtherLanguage(NamedTuple):
    """A language in which a report is issued: its tag, its direction (`rtl`), its name in that language."""

    tag: str
    direction: str
    name: str


Others = Sequence[OtherLanguage]
LABELS = (
    "skip", "home", "languages", "search", "contents", "sections", "back_to_top", "previous", "next",
    "answers", "answer_found", "answer_certainty", "answer_silent",
    "forms", "story_summary", "form_pdf", "form_workbook", "form_explorer", "form_data",
    "form_monitor",
    "form_slides", "taking", "cite", "search_near", "search_same", "search_synonyms", "kind_place",
    "chart_table", "series", "full_table", "files", "prose", "earlier",
    "search_title", "search_intro", "search_questions", "separator", "search_field", "search_shown", "search_none",
    "story_findings", "story_demands", "story_key",
    "kind_table", "kind_chart", "kind_map", "sheet_contact", "withdrawn", "about_indicator", "address", "copy_link",
    "copied", "chart_break", "dates", "time_runs",
)  # fmt: skip
_TEMPLATES = Path(__file__).parents[1] / "templates"
DATA = "edition.json"
ANSWERS = ("found", "certainty", "silent")
_FULL_FROM = 8  # a table with this many columns or more takes the full width
_MOST_UNFOLDED = 300  # characters of withdrawal notices shown at the top of the front page; longer ones are collapsed
_ISOLATE = "\u2068"
# an isolated text that begins with a Latin letter and has several words and no Arabic letter
_ENGLISH = re.compile(r"\u2068([A-Za-z][^\u0600-\u06ff\u2066-\u2069]* [^\u0600-\u06ff\u2066-\u2069]*[A-Za-z]{2}"
                      r"[^\u0600-\u06ff\u2066-\u2069]*)\u2069")  # fmt: skip
_STYLE, _STYLE_HASH = "/*style*/", "%style-hash%"
_PROGRAMS = {"search.html": "search.js", "indicator.html": "address.js"}  # template to its script


@dataclass(frozen=True)
class _Page:
    """A page to render: its file, its template, its title, and its chapter or indicator."""

    file: str
    template: str
    title: str
    chapter: Chapter | None = None
    indicator: IndicatorPage | None = None


@dataclass(frozen=True)
class _Drawing:
    """A chart drawn twice, for desktop and phone; the style shows one of them."""

    block: DrawnBlock
    wide: Markup
    narrow: Markup


def render(edition: Edition, others: Others, outline: Path | None = None) -> dict[str, bytes]:
    """Return the whole site of one language, by relative path; the same edition gives the same bytes.

    Args:
        edition: the edition to render.
        others: tag, direction and own name of every language that is issued, including that of the edition.
        outline: of the governorates (`maps.draw`); without it maps are tiles.
    """
    drawn = _drawings(edition, outline)
    return {
        **_pages(edition, others, drawn),
        **chart_files.files([(drawing.block, drawing.wide) for drawing in drawn.values()]),
        DATA: (edition.model_dump_json() + "\n").encode("utf-8"),
    }


def pages(edition: Edition, others: Others, outline: Path | None = None) -> dict[str, bytes]:
    """Return the pages of a site by file, as `render` does, without the files beside them."""
    return _pages(edition, others, _drawings(edition, outline))


def page_names(edition: Edition) -> list[str]:
    """Return the files of the pages of a site, in reading order."""
    return [page.file for page in _plan_pages(edition)]


def _pages(whole: Edition, others: Others, drawn: Mapping[str, _Drawing]) -> dict[str, bytes]:
    """Return the pages of an edition, whose tables show what holds a figure; the index names what they leave out."""
    edition = gathered_tables.gather_edition(whole)
    planned = _plan_pages(edition)
    content = {**_content(edition, whole, others, arrangement.chapters_on_front(edition)), "drawings": drawn}
    content["pages"] = {page.indicator.code: page for page in planned if page.indicator}
    bodies = {page.file: _body(page, planned, content) for page in planned}
    style = _style("".join(bodies.values()))
    return {file: _add_style(body, style).encode("utf-8") for file, body in bodies.items()}


def _plan_pages(edition: Edition) -> list[_Page]:
    front = arrangement.chapters_on_front(edition)
    return [
        _Page(FRONT, "front.html", edition.title),
        *(
            _Page(f"{chapter.id}.html", "chapter.html", chapter.title, chapter)
            for chapter in edition.chapters
            if chapter not in front
        ),
        *(
            _Page(
                arrangement.page_of(code),
                "indicator.html",
                f"{indicator_page.title} ({code})",
                indicator=indicator_page,
            )
            for code, indicator_page in indicator_pages(edition).items()
        ),
        _Page("search.html", "search.html", edition.labels["search_title"]),
    ]


def _drawings(edition: Edition, outline: Path | None) -> dict[str, _Drawing]:
    return {
        arrangement.drawing_id(block): _draw_block(block, edition, outline) for block in arrangement.drawings(edition)
    }


def unseen_texts() -> frozenset[str]:
    """Return the invisible texts of a site: its programs, the names of the answers."""
    return frozenset({*(program(template).strip() for template in _PROGRAMS), *ANSWERS})


def program(template: str) -> str:
    """Return the script of a page by its template; empty for one without a script."""
    name = _PROGRAMS.get(template)
    return (_TEMPLATES / "site" / name).read_text(encoding="utf-8") if name else ""


def _content(edition: Edition, whole: Edition, others: Others, front: Sequence[Chapter]) -> dict[str, Any]:
    places = {
        anchor: file
        for chapter in edition.chapters
        for anchor, file in arrangement.anchors(chapter, arrangement.file_of(chapter, front))
    }
    return {
        "edition": edition,
        "label": edition.labels,
        "others": others,
        "front": front,
        "answers": ANSWERS,
        "most_unfolded": _MOST_UNFOLDED,
        "index": [(chapter.title, arrangement.entries(chapter, places)) for chapter in whole.chapters],
        "questions": arrangement.question_entries(edition, places),
        "rows": arrangement.rows,
        "worded": arrangement.columns_of_words,
        "drawing_id": arrangement.drawing_id,
        "file_of": partial(arrangement.file_of, front=front),
        "link": partial(_link, places),
        "swatch": _swatch,
        "small_chart": cache(partial(_small_chart, edition)),
        "table_class": _table_class,
        "of_years": _is_of_years,
        "page_language": edition.language,
        "page_direction": edition.direction,
        "style": _STYLE,
    }


def _body(page: _Page, pages: Sequence[_Page], content: Mapping[str, Any]) -> str:
    neighbours = [other for other in pages if (other.indicator is None) == (page.indicator is None)]
    place = neighbours.index(page)
    around = {
        "previous": neighbours[place - 1] if place > 0 else None,
        "next": neighbours[place + 1] if place + 1 < len(neighbours) else None,
    }
    script = program(page.template)
    programs = [page_policy.source_of(script)] if script else []
    policy = Markup(page_policy.policy(_STYLE_HASH, programs, has_fonts=True))  # noqa: S704 - our own words
    environment = html_page.environment(_TEMPLATES / "site")
    environment.filters["voiced"] = _voice_english
    return environment.get_template(page.template).render(
        {**content, **around, "page": page, "policy": policy, "program": Markup(script)}  # noqa: S704 - our own file
    )


def _voice_english(text: str) -> str:
    """Return a text in which English passages (a reason, a citation) are marked as English for screen readers."""
    if _ISOLATE not in text:
        return text
    return Markup(_ENGLISH.sub(r'<bdi lang="en" dir="ltr">\1</bdi>', str(escape(text))))  # noqa: S704 - it is escaped


def _link(places: Mapping[str, str], anchor: str, file: str) -> str:
    """Return the address of an anchor as seen from a page."""
    target = places.get(anchor, file)
    return f"#{anchor}" if target == file else f"{target}#{anchor}"


def _draw_block(block: DrawnBlock, edition: Edition, outline: Path | None) -> _Drawing:
    wide, narrow = (
        chart_files.draw_block(block, edition, *size, outline) for size in (chart_files.WIDE, chart_files.NARROW)
    )
    return _Drawing(block, Markup(wide), Markup(narrow))  # noqa: S704 - our SVG; its texts are escaped in it


def _swatch(block: ChartBlock, number: int) -> Markup:
    return Markup(charts.swatch(block.shape, number))  # noqa: S704 - our own SVG, without text


def _small_chart(edition: Edition, answer: AnsweredQuestion) -> Markup:
    if answer.chart is None:
        return Markup()
    highest = 1.0 if answer.chart.unit == "share" else 0.0
    name = re.sub(r"[^a-z0-9-]", "-", f"small-{answer.key}".lower())
    drawn = small_charts.draw(answer.chart, edition, name, highest=highest)
    return Markup(drawn)  # noqa: S704 - our SVG; its texts are escaped in it


def _table_class(table: TableBlock) -> str:
    """Return the width class of a table: many years share the width evenly, many names take what each needs."""
    if len(table.columns) < _FULL_FROM:
        return ""
    return "full" if _is_of_years(table) else "full named"


def _is_of_years(table: TableBlock) -> bool:
    return bool(table.columns) and table.columns[0].code[:4].isdigit()


def _style(text: str) -> str:
    """Return the style sheet with the fonts subset to the letters of the site; the same on every page."""
    faces = "".join(fonts.font_face(text, weight) for weight in fonts.WEIGHTS)
    return faces + (_TEMPLATES / "site.css").read_text(encoding="utf-8")


def _add_style(body: str, style: str) -> str:
    return body.replace(_STYLE, style, 1).replace(_STYLE_HASH, page_policy.source_of(style), 1)
