"""The edition: one report in one language, as typed data that every renderer prints without adding a number.

Belongs here: the schema of blocks, chapters and the story (figures and pictures: `printed_parts.py`). Texts are
finished (words, digits, isolates); a figure carries its released value beside its printed text, so that a workbook
holds numbers and a page holds words of the same cell.
Does not belong here: what stands in which chapter (`chapters/`), or how it looks (`site.py`, `pdf.py`, `workbook.py`,
`explorer_page.py`). A renderer imports this module, never `report_model.py`: what is not in an edition cannot be
printed.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field

from reports.editions.answered import AnswerChapter, AnsweredQuestion
from reports.editions.edition_part import EditionPart
from reports.editions.law_monitor import LawMonitor
from reports.editions.printed_parts import PictureBlock, PrintedFigure
from reports.editions.summary import Summary


class Paragraph(EditionPart):
    """A paragraph; `prose` was written by an editor, `lead` opens a chapter, `note` is small print."""

    kind: Literal["paragraph"] = "paragraph"
    text: str
    tone: Literal["text", "lead", "note", "prose"] = "text"


class ItemList(EditionPart):
    """A list of sentences under a label that is read aloud, and printed if `is_titled`."""

    kind: Literal["items"] = "items"
    label: str
    texts: tuple[str, ...]
    is_titled: bool = False


class DefinedTerm(EditionPart):
    """A term and its text; a `machine` text (a version, a hash, an address) is set left to right."""

    term: str
    text: str
    machine: bool = False


class TermList(EditionPart):
    """Terms with their texts: marks, definitions, sources of figures."""

    kind: Literal["terms"] = "terms"
    entries: tuple[DefinedTerm, ...]


class ResultLine(EditionPart):
    """One key result: the figure in large type, its sentence, and how exact it is."""

    figure: str
    sentence: str
    note: str = ""


class ResultList(EditionPart):
    """Key results in reading order."""

    kind: Literal["results"] = "results"
    lines: tuple[ResultLine, ...]


class TableColumn(EditionPart):
    """A column of a table; its code is used in machine-readable files.

    Attributes:
        why: why a figure is missing in it: `not_sent`, `not_held` or `not_due`; empty if that differs or is not known.
    """

    text: str
    code: str
    is_total: bool = False
    why: str = ""


class TableRow(EditionPart):
    """A row: its label, the code of its indicator (empty: none), and one figure for each column."""

    label: str
    cells: tuple[PrintedFigure, ...]
    is_total: bool = False
    code: str = ""


class RowGroup(EditionPart):
    """Rows under a heading (`code`: of its indicator); `alike` tells of rows that a print or page has gathered."""

    heading: str
    rows: tuple[TableRow, ...]
    alike: tuple[str, ...] = ()
    code: str = ""


class TableBlock(EditionPart):
    """A table. `earlier` is the label of an earlier year that a page collapses; empty for a visible table.

    Attributes:
        id: the same in every language and format.
        unit: what is counted, in words.
        row_heading: the heading over the row labels.
        sheet: the short name of its sheet in a workbook, behind the code of its section; its heading if empty.
    """

    kind: Literal["table"] = "table"
    id: str
    caption: str
    unit: str
    row_heading: str
    columns: tuple[TableColumn, ...]
    groups: tuple[RowGroup, ...]
    notes: tuple[str, ...] = ()
    earlier: str = ""
    sheet: str = ""


class ChartSeries(EditionPart):
    """One series of a chart: a figure for each year; `broken_before` are the years before which the series breaks."""

    name: str
    figures: tuple[PrintedFigure, ...]
    broken_before: tuple[str, ...] = ()


class ChartBlock(EditionPart):
    """A chart: one or two series over years; in a bar chart the second stands inside the first.

    In a `forecast` the first series is what is expected, drawn around what has arrived.

    Attributes:
        id: the same in every language and format; its files have this name.
        years: codes of the years (`2024`).
        year_labels: as printed.
        alternative: the text for readers who cannot see it, with the numbers.
        table: id of the table that holds its figures.
        notes: text below it: the trend of its first series, in words.
    """

    kind: Literal["chart"] = "chart"
    id: str
    shape: Literal["line", "bar", "forecast"]
    title: str
    alternative: str
    years: tuple[str, ...]
    year_labels: tuple[str, ...]
    series: tuple[ChartSeries, ...]
    table: str
    notes: tuple[str, ...] = ()


class MapPlace(EditionPart):
    """One governorate of a map: its code (`IQG08`), its name, its figure, and its class (-1: no figure)."""

    code: str
    name: str
    figure: PrintedFigure
    level: int
    is_provisional: bool = False


class MapBlock(EditionPart):
    """A map of governorates; its classes are fixed for an indicator and made only from published figures.

    Attributes:
        levels: the label of each class, lowest first.
        few: what a place says in place of a figure that rounds to zero, in words of the language; empty if none can.
        disclaimer: on boundaries and names.
    """

    kind: Literal["map"] = "map"
    id: str
    title: str
    alternative: str
    places: tuple[MapPlace, ...]
    levels: tuple[str, ...]
    few: str = ""
    notes: tuple[str, ...]
    disclaimer: str
    table: str


Block = Annotated[
    Paragraph | ItemList | TermList | ResultList | TableBlock | ChartBlock | MapBlock | PictureBlock,
    Field(discriminator="kind"),
]

DrawnBlock = ChartBlock | MapBlock | PictureBlock
"""Blocks that are drawn, each with its own files beside the page."""


class Chapter(EditionPart):
    """A chapter or a section of one: a title, its blocks, then its own sections.

    Attributes:
        id: the same in every language: a language switch leads to the same place.
        code: of the indicator of a section (`PRT-01`); empty for others.
        dataset: of such a section.
    """

    id: str
    title: str
    blocks: tuple[Block, ...] = ()
    chapters: tuple[Chapter, ...] = ()
    code: str = ""
    dataset: str = ""

    def walk(self) -> Iterator[Chapter]:
        """Yield the chapter and every section under it, in reading order."""
        yield self
        for below in self.chapters:
            yield from below.walk()


class Banner(EditionPart):
    """What a reader must know first: invented data, texts not reviewed, a withdrawal, one signature in place of two."""

    kind: Literal["invented", "review", "withdrawn", "signing"]
    text: str


class FrontPageAnswers(EditionPart):
    """The three questions that the front page answers."""

    found: str
    certainty: str
    silent: str


class ChildrenPart(EditionPart):
    """Children in the report: how many they are, their years, and the answers for them beside those for all."""

    texts: tuple[str, ...]
    chart: ChartBlock | None = None
    figures: TableBlock


class Story(EditionPart):
    """The argument of a report, made of answers: the content of the report and of the front page.

    Attributes:
        leading: the answers that come first.
        chapters: the questions of each demand and of the courts, with their answers.
        map: of presumed victims; `rate_map` stands beside it if there are rates.
        sure: how certain the figures are, a sentence each.
        silent: who did not report, a sentence each.
        reports: who reported when, a table for each region.
        quality: the quality report, a section for each heading of SIMS.
        terms: the words of the report, with their meanings.
        children: what is known of them; None if nothing is.
        regions: questions that figures of both regions answer, side by side; None if there are none.
        regions_text: what the table of regions shows, or why there is none.
    """

    year: str
    place: str
    leading: tuple[AnsweredQuestion, ...]
    chapters: tuple[AnswerChapter, ...]
    map: MapBlock | None
    rate_map: MapBlock | None = None
    sure: tuple[str, ...]
    silent: tuple[str, ...]
    reports: tuple[TableBlock, ...] = ()
    quality: tuple[DefinedTerm, ...]
    terms: tuple[DefinedTerm, ...] = ()
    children: ChildrenPart | None = None
    regions: TableBlock | None = None
    regions_text: str = ""


class IndexedQuestion(EditionPart):
    """A question as readers ask it: the key of its card, and the code of the indicator whose figure answers it."""

    key: str
    text: str
    code: str


class Edition(EditionPart):
    """One report in one language.

    Attributes:
        report: the number of the report, derived from `versions`.
        publisher: its name, in words.
        publisher_language: tag of the language of that name; empty if it is that of the edition.
        date: of publication, ISO; the last day of the last year without a calendar.
        contact: an address or office, in words; empty for none.
        contact_language: as for the publisher.
        story: its argument; None if the national dataset is not released.
        summary: its two pages; as the story.
        monitor: the duties of the law and their answers; None as for the story.
        datasets: the complete datasets, each by its name with its title: `../data/<name>.csv` and `.parquet`.
        versions: the released versions that it is made from, each by its dataset or estimate.
        cite: how the edition is cited, with its number.
        dates: when it was published and when the next one is due.
        profiles: the profile of each indicator, by its code: what is counted, out of whom, who holds it.
        questions: those that the report has a figure for.
        labels: words that renderers print around the blocks (contents, page, table, notes …), by key.
    """

    report: str
    language: str
    direction: Literal["ltr", "rtl"]
    numerals: Literal["latn", "arab"]
    title: str
    subtitle: str
    footer: str
    publisher: str
    publisher_language: str = ""
    date: str
    banners: tuple[Banner, ...]
    answers: FrontPageAnswers | None
    chapters: tuple[Chapter, ...]
    labels: dict[str, str]
    contact: str = ""
    contact_language: str = ""
    story: Story | None = None
    summary: Summary | None = None
    monitor: LawMonitor | None = None
    datasets: tuple[DefinedTerm, ...] = ()
    versions: tuple[DefinedTerm, ...] = ()
    cite: str = ""
    dates: tuple[DefinedTerm, ...] = ()
    profiles: tuple[Chapter, ...] = ()
    questions: tuple[IndexedQuestion, ...] = ()

    def is_own(self, language: str) -> bool:
        """Return whether a language is that of the edition; True also if no language is named."""
        return language in ("", self.language)

    def walk(self) -> Iterator[Chapter]:
        """Yield every chapter and section, in reading order."""
        for chapter in self.chapters:
            yield from chapter.walk()
