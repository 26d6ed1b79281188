"""The printed report: conformance as far as it can be checked here, tags for who listens, and texts that stay texts."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pikepdf
import pytest
from fontTools.ttLib import TTFont
from pdfua import validate
from pikepdf import Name

from languages.refusal import Refusal
from languages.words import Words
from reports.chapters import build_edition
from reports.editions.edition import (
    Banner,
    Block,
    Chapter,
    DefinedTerm,
    DrawnBlock,
    Edition,
    ItemList,
    Paragraph,
    RowGroup,
    TableBlock,
    TableColumn,
    TableRow,
    TermList,
)
from reports.editions.printed_parts import PrintedFigure
from reports.renderers import fonts, pdf, pdf_columns, tagging
from tests.reports.invented_editions import invented
from tests.reports.printed_text import glyphs, letters

HOSTILE = '#[x] $a$ *b* _c_ `d` <e> @f \\n // = + - / "q" ~ #panic() = Heading'
SORANI = "ئابپتجچحخدرڕزژسشعغفڤقکگلڵمنوۆهەیێ"
JOINING = "ئبپتجچحخسشعغفڤقکگلڵمنهیێ"  # those that join to the letter after them; ە, ا, د, ر, و and their kin do not


@pytest.fixture(scope="module", params=["en", "ar", "ckb"])
def printed(request: pytest.FixtureRequest) -> tuple[Edition, bytes]:
    edition = invented(request.param)
    if request.param == "ckb":
        edition = edition.model_copy(update={"title": f"ڕاپۆرت {SORANI}"})
    return edition, pdf.render(edition)


def _opened(document: bytes) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(document))


def _with(edition: Edition, *blocks: Block) -> Edition:
    chapter = Chapter(id="added", title="More", blocks=blocks)
    return edition.model_copy(update={"chapters": (*edition.chapters, chapter)})


def _table(columns_: int, *, groups: int = 1, rows: int = 3, heading: str = "20{:02}") -> TableBlock:
    cells = tuple(PrintedFigure(text="1,234", value=1234, mark="p" if place == 0 else "") for place in range(columns_))
    return TableBlock(
        id="added-table",
        caption="Added",
        unit="persons",
        row_heading="Place",
        columns=tuple(TableColumn(text=heading.format(place), code=str(place)) for place in range(columns_)),
        groups=tuple(
            RowGroup(
                heading=f"Measure {group}" if groups > 1 else "",
                rows=tuple(TableRow(label=f"Row {group} {row}", cells=cells) for row in range(rows)),
                alike=("[x] Nowhere",),
            )
            for group in range(groups)
        ),
    )


def _squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


def _elements(document: pikepdf.Pdf, kind: Name) -> list[pikepdf.Object]:
    found, waiting = [], [document.Root.StructTreeRoot]
    while waiting:
        element = waiting.pop()
        kids = element.get("/K")
        waiting += [
            kid
            for kid in (kids if isinstance(kids, pikepdf.Array) else [kids])
            if isinstance(kid, pikepdf.Dictionary) and "/S" in kid
        ]
        if element.get("/S") == kind:
            found.append(element)
    return found


def test_the_checker_of_accessible_pdf_finds_nothing(printed: tuple[Edition, bytes], tmp_path: Path) -> None:
    path = tmp_path / "report.pdf"
    path.write_bytes(printed[1])
    report = validate(path)
    assert [str(finding) for finding in report.findings] == []
    assert report.exit_code == 0
    skipped = {one.rule_id for one in report.outcomes if one.skipped_reason}
    assert skipped <= {"UA-14-001"}  # it breaks over headings of several parts: the next test asks what it would


def test_no_heading_is_empty(printed: tuple[Edition, bytes]) -> None:
    with _opened(printed[1]) as document:
        headings = [one for level in range(1, 7) for one in _elements(document, Name(f"/H{level}"))]
        assert len(headings) > len(list(printed[0].walk()))
        assert all(_marks_content(heading) for heading in headings)


def _marks_content(element: object) -> bool:
    if not isinstance(element, pikepdf.Dictionary):
        return isinstance(element, int)
    kids = element.get("/K")
    return (
        any(map(_marks_content, kids if isinstance(kids, pikepdf.Array) else [kids])) or element.get("/Type") == "/MCR"
    )


def test_the_file_says_which_standards_it_keeps_and_that_its_metadata_can_be_read(
    printed: tuple[Edition, bytes],
) -> None:
    with _opened(printed[1]) as document:
        with document.open_metadata() as metadata:
            assert (metadata["pdfuaid:part"], metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == (
                "1",
                "2",
                "A",
            )
        assert "/Filter" not in document.Root.Metadata
        assert document.Root.MarkInfo.Marked
        assert str(document.Root.Lang) == printed[0].language


def test_the_title_of_the_window_holds_no_characters_of_direction(printed: tuple[Edition, bytes]) -> None:
    with _opened(printed[1]) as document, document.open_metadata() as metadata:
        title = str(metadata["dc:title"])
    assert printed[0].title in title
    assert not set(title) & fonts.INVISIBLE


def test_every_font_is_ours_and_travels_in_the_file(printed: tuple[Edition, bytes]) -> None:
    names = set()
    with _opened(printed[1]) as document:
        for thing in document.objects:
            if isinstance(thing, pikepdf.Dictionary) and thing.get("/Type") == Name.FontDescriptor:
                assert {"/FontFile2", "/FontFile3"} & set(thing.keys())
                names.add(re.sub(r"^/[A-Z]{6}\+", "", str(thing.FontName)))
    assert names
    assert all(name.startswith(fonts.FAMILY.replace(" ", "")) for name in names), names


def test_pages_of_a_right_to_left_language_are_turned_from_the_right(printed: tuple[Edition, bytes]) -> None:
    with _opened(printed[1]) as document:
        direction = document.Root.ViewerPreferences.Direction
    assert direction == (Name.R2L if printed[0].direction == "rtl" else Name.L2R)


def test_bookmarks_are_the_chapters_and_their_sections(printed: tuple[Edition, bytes]) -> None:
    edition, document = printed
    with _opened(document) as opened, opened.open_outline() as outline:
        titles = [entry.title for entry in outline.root]
        below = [entry.title for root in outline.root for entry in root.children]
    assert titles == [edition.labels["contents"], *(chapter.title for chapter in edition.chapters)]
    sections = [section for chapter in edition.chapters for section in chapter.chapters]
    assert len(below) == len(sections) > 0
    assert all(title.startswith(section.title) for title, section in zip(below, sections, strict=True))
    assert not set("".join([*titles, *below])) & fonts.INVISIBLE


def test_every_chapter_is_a_place_that_a_link_can_name(printed: tuple[Edition, bytes]) -> None:
    with _opened(printed[1]) as document:
        named = set(pikepdf.NameTree(document.Root.Names.Dests).keys())
    assert {chapter.id for chapter in printed[0].walk()} <= named


def test_every_row_has_a_header_with_a_scope_that_its_figures_name(printed: tuple[Edition, bytes]) -> None:
    with _opened(printed[1]) as document:
        rows = [row for table in tagging.tables(document) for row in tagging.table_rows(table)]
        known = set(pikepdf.NameTree(document.Root.StructTreeRoot.IDTree).keys())
        bodies = [cells for section, cells in rows if section == Name.TBody and len(cells) > 1]
        assert len(bodies) == 3
        for heading, *figures in bodies:
            assert (heading.S, tagging.attribute(heading, "/Scope")) == (Name.TH, Name.Row)
            for figure in figures:
                headers = [str(name) for name in tagging.attribute(figure, "/Headers") or ()]
                assert str(heading.ID) in headers
                assert len(headers) == 2 and set(headers) <= known


def test_a_figure_under_a_measure_names_its_column_its_measure_and_its_row_and_no_other() -> None:
    edition = _with(invented("en"), _table(3, groups=2))
    with _opened(pdf.render(edition)) as document:
        table = max(tagging.tables(document), key=lambda found: len(list(tagging.table_rows(found))))
        rows = list(tagging.table_rows(table))
        columns_ = [str(cell.ID) for cell in rows[0][1]]
        measures = [cells[0] for _, cells in rows if len(cells) == 1 and cells[0].S == Name.TH]
        assert [list(tagging.attribute(cell, "/Headers") or ()) for cell in measures] == [[], []]
        last = [cells for section, cells in rows if section == Name.TBody and len(cells) > 1][-1]
        for column, figure in zip(columns_[1:], last[1:], strict=True):
            headers = [str(name) for name in tagging.attribute(figure, "/Headers") or ()]
            assert headers == [column, str(measures[1].ID), str(last[0].ID)]
        assert [cells[0].S for _, cells in rows if len(cells) == 1].count(Name.TD) == 2  # what is alike heads nothing


def test_a_drawing_is_told_with_its_numbers_to_those_who_do_not_see_it(printed: tuple[Edition, bytes]) -> None:
    edition, document = printed
    with _opened(document) as opened:
        told = {str(element.get("/Alt", "")) for element in _elements(opened, Name.Figure)}
    drawn = [
        block.alternative for chapter in edition.walk() for block in chapter.blocks if isinstance(block, DrawnBlock)
    ]
    assert told == set(drawn)
    assert any(number in text for text in told for number in ("1,280", "١٬٢٨٠"))


def test_the_same_edition_gives_the_same_bytes(printed: tuple[Edition, bytes]) -> None:
    assert pdf.render(printed[0]) == printed[1]


def test_pages_are_numbered_in_the_digits_of_the_language(printed: tuple[Edition, bytes]) -> None:
    edition, document = printed
    page = edition.labels["page"]
    turned = page[::-1]  # letters come as they are drawn
    drawn = f"{page}2" if edition.direction == "ltr" else f"{turned}٢"
    assert drawn in letters(document)


def test_text_that_looks_like_markup_is_printed_as_it_stands() -> None:
    terms = TermList(
        entries=(DefinedTerm(term=HOSTILE, text=HOSTILE), DefinedTerm(term="b", text=HOSTILE, machine=True))
    )
    texts = (
        Paragraph(text=HOSTILE),
        Paragraph(text=HOSTILE, tone="prose"),
        ItemList(label="i", texts=(HOSTILE,)),
        terms,
    )
    table = _table(2).model_copy(update={"caption": HOSTILE, "notes": (HOSTILE,), "row_heading": HOSTILE[:20]})
    edition = _with(invented("en"), *texts, table).model_copy(update={"title": HOSTILE, "footer": HOSTILE})
    assert letters(pdf.render(edition)).count(_squeezed(HOSTILE)) >= 8


def test_a_word_without_an_end_stays_on_the_page_and_is_copied_whole() -> None:
    digest, endless = "0123456789abcdef" * 8, "ئێ" * 120
    edition = _with(
        invented("en"), Paragraph(text=endless), TermList(entries=(DefinedTerm(term="h", text=digest, machine=True),))
    )
    text = letters(pdf.render(edition))
    assert digest in text
    assert text.count("ێ") == 120


def test_english_in_an_arabic_sentence_is_told_as_english() -> None:
    def spoken(text: str) -> list[str]:
        with _opened(pdf.render(_with(invented("ar"), ItemList(label="المصادر", texts=(text,))))) as document:
            marked = [
                operands[1]
                for page in document.pages
                for operands, operator in pikepdf.parse_content_stream(page)
                if str(operator) == "BDC" and isinstance(operands[1], pikepdf.Dictionary)
            ]
            return [str(one.Lang) for one in marked if "/Lang" in one]

    reason = "السبب: \u2068{}\u2069، هنا"
    plain = spoken(reason.format("ملف محسوب مرتين"))
    assert spoken(reason.format("one file was counted twice")) == [*plain, "en"]
    assert spoken(reason.format("000001-0123456789ab")) == plain


def test_more_notices_than_the_head_of_a_page_holds_are_told_there_in_one_line() -> None:
    edition = invented("en")
    notice = Banner(
        kind="withdrawn", text="One version was withdrawn. Reason: one file of one body was counted twice. " * 2
    )
    one, four = (edition.model_copy(update={"banners": (*edition.banners, *[notice] * times)}) for times in (1, 4))
    said = _squeezed(edition.labels["withdrawn_print"])
    reason = "onefileofonebodywascountedtwice"
    told = letters(pdf.render(one))
    assert said not in told and told.count(reason) > 2  # the cover, and the head of every page
    assert letters(pdf.render(four)).count(reason) == 4 * 2  # the cover alone
    assert letters(pdf.render(four)).count(said) == told.count(reason) // 2 - 1


def test_a_letter_that_the_font_lacks_is_refused_with_its_place_and_name() -> None:
    edition = _with(invented("en"), Paragraph(text="A word in another script: 漢"))
    with pytest.raises(Refusal) as refused:
        pdf.render(edition)
    assert (refused.value.code, refused.value.where) == ("print_lacks_letters", "added")
    for tag in ("en", "ar", "ckb"):
        told = Words.load(tag).text("refusal.print_lacks_letters", where="added", **refused.value.arguments)
        assert "漢" in told and "U+6F22" in told


def test_the_font_has_every_letter_of_sorani_and_joins_those_that_join() -> None:
    assert fonts.lacking_letters(SORANI) == frozenset()
    for weight in ("Regular", "SemiBold"):
        font = TTFont(fonts.folder() / f"IBMPlexSansArabic-{weight}.ttf")
        glyphs, forms = font.getBestCmap(), _forms(font)
        assert [letter for letter in SORANI if glyphs[ord(letter)] not in forms["fina"]] == []
        for form in ("init", "medi"):
            assert [letter for letter in JOINING if glyphs[ord(letter)] not in forms[form]] == [], form


def _forms(font: TTFont) -> dict[str, set[str]]:
    """Glyphs that the font exchanges for a joined form, by feature."""
    table = font["GSUB"].table
    found: dict[str, set[str]] = {}
    for record in table.FeatureList.FeatureRecord:
        for index in record.Feature.LookupListIndex:
            for part in table.LookupList.Lookup[index].SubTable:
                single = getattr(part, "ExtSubTable", part)
                found.setdefault(record.FeatureTag, set()).update(getattr(single, "mapping", {}))
    return found


def test_no_letter_of_a_page_is_a_box(printed: tuple[Edition, bytes]) -> None:
    drawn = set(glyphs(printed[1]))
    assert len(drawn) > 50
    assert 0 not in drawn


def test_a_table_of_an_earlier_year_is_not_printed_and_the_report_says_where_it_is() -> None:
    edition = invented("en")
    earlier = _table(2).model_copy(update={"earlier": "2019", "caption": "Folded away"})
    text = letters(pdf.render(_with(edition, _table(2), earlier)))
    assert "Foldedaway" not in text
    assert _squeezed(edition.labels["earlier_print"]) in text


def test_a_table_of_eleven_years_stands_on_one_page_wide_and_one_of_many_names_is_divided() -> None:
    (years,) = pdf_columns.parts(_table(11))
    assert sum(years["widths"]) <= pdf_columns.TEXT_WIDTH
    named = pdf_columns.parts(_table(20, heading="Transportation {:02}"))
    assert [place for part in named for place in part["columns"]] == list(range(20))
    assert len(named) > 1
    assert all(sum(part["widths"]) <= pdf_columns.TEXT_WIDTH + 0.5 for part in named)
    assert [len(part["widths"]) for part in named] == [len(part["columns"]) + 1 for part in named]


def test_the_parts_of_a_divided_table_have_one_number() -> None:
    wide = _table(20, heading="Transportation {:02}")
    after = _table(2).model_copy(update={"id": "after", "caption": "After"})
    text = letters(pdf.render(_with(invented("en"), wide, after)))
    assert text.count("Table2.Added") == len(pdf_columns.parts(wide))
    assert "Table3.After" in text


def test_a_table_named_as_its_heading_says_it_once_and_keeps_its_number(tmp_path: Path) -> None:
    edition = invented("en")
    table = _table(2).model_copy(update={"caption": "Zq heading", "unit": ""})
    named = Chapter(id="added", title="Zq heading", blocks=(table,))
    other = named.model_copy(update={"title": "Yq heading"})
    once, twice = (
        pdf.render(edition.model_copy(update={"chapters": (*edition.chapters, one)})) for one in (named, other)
    )
    assert letters(twice).count("Table2.Zqheading") == 1
    assert "Table2" in letters(once) and "Table2." not in letters(once)
    (tmp_path / "once.pdf").write_bytes(once)
    assert [str(finding) for finding in validate(tmp_path / "once.pdf").findings] == []


def test_a_section_without_blocks_and_a_table_without_a_unit_are_printed() -> None:
    table = _table(2).model_copy(update={"unit": ""})
    edition = _with(invented("en"), table)
    holder = Chapter(id="holder", title="Holder", chapters=edition.chapters[-1:])
    text = letters(pdf.render(edition.model_copy(update={"chapters": (edition.chapters[0], holder)})))
    assert "Holder" in text
    assert "Table1.AddedPlace" in text


@pytest.mark.parametrize("tag", ["en", "ar", "ckb"])
def test_the_catalogue_has_every_word_that_is_printed_around_the_blocks(tag: str) -> None:
    assert set(pdf.LABELS) <= set(build_edition.labels(Words.load(tag)))


def test_a_column_with_a_mark_beside_a_figure_keeps_room_for_it() -> None:
    (part,) = pdf_columns.parts(_table(3))
    assert part["slots"][0] > 0
    assert part["slots"][1:] == [0, 0]


def test_a_table_all_of_whose_rows_hold_one_mark_throughout_is_printed_too() -> None:
    (part,) = pdf_columns.parts(_table(3, rows=0))
    assert part["slots"] == [0, 0, 0]


def test_a_mark_is_a_word_in_print_and_the_page_says_what_it_means() -> None:
    edition = invented("en")
    sections = [_without_drawings(chapter) for chapter in edition.chapters]  # a drawing has a key of its own
    with _opened(pdf.render(edition.model_copy(update={"chapters": tuple(sections)}))) as document:
        pages = [_page_letters(document, number) for number in range(len(document.pages))]
    (page,) = [text for text in pages if "Presumedvictims,bysexandyear" in text]
    table = page.partition("Howtoread")[0].replace("[x]Notknown", "")  # a line that the edition has gathered itself
    for mark in ("c", "x", "low", "p"):
        assert _squeezed(edition.labels[f"mark_{mark}"]) in table
        assert _squeezed(edition.labels[f"explain_{mark}"]) in page
        assert f"[{mark}]" not in table
    assert "withheld[c]" in page
    assert _squeezed(edition.labels["explain_x"]) not in pages[0]


def _without_drawings(chapter: Chapter) -> Chapter:
    blocks = tuple(block for block in chapter.blocks if not isinstance(block, DrawnBlock))
    below = tuple(_without_drawings(section) for section in chapter.chapters)
    return chapter.model_copy(update={"blocks": blocks, "chapters": below})


def _page_letters(document: pikepdf.Pdf, number: int) -> str:
    alone = pikepdf.new()
    alone.pages.append(document.pages[number])
    stream = io.BytesIO()
    alone.save(stream)
    return letters(stream.getvalue())


def test_a_chart_is_not_drawn_beside_the_table_of_its_figures_but_what_its_notes_say_is_printed() -> None:
    edition = invented("en")
    (protection,) = [chapter for chapter in edition.chapters if chapter.id == "protection"]
    chart = next(block for block in protection.blocks if block.kind == "chart")
    (table,) = [block for block in protection.chapters[0].blocks if block.kind == "table"]
    alone = letters(pdf.render(_with(edition.model_copy(update={"chapters": ()}), chart)))
    both = letters(pdf.render(_with(edition.model_copy(update={"chapters": ()}), chart, table)))
    assert "Figure1" in alone and "Figure1" not in both
    assert all(_squeezed(note) in text for note in chart.notes for text in (alone, both))
