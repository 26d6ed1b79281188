"""Cards of sources, shapes and code lists: a card that contradicts itself is refused."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from ingestion.cards import source_card
from ingestion.text.folding import fold
from languages.refusal import Refusal


@pytest.fixture
def copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """The cards in a folder of their own, where a test may change them."""
    folder = tmp_path / "ingestion"
    for part in ("shapes", "sources", "codes"):
        shutil.copytree(source_card.FOLDER / part, folder / part)
    monkeypatch.setattr(source_card, "FOLDER", folder)
    return folder


def change(path: Path, old: str, new: str):
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


@pytest.mark.parametrize("name", source_card.source_names())
def test_every_source_has_a_valid_card_and_a_folder_of_its_name(name: str):
    source = source_card.load_source(name)
    assert source.name == name
    assert source.agreement.licence
    assert all(table.period_field in table.columns.values() for table in source.tables.values())


def test_a_required_header_is_one_that_the_shape_or_the_table_or_the_period_needs():
    table = source_card.load_source("iraq_labour_ministry").tables["facilities"]
    assert table.required_headers == ["رمز الدار", "نوع الدار", "المحافظة", "السنة"]


def test_an_unknown_source_is_refused_with_the_nearest_known_one():
    with pytest.raises(Refusal) as refused:
        source_card.load_source("iraq_interior_minstry")
    assert (refused.value.code, refused.value.arguments["nearest"]) == ("unknown_source", "iraq_interior_ministry")


def test_an_unknown_shape_is_refused_with_the_nearest_known_one():
    with pytest.raises(Refusal) as refused:
        source_card.load_shape("victim")
    assert (refused.value.code, refused.value.arguments["nearest"]) == ("unknown_shape", "victims")


@pytest.mark.parametrize("name", ["", "../shapes/victims", "victims/../victims", "victims\0", "victims.yml", "v" * 300])
def test_what_is_no_name_of_a_shape_names_no_card(name: str):
    with pytest.raises(Refusal) as refused:
        source_card.load_shape(name)
    assert refused.value.code == "unknown_shape"


def test_an_unknown_key_is_refused_with_its_place_and_the_nearest_known_key(copy: Path):
    change(copy / "sources" / "unodc_glotip" / "source.yml", "period_field:", "period_feild:")
    with pytest.raises(Refusal) as refused:
        source_card.load_source("unodc_glotip")
    assert refused.value.code == "card_invalid"
    assert refused.value.where == "ingestion/sources/unodc_glotip/source.yml"
    change(copy / "shapes" / "cases.yml", "    guideline:", "    guidelines:")
    with pytest.raises(Refusal) as refused:
        source_card.load_shape("cases")
    assert (refused.value.arguments["field"], refused.value.arguments["nearest"]) == (
        "fields.case_token.guidelines",
        "guideline",
    )


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("region: IQ-FED", "region: IQ-FED\nname: other"),
        ("رمز القضية: case_token", "رمز القضية: case_number"),
        ("POLICE", "POLIZEI"),
        ("required: [رمز القضية", "required: [رمز اخر"),
        ("period_field: reported_date", "period_field: governorate_code"),
        ("shape: cases", "shape: case"),
        ('due: "02-28"', 'due: "31-12"'),
        ("تاريخ الإخبار: reported_date", "تاريخ الإخبار: case_token"),
        ("kind: authority", "kind: [authority"),
    ],
)
def test_a_card_that_contradicts_itself_is_refused(copy: Path, old: str, new: str):
    change(copy / "sources" / "iraq_interior_ministry" / "source.yml", old, new)
    with pytest.raises(Refusal) as refused:
        source_card.load_source("iraq_interior_ministry")
    assert refused.value.code in ("card_invalid", "unknown_shape")


def test_a_source_is_added_by_adding_one_folder(copy: Path):
    shutil.copytree(copy / "sources" / "iraq_interior_ministry", copy / "sources" / "iraq_health_ministry")
    assert "iraq_health_ministry" in source_card.source_names()
    assert source_card.load_source("iraq_health_ministry").name == "iraq_health_ministry"


@pytest.mark.parametrize("code_list", source_card.code_lists())
def test_no_word_stands_for_two_codes_of_a_list(code_list: str):
    words = [fold(word) for code, typed in source_card.load_codes(code_list).items() for word in {code, *typed}]
    owners = {fold(word): code for code, typed in source_card.load_codes(code_list).items() for word in (code, *typed)}
    assert len(owners) == len(set(words))


def test_a_word_that_stands_for_two_codes_is_refused(copy: Path):
    change(copy / "codes" / "verdict.yml", "براءة", "إدانه")
    with pytest.raises(Refusal) as refused:
        source_card.load_codes("verdict")
    assert refused.value.code == "card_invalid"
