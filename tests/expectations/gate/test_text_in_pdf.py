"""What a PDF says unseen is told: each place is seen succeeding on a file that is clean without it."""

from __future__ import annotations

import io
from collections.abc import Callable

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Pdf, String

from expectations.gate.text_in_files import file_texts, hidden_places


def _remark(subtype: Name, **entries: pikepdf.Object) -> Dictionary:
    return Dictionary(Type=Name.Annot, Subtype=subtype, Rect=Array([0, 0, 9, 9]), **entries)


def _written(change: Callable[[Pdf], None] | None = None) -> bytes:
    with Pdf.new() as pdf:
        pdf.add_blank_page()
        if change:
            change(pdf)
        sink = io.BytesIO()
        pdf.save(sink)
        return sink.getvalue()


def _attached(pdf: Pdf) -> None:
    pdf.attachments["rows.csv"] = b"7"


def _noted(pdf: Pdf) -> None:
    pdf.pages[0].obj.Annots = Array([_remark(Name.Text, Contents=String("7"))])


def _linked(pdf: Pdf) -> None:
    action = Dictionary(S=Name.URI, URI=String("https://example.org/7"))
    pdf.pages[0].obj.Annots = Array([_remark(Name.Link, A=action)])


def _described(pdf: Pdf) -> None:
    pdf.docinfo["/Keywords"] = String("7")


def _invisible(pdf: Pdf) -> None:
    pdf.pages[0].obj.Contents = pdf.make_stream(b"BT 3 Tr (7) Tj ET")


def _run(pdf: Pdf) -> None:
    pdf.Root.OpenAction = Dictionary(S=Name.JavaScript, JS=String("7"))


@pytest.mark.parametrize("change", [_attached, _noted, _linked, _described, _invisible, _run])
def test_a_place_that_no_reader_sees_is_told(change: Callable[[Pdf], None]):
    assert hidden_places({"report.pdf": _written()}) == []
    assert hidden_places({"report.pdf": _written(change)}) != []


def test_what_a_link_inside_the_file_says_aloud_is_read_and_hides_nothing():
    def change(pdf: Pdf) -> None:
        pdf.pages[0].obj.Annots = Array([_remark(Name.Link, Contents=String("see table 7"))])

    data = _written(change)
    assert hidden_places({"report.pdf": data}) == []
    assert [one.text for one in file_texts("report.pdf", data)] == ["see table 7"]


@pytest.mark.parametrize(
    ("letters", "is_told"),
    [
        (b"3 Tr", True),
        (b"BT\n3\r\n Tr(7) Tj ET", True),
        (b"BT 13 Tr 3 Tr (7) Tj ET", True),
        (b"BT 13 Tr (7) Tj ET", False),
        (b"BT .3 Tr (7) Tj ET", False),
        (b"BT 0 Tr 3 Trx ET", False),
    ],
)
def test_letters_are_invisible_by_their_rendering_alone(letters: bytes, is_told: bool):
    def change(pdf: Pdf) -> None:
        pdf.pages[0].obj.Contents = pdf.make_stream(letters)

    assert (hidden_places({"report.pdf": _written(change)}) != []) is is_told


@pytest.mark.parametrize("data", [b"", b"no PDF at all"])
def test_bytes_that_are_no_pdf_are_told_as_unreadable(data: bytes):
    assert hidden_places({"report.pdf": data}) == [("report.pdf", "unreadable")]
