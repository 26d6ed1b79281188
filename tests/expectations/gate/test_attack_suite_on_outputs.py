"""The attacks by number, from 23 on: on files, on words, on what does not depend on hidden figures, and on ourselves.

1 to 22 are in `tests/methods/disclosure/attacks/test_attack_suite.py`; the mutations of 30 in `test_mutations.py`; the
outputs of a whole demo are attacked in `tests/end_to_end/test_attacks_on_releases.py`.
"""

from __future__ import annotations

import io
import shutil
import struct
import zipfile
import zlib
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from openpyxl import Workbook
from openpyxl.comments import Comment

from expectations.candidates import candidate
from expectations.cards.cells import KEY, csv_bytes, find_matches, parquet_bytes, read_parquet
from expectations.cards.note_languages import NoteLanguage
from expectations.gate import verdicts
from expectations.gate.text_in_files import Unreadable, file_texts, hidden_places
from expectations.protection import protect_datasets
from expectations.releases import release
from ingestion.home import Home, write_bytes
from languages.refusal import Refusal
from languages.words import Words
from reports.chapters.build_edition import edition
from reports.editors import editorial_inputs
from reports.publishing import issue_report
from reports.released import report_model
from tests.expectations import toy_home
from tests.expectations.gate.numbers_in_text import number_words_in, numbers_in, unresolved_numbers

NATIONAL, GOVERNORATE = "four_ps_national", "four_ps_governorate"


def _workbook(change: str) -> bytes:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.append(["governorate", "victims"])
    sheet.append(["Basra", 10])
    if change == "hidden sheet":
        other = book.create_sheet("true figures")
        other["A1"], other.sheet_state = 3, "veryHidden"
    elif change == "comment":
        sheet["B2"].comment = Comment("in truth 3", "clerk")
    elif change == "formula":
        sheet["B2"] = "=7+3"
    elif change == "hidden column":
        sheet["C2"] = 3
        sheet.column_dimensions["C"].hidden = True
    sink = io.BytesIO()
    book.save(sink)
    with zipfile.ZipFile(sink) as whole:  # without its properties, which are a hidden place of their own
        parts = {name: whole.read(name) for name in whole.namelist() if not name.startswith("docProps/")}
    return _zipped(parts | ({"docProps/core.xml": b"<p>3</p>"} if change == "properties" else {}))


def _zipped(parts: dict[str, bytes]) -> bytes:
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return sink.getvalue()


