"""The index of an edition: categories by their names, and questions as readers ask them."""

from __future__ import annotations

from reports.editions.arrangement import categories, entries, question_entries
from reports.editions.edition import Chapter, Edition, IndexedQuestion, RowGroup, TableBlock, TableColumn, TableRow
from reports.editions.printed_parts import PrintedFigure
from tests.reports.invented_editions import invented

FIVE = PrintedFigure(text="5", value=5.0)


def _table(labels: list[str], columns: list[TableColumn], *, total: str = "", earlier: str = "") -> TableBlock:
    rows = tuple(
        TableRow(label=label, cells=(FIVE,) * len(columns), is_total=label == total)
        for label in [*labels, total]
        if label
    )
    return TableBlock(
        id="t", caption="T", unit="", row_heading="", columns=tuple(columns), groups=(RowGroup(heading="", rows=rows),),
        earlier=earlier,
    )  # fmt: skip


YEARS = [TableColumn(text="2024", code="2024"), TableColumn(text="2025", code="2025")]
FORMS = [TableColumn(text="Organ removal", code="ORGAN"), TableColumn(text="Total", code="_T", is_total=True)]


def test_categories_are_the_rows_or_the_columns_beside_a_total_each_once():
    rows = _table(["no judge's order", "age", "Female · Under 18"], YEARS, total="Total")
    section = Chapter(id="s", title="S", code="PRT-11", blocks=(rows, rows, _table(["Baghdad"], FORMS, total="Iraq")))
    assert categories(section) == ("no judge's order", "age", "Organ removal")


def test_measures_years_and_earlier_tables_are_no_categories():
    section = Chapter(
        id="s", title="S", code="PRT-11",
        blocks=(_table(["Part", "Share"], YEARS), _table(["age"], YEARS, total="Total", earlier="2020")),
    )  # fmt: skip
    assert categories(section) == ()


def _asked(edition: Edition, *questions: tuple[str, str, str]) -> Edition:
    told = tuple(IndexedQuestion(key=key, text=text, code=code) for key, text, code in questions)
    return edition.model_copy(update={"questions": told})


def test_a_question_leads_to_its_section_else_to_the_page_of_its_indicator():
    edition = _asked(invented(), ("who_is_found", "Who is found?", "PRT-01"), ("is_it", "Is it?", "PRT-99"))
    assert [entry.target for entry in question_entries(edition, {})] == ["PRT-01.html"]
    places = {"law-28-who-is-found": "law-28.html"}
    assert [entry.target for entry in question_entries(edition, places)] == ["law-28.html#law-28-who-is-found"]


def test_a_question_that_is_a_title_is_not_indexed_twice():
    edition = invented()
    title = edition.chapters[0].title
    assert question_entries(_asked(edition, ("key", title, "PRT-01")), {}) == []


def test_a_table_that_a_page_leaves_out_is_not_in_the_index_but_its_categories_are():
    section = Chapter(id="s", title="S", code="PRT-11", blocks=(_table(["age"], YEARS, total="Total"),))
    index = entries(section, {"s": "PRT-11.html"})
    assert [(entry.text, entry.categories) for entry in index] == [("S", ("age",))]