def _png(chunk: bytes, content: bytes, tail: bytes = b"") -> bytes:
    def packed(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = packed(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
    image = packed(b"IDAT", zlib.compress(b"\0\0"))
    text = packed(chunk, content) if chunk else b""
    return b"\x89PNG\r\n\x1a\n" + header + text + image + packed(b"IEND", b"") + tail


def _parquet(metadata: dict[bytes, bytes]) -> bytes:
    sink = io.BytesIO()
    pq.write_table(pa.table({"obs_value": [10.0]}).replace_schema_metadata(metadata), sink)
    return sink.getvalue()


HIDING = {
    "comment.html": b"<p>10</p><!-- 3 -->",
    "script.html": b"<p>10</p><script>var t=[3]</script>",
    "data.html": b'<td data-true="3">10</td>',
    "display.html": b'<p>10</p><p style="display: none">3</p>',
    "hidden.html": b"<p>10</p><p hidden>3</p>",
    "title.svg": b"<svg><rect height='12'><title>3</title></rect></svg>",
    "metadata.svg": b"<svg><metadata>3</metadata></svg>",
    "comment.md": b"10 persons\n<!-- 3 -->\n",
    "beside.csv": b"area,obs_value\nBasra,10,3\n",
    "schema.parquet": _parquet({b"pandas": b"3"}),
    "text.png": _png(b"tEXt", b"note\0true 3"),
    "packed.png": _png(b"zTXt", b"note\0\0" + zlib.compress(b"true 3")),
    "tail.png": _png(b"", b"", tail=b"3"),
    **{f"{change}.xlsx": _workbook(change) for change in
       ("hidden sheet", "comment", "formula", "hidden column", "properties")},
}  # fmt: skip
OPEN = {
    "page.html": b'<!DOCTYPE html><meta charset="utf-8"><title>T</title><style>p{}</style><p aria-label="10">10</p>',
    "chart.svg": b"<svg><text>10</text></svg>",
    "notes.md": b"10 persons\n",
    "cells.csv": b"area,obs_value\nBasra,10\n",
    "cells.json": b'{"obs_value": [10, null]}',
    "cells.parquet": _parquet({}),
    "chart.png": _png(b"", b""),
    "table.xlsx": _workbook(""),
}


@pytest.mark.parametrize("name", HIDING)
def test_attack_23_hidden_places_of_files(name: str):
    assert hidden_places({name: HIDING[name]})


@pytest.mark.parametrize("name", OPEN)
def test_attack_23_files_that_say_only_what_they_show(name: str):
    assert hidden_places({name: OPEN[name]}) == []
    is_picture = name.endswith(".png")
    assert is_picture or any("10" in numbers_in(one.text) for one in file_texts(name, OPEN[name]))


PARTS = [
    "<s><f>7+3</f></s>",
    "<s><f\n>7+3</f></s>",
    "<x:s xmlns:x='urn:x'><x:f t='shared'/></x:s>",
    "<é:s xmlns:é='urn:x'><é:f/></é:s>",
    "<s><row hidden='1'/></s>",
    "<s xmlns:x='urn:x'><row x:hidden='true'/></s>",
    "<s><sheet state='veryHidden'/></s>",
    "<s><c formula='7'/></s>",
    "<s><dataValidation/></s>",
    "<s><annotation>3</annotation></s>",
    "<s><definedName name='true'>3</definedName></s>",
    "<s><numFmt formatCode=';;;'/></s>",
]


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("coding", ["utf-8", "utf-16", "utf-8-sig", "iso-8859-1"])
def test_attack_23_a_hidden_place_of_a_sheet_is_found_in_any_spelling(part: str, coding: str):
    declared = "utf-8" if coding == "utf-8-sig" else coding
    for head in (f"<?xml version='1.0' encoding='{declared.upper()}'?>", ""):
        if head or coding != "iso-8859-1":  # without a head it would be read as UTF-8
            workbook = _zipped({"xl/worksheets/sheet1.xml": (head + part).encode(coding)})
            assert len(hidden_places({"a.xlsx": workbook})) == 1


@pytest.mark.parametrize(
    "part", ["<s>", "<s></s></s>", "", "<s>&other;</s>", "<!DOCTYPE s [<!ENTITY a '3'>]><s>&a;</s>"]
)
def test_attack_23_a_sheet_that_is_no_xml_is_told_as_unreadable(part: str):
    head = "<?xml version='1.0' encoding='UTF-8'?>"
    workbook = _zipped({"xl/worksheets/sheet1.xml": (head + part).encode()})
    assert hidden_places({"a.xlsx": workbook}) == [("a.xlsx", "unreadable")]


@pytest.mark.parametrize(("name", "data"), [("a.pdf", b"%PDF"), ("a.png", b"GIF89a"), ("a.json", b"{"), ("a", b"")])
def test_attack_23_what_cannot_be_read_is_told_and_never_passed_over(name: str, data: bytes):
    with pytest.raises(Unreadable):
        file_texts(name, data)
    assert hidden_places({name: data}) == [(name, "unreadable")]


def test_attack_23_released_files_hold_no_hidden_place(released: Home):
    for folder in (path for path in released.releases.glob("*/*") if path.is_dir()):
        files = {path.name: path.read_bytes() for path in folder.iterdir()}
        assert len(files) >= 7
        assert hidden_places(files) == []


def test_attack_23_a_release_with_a_hidden_place_is_refused_and_leaves_nothing(examined: Home):
    speaker = NoteLanguage("en", lambda key, **_: f"{key} <!-- in truth 3 -->")
    with pytest.raises(Refusal) as refused:
        release.publish(examined, NATIONAL, [speaker])
    assert (refused.value.code, refused.value.where) == ("output_hides", "notes.en.md")
    assert "3" not in str(refused.value.arguments)
    assert list(examined.releases.glob("*/*")) == []


SENTENCES = {
    "en": ("Of the 35 victims, two were boys; 3 more waited.", ["2", "3"]),
    "ar": ("من بين ٣٥ ضحية كان اثنان صبيين، وانتظرت ٣ أخريات.", ["2", "3"]),
    "ckb": ("لە ٣٥ قوربانی دوو کوڕ بوون؛ ٣ی تر چاوەڕێ بوون", ["2", "3"]),
}


@pytest.mark.parametrize("tag", SENTENCES)
def test_attack_24_numbers_and_number_words_of_narratives(tag: str):
    text, expected = SENTENCES[tag]
    words = Words.load(tag)
    assert set(expected) <= {*numbers_in(text), *map(str, number_words_in(text, tag))}
    assert sorted(unresolved_numbers([text], words, {"35"})) == expected
    key, allowed = "edition.answer.silent.bodies", {"35", "2024"}
    assert unresolved_numbers([words.text(key, year="2024", bodies="", count=35)], words, allowed) == []
    assert unresolved_numbers([words.text(key, year="2024", bodies="", count=3)], words, allowed) == ["3"]


def test_attack_24_dual_forms_and_joined_letters_are_numbers_and_codes_are_not():
    assert number_words_in("وضحيتان", "ar") == [2]
    assert numbers_in("PRT-01 of 2024: 1,415 (47%, 0.285), CC-BY-4.0, 28/2012, IQG02") == [
        "2024",
        "1415",
        "47%",
        "0.285",
    ]
    assert numbers_in("١٬٤١٥ و٤٧٪") == ["1415", "47%"]
    assert numbers_in("(67%; 66–69% by rounding), 42–50") == ["67%", "66%", "69%", "42", "50"]


def test_attack_24_a_fixed_text_takes_no_digit_out_of_a_number():
    words = Words.load("en")
    fixed = words.text("figure.low", most=4)
    assert fixed == "0 to 4"
    assert unresolved_numbers([fixed], words, {"4"}) == []
    assert unresolved_numbers(["2020 to 4"], words, {"4"}) == ["2020"]


def _public(home: Home) -> dict[str, bytes]:
    """Every byte that is public, by place; hashes of the folder's own files stand in its name and manifest."""
    folders = [path for path in sorted(home.releases.glob("*/*")) if path.is_dir()]
    return {f"{path.parent.parent.name}/{path.parent.name}/{path.name}": path.read_bytes()
            for folder in folders for path in sorted(folder.iterdir())}  # fmt: skip


def _report(home: Home) -> dict[str, bytes]:
    """Every file of the report of a home, in one language."""
    report = report_model.load(home)
    matter = editorial_inputs.read_inputs(home, report)
    return issue_report.files(report, edition(report, Words.load("ckb"), matter), matter)


_KINDS = {"html", "json", "svg", "png", "csv", "pdf", "xlsx", "pptx"}


def _with_late_cases(home: Home, late: int, **codes: str) -> Home:
    country = toy_home.Country()
    country.add(late, **codes)
    country.add(15, year="2024", sex="F", age="Y_GE18", form="SEXUAL")
    toy_home.build(home, country)
    toy_home.publish(home)
    return home


@pytest.mark.whole_home
def test_attack_25_public_bytes_do_not_depend_on_hidden_figures(released: Home, tmp_path: Path):
    """A held year: 3 late women in one place, or 9 late men in another; nobody outside can tell which."""
    other = Home(tmp_path / "other")
    shutil.copytree(released.root, other.root)
    homes = (_with_late_cases(released, 3, sex="F", age="Y_GE18", form="SEXUAL"),
             _with_late_cases(other, 9, leaf="IQG02", sex="M", age="Y0T17", form="BEGGING"))  # fmt: skip
    true = [candidate.read_cells(home, NATIONAL) for home in homes]
    one, two = map(_public, homes)
    assert not true[0].equals(true[1])
    assert one == two
    assert len(one) >= 28
    one, two = map(_report, homes)
    assert {name.rpartition(".")[2] for name in one} == _KINDS
    assert one == two


def test_attack_25_an_order_by_value_would_tell_and_is_refused(protected: Home):
    frame = read_parquet(protect_datasets.final_bytes(protected, NATIONAL)["data.parquet"])
    _plant(protected, NATIONAL, frame.sort_values("obs_value", kind="stable").reset_index(drop=True))
    assert "rows_follow_codes" in {rule.id for rule in verdicts.examine(protected, NATIONAL).broken}


def test_attack_26_three_languages_that_print_different_figures():
    said = {"en": "1,415 persons in 2024", "ar": "١٬٤١٥ شخصاً في ٢٠٢٤", "ckb": "٢٠٢٤: ١٬٤٢٠ کەس"}
    figures = {tag: sorted(numbers_in(text)) for tag, text in said.items()}
    assert figures["en"] == figures["ar"] == ["1415", "2024"]
    assert figures["ckb"] != figures["en"]


def _plant(home: Home, dataset: str, frame: pd.DataFrame) -> None:
    folder = home.candidates / dataset / "final"
    write_bytes(folder / "data.parquet", parquet_bytes(frame))
    write_bytes(folder / "data.csv", csv_bytes(frame))


def test_attack_27_a_refusal_does_not_tell_a_small_cell_from_an_empty_one(empty_home: Home):
    country = toy_home.Country()
    for key in country.victims:
        if key[:2] == ("IQG02", "2023") and "BEGGING" in key:
            country.victims[key] = 0
    toy_home.build(empty_home, country)
    true = candidate.read_cells(empty_home, GOVERNORATE)
    true = true[(true["indicator"] == "PRT-01") & (true["ref_area"] == "IQG02") & (true["obs_value"] < 5)]
    frame = read_parquet(protect_datasets.final_bytes(empty_home, GOVERNORATE)["data.parquet"])
    said: list[list[tuple[str, str]]] = []
    for wanted in (true["obs_value"] == 0, true["obs_value"] > 0):
        place = find_matches(frame, {name: true[wanted].iloc[0][name] for name in KEY})
        _plant(empty_home, GOVERNORATE, frame.assign(obs_value=frame["obs_value"].mask(place, 1.0)))
        refusals = verdicts.examine(empty_home, GOVERNORATE).refusals
        said.append([(one.code, str(one.arguments)) for one in refusals if one.arguments["rule"] == "rounded_to_base"])
    assert said[0] == said[1] != []
