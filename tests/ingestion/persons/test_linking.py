"""Linking in a home: codes are read and dropped, links stay sealed, decisions hold, and staging gets its map."""

from __future__ import annotations

import datetime
import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from ingestion import seals
from ingestion.home import Home
from ingestion.keeping.retention import files_of
from ingestion.persons import doubtful_links, link_store, linkable_records, linkage_recall, linking
from ingestion.persons.link_store import StoredLink
from ingestion.submissions import current_submissions
from ingestion.submissions.raw_rows import column_types, rows_path, write_rows
from languages.refusal import Refusal
from languages.words import Words, languages
from methods.linkage import name_codes, record_links, splink_model
from methods.linkage.name_spelling import SPELLING, spell_parts

KEY = name_codes.key_of_year(b"an invented key of the holders", 2026)
FORMS = ("SEXUAL", "FORCED_LABOUR", "BEGGING", "ORGAN")
NAMES = [
    ("زينب كريم حسن الجبوري", "Zainab Kareem Hassan Jabouri"), ("محمد علي جاسم العبيدي", "Mohammed Ali Jasim Ubaidi"),
    ("سعاد نوري رشيد الجاف", "Suad Nuri Rasheed Jaf"), ("هدى سلمان فاضل اللامي", "Huda Salman Fadhil Lami"),
    ("عمر خالد وليد الراوي", "Omar Khaled Waleed Rawi"), ("شيرين آزاد كوران الهورامي", "Shirin Azad Goran Hawrami"),
]  # fmt: skip
SIGNED = {"signed_by": "statistics section", "reason": "both files were read"}


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """Police and an agency know the same 24 persons, and only the police have tokens."""
    return invented_home(tmp_path / "home")


def invented_home(root: Path) -> Home:
    home = Home.at(root).open(invented=True)
    land(home, "police", "victims", [victim(place, token=f"k1:{place:032x}") for place in range(24)])
    land(home, "agency", "victims", [victim(place) for place in range(24)])
    call(home, [("police", "victims"), ("agency", "victims")])
    return home


def victim(place: int, token: str | None = None, **other: object) -> dict[str, Any]:
    return {
        "person_token": token,
        "birth_year": 1980 + place,
        "sex_code": "FM"[place % 2],
        "governorate_code": f"IQG{place % 15 + 1:02d}",
        "citizenship_code": "IRQ",
        "exploitation_codes": FORMS[place % 4],
        "contact_date": datetime.date(2024, 1, 1) + datetime.timedelta(days=9 * place),
    } | other


def land(home: Home, source: str, shape: str, rows: list[dict[str, Any]]) -> None:
    types = column_types(shape)
    place = {"table_name": shape, "sheet": "my list", "period": "2024"}
    listed = [place | {"row_number": n} | row for n, row in enumerate(rows, start=2)]
    columns = {name: [row.get(name) for row in listed] for name in types}
    write_rows(rows_path(home, shape, source, f"00000{len(source)}-a"), types, columns)


def call(home: Home, listed: list[tuple[str, str]], gone: str = "") -> None:
    current_submissions.write(home)
    types = dict(current_submissions._SUBMISSIONS)
    rows = [
        {"source": source, "shape": shape, "period": "2024", "submission": f"00000{len(source)}-a",
         "sha256": source[0].encode().hex() * 32, "is_current": source != gone}
        for source, shape in listed
    ]  # fmt: skip
    write_rows(home.raw / "submissions.parquet", types, {name: [row.get(name) for row in rows] for name in types})


def codes(tmp_path: Path, source: str, script: int, places: range = range(24), **other: object) -> Path:
    rows = []
    for place in places:
        name = NAMES[place % 6][script] if place < 6 else f"{NAMES[place % 6][script]} {place}"
        made = name_codes.codes_of(KEY, spell_parts(name), spell_parts(NAMES[place % 5][script]))
        rows.append({"sheet": "my list", "row": place + 2} | {n.removesuffix("_code"): c for n, c in made.items() if c})
    head = {"marsad_codes": 1, "spelling": SPELLING, "year": 2026, "check": name_codes.check_value(KEY)}
    path = tmp_path / f"{source}.codes.json"
    path.write_text(json.dumps(head | {"file": source[0].encode().hex() * 32, "rows": rows} | other))
    return path


def mapped(home: Home) -> dict[str, str]:
    link_store.write_map(home)
    table = pq.read_table(home.raw / "links.parquet")
    return dict(zip(table["member"].to_pylist(), table["person_token"].to_pylist(), strict=True))


@pytest.fixture(scope="module")
def linked_once(tmp_path_factory: pytest.TempPathFactory) -> tuple[Home, linking.LinkingRun]:
    folder = tmp_path_factory.mktemp("linked")
    home = invented_home(folder / "home")
    return home, linking.run(home, [codes(folder, "police", 0), codes(folder, "agency", 1)])


@pytest.fixture
def linked(linked_once: tuple[Home, linking.LinkingRun], home: Home) -> linking.LinkingRun:
    """Give the test's own home the links of one run."""
    shutil.copytree(linked_once[0].links, home.links, dirs_exist_ok=True)
    return linked_once[1]


def test_two_scripts_of_one_name_give_a_record_without_a_token_its_person(home: Home, linked: linking.LinkingRun):
    assert (linked.records, linked.coded) == (48, 48)
    assert mapped(home) == {f"agency/000006-a/my_list/{place + 2}": f"k1:{place:032x}" for place in range(24)}
    assert linked.persons == {0.9: 24, 0.5: 24, 0.2: 24}


def test_no_code_stays_in_the_home_and_the_links_are_backed_up(tmp_path: Path, home: Home, linked: linking.LinkingRun):
    assert linked.pairs >= 24
    written = json.loads(codes(tmp_path, "police", 0).read_text())
    used = {code for row in written["rows"] for code in row.values()}
    for file in home.root.rglob("*"):
        data = file.read_bytes() if file.is_file() else b""
        assert not any(isinstance(code, str) and len(code) > 100 and code.encode() in data for code in used)
    kept = {file.path: file.is_backed_up for file in files_of(home.root)}
    assert kept["links/pairs-000001.parquet"] and kept["links/pairs-000001.parquet.seal"]
    assert not {file for file in kept if "codes" in file}


def test_the_same_run_gives_the_same_bytes(tmp_path: Path, home: Home, linked: linking.LinkingRun):
    before = {path.name: path.read_bytes() for path in home.links.iterdir()}
    linking.run(home, [codes(tmp_path, "police", 0), codes(tmp_path, "agency", 1)])
    assert {path.name: path.read_bytes() for path in home.links.iterdir()} == before


def test_a_run_without_codes_undoes_no_link_that_codes_found(home: Home, linked: linking.LinkingRun):
    before = {(one.left, one.right) for one in link_store.read_links(home) if one.has_codes}
    linking.run(home)
    assert {(one.left, one.right) for one in link_store.read_links(home) if one.has_codes} == before
    assert len(mapped(home)) == 24


def test_a_file_of_links_that_somebody_edited_is_refused(home: Home, linked: linking.LinkingRun):
    path = home.links / "pairs-000001.parquet"
    path.write_bytes(path.read_bytes() + b" ")
    with pytest.raises(Refusal, match="seal_broken"):
        link_store.write_map(home)


def test_a_decision_parts_two_records_and_taking_it_back_joins_them_again(home: Home, linked: linking.LinkingRun):
    link = next(
        one for one in link_store.read_links(home) if one.left == "agency/000006-a/my_list/2" and one.probability > 0.5
    )
    link_store.decide(home, link.item, value="different", **SIGNED)
    assert link.left not in mapped(home) and len(mapped(home)) == 23
    linking.run(home)  # a decision lasts
    assert link.left not in mapped(home)
    link_store.decide(home, link.item, value="open", **SIGNED)
    assert mapped(home)[link.left] == link.right


def test_a_person_may_join_what_is_only_doubtful(home: Home):
    members = ("agency/000006-a/my_list/2", "agency/000006-a/my_list/3")
    link_store.write(home, [StoredLink(*members, 0.3, has_codes=False, is_seen_as_both=False, model="m")])
    assert mapped(home) == {}
    link_store.decide(home, link_store.item_of(*members), value="same", **SIGNED)
    found = mapped(home)
    assert set(found) == set(members) and len(set(found.values())) == 1
    assert next(iter(found.values())).startswith("link:"), "none of the two has a token"


@pytest.mark.parametrize(
    ("item", "value", "code"), [("nothing", "same", "link_unknown"), ("", "perhaps", "decision_unfit")]
)
def test_what_cannot_be_decided_says_so(home: Home, item: str, value: str, code: str):
    link_store.write(home, [StoredLink("a", "b", 0.3, has_codes=False, is_seen_as_both=False, model="m")])
    with pytest.raises(Refusal, match=code):
        link_store.decide(home, item or link_store.item_of("a", "b"), value=value, **SIGNED)


def test_a_home_that_never_linked_has_an_empty_map(home: Home):
    assert mapped(home) == {}
    assert link_store.read_links(home) == []


def test_a_withdrawn_file_takes_its_links_along_and_brings_them_back(home: Home, linked: linking.LinkingRun):
    call(home, [("police", "victims"), ("agency", "victims")], gone="agency")
    assert mapped(home) == {}
    call(home, [("police", "victims"), ("agency", "victims")])
    assert len(mapped(home)) == 24


def test_the_next_run_forgets_links_of_a_withdrawn_file_and_keeps_those_of_years_that_it_does_not_compare(
    home: Home, linked: linking.LinkingRun
):
    linking.run(home, since=2025)
    assert len(link_store.read_links(home)) >= 24
    call(home, [("police", "victims"), ("agency", "victims")], gone="agency")
    linking.run(home, since=2025)
    assert link_store.read_links(home) == []


def test_a_run_of_too_few_records_links_nothing_and_leaves_what_was_found_and_measured(
    home: Home, linked: linking.LinkingRun, monkeypatch: pytest.MonkeyPatch
):
    before = {path.name: path.read_bytes() for path in home.links.iterdir()}
    monkeypatch.setattr(record_links, "LEAST_RECORDS", linked.records + 1)
    told = linking.run(home)
    assert (told.too_few, told.records, told.pairs, told.sampled) == (True, 48, linked.pairs, 0)
    assert {path.name: path.read_bytes() for path in home.links.iterdir()} == before
    monkeypatch.setattr(record_links, "LEAST_RECORDS", linked.records)
    assert not linking.run(home).too_few
    call(home, [("police", "victims"), ("agency", "victims")], gone="agency")
    monkeypatch.setattr(record_links, "LEAST_RECORDS", linked.records + 1)
    assert linking.run(home).pairs == 0, "links of a withdrawn file are forgotten"


@pytest.mark.parametrize("tag", languages())
def test_an_error_of_splink_is_a_refusal_that_names_it_and_changes_nothing(
    home: Home, linked: linking.LinkingRun, monkeypatch: pytest.MonkeyPatch, tag: str
):
    def broken(*_given: object) -> str:
        raise ValueError("m_probability value 0.0 is below the minimum")

    before = {path.name: path.read_bytes() for path in home.links.iterdir()}
    monkeypatch.setattr(splink_model, "_predict", broken)
    with pytest.raises(Refusal, match="linkage_failed") as caught:
        linking.run(home)
    assert {path.name: path.read_bytes() for path in home.links.iterdir()} == before
    words = Words.load(tag)
    assert "m_probability value 0.0" in words.text("refusal.linkage_failed", **caught.value.arguments)
    assert words.text("refusal.linkage_failed.remedy")


def test_a_run_measures_itself_on_pairs_of_one_token_which_it_judges_without_them(tmp_path: Path, home: Home):
    land(home, "court", "victims", [victim(place, token=f"k1:{place:032x}") for place in range(20)])
    call(home, [("police", "victims"), ("agency", "victims"), ("court", "victims")])
    files = [codes(tmp_path, "police", 0), codes(tmp_path, "court", 1, range(10)), codes(tmp_path, "agency", 1)]
    found = linking.run(home, files).recall
    assert (found.coded.pairs, found.plain.pairs) == (10, 10)
    assert found.coded.found == 10
    assert found.coded_share == pytest.approx(58 / 68)  # every record without a token has codes, and 58 of all
    assert found.lower is None  # twenty pairs measure nothing
    assert linkage_recall.read_measure(home) == found
    assert not [pair for pair in link_store.read_links(home) if pair.left[:3] == pair.right[:3] == "k1:"]


def test_codes_of_another_key_file_or_place_are_refused(tmp_path: Path, home: Home):
    own = codes(tmp_path, "police", 0)
    other = codes(tmp_path, "agency", 1, check="0" * 16)
    with pytest.raises(Refusal, match="codes_other_key"):
        linking.run(home, [own, other])
    with pytest.raises(Refusal, match="codes_other_key"):
        linking.run(home, [own, codes(tmp_path, "agency", 1, year=2025)])
    with pytest.raises(Refusal, match="codes_no_file"):
        linking.run(home, [codes(tmp_path, "agency", 1, file="0" * 64)])
    with pytest.raises(Refusal, match="codes_inside_home"):
        linking.run(home, [codes(home.inbox, "agency", 1)])
    assert not list(home.links.iterdir()), "what was refused left nothing"


def test_a_victim_who_is_also_accused_is_linked_and_told(tmp_path: Path, home: Home):
    rows = [{**victim(0), "contact_date": datetime.date(2024, 1, 3)}]
    land(home, "court", "accused", rows)
    call(home, [("police", "victims"), ("agency", "victims"), ("court", "accused")])
    linking.run(
        home, [codes(tmp_path, "police", 0), codes(tmp_path, "agency", 1), codes(tmp_path, "court", 0, range(1))]
    )
    told = [one for one in link_store.read_links(home) if "court/000005-a/my_list/2" in (one.left, one.right)]
    assert [one.is_seen_as_both for one in told if one.probability > 0.5] and all(one.is_seen_as_both for one in told)
    assert mapped(home)["court/000005-a/my_list/2"] == f"k1:{0:032x}"


def test_records_of_earlier_years_are_left_out_where_a_year_is_named(home: Home):
    assert len(linkable_records.read_records(home, since=2024)) == 48
    assert len(linkable_records.read_records(home, since=2025)) == 0
    assert linking.run(home, since=2025).pairs == 0


def test_merging_replaces_what_was_judged_as_well():
    old = StoredLink("a", "b", 0.9, has_codes=True, is_seen_as_both=False, model="old")
    plain, new = replace(old, has_codes=False), replace(old, probability=0.1, model="new", has_codes=False)
    assert link_store.merge([old], [new], {"a", "b"}, set()) == [old]
    assert link_store.merge([plain], [new], {"a", "b"}, set()) == [new]
    assert link_store.merge([plain], [], {"a", "b"}, set()) == []
    assert link_store.merge([plain], [], {"a"}, set()) == [plain]
    assert link_store.merge([old], [], {"a", "b"}, {"a", "b"}) == []


def test_doubtful_links_show_both_sides_in_codes_until_they_are_decided(home: Home):
    members = ("agency/000006-a/my_list/2", f"k1:{0:032x}")
    sure = StoredLink(
        "agency/000006-a/my_list/3", f"k1:{1:032x}", 0.95, has_codes=True, is_seen_as_both=False, model="m"
    )
    link_store.write(home, [replace(sure, left=members[0], right=members[1], probability=0.4), sure])
    (row,) = doubtful_links.list_links(home)
    assert (row["holder"], row["birth_year"], row["sex_code"]) == ("agency · police", "1980 · 1980", "F · F")
    assert row["first_date"] == "2024-01-01 · 2024-01-01"
    link_store.decide(home, row["item"], value="different", **SIGNED)
    assert doubtful_links.list_links(home) == []
    assert [one["decision"] for one in doubtful_links.list_links(home, everything=True)] == ["different", ""]


@pytest.mark.parametrize(("probability", "waits"), [(0.199, 0), (0.2, 1), (0.899, 1), (0.9, 0)])
def test_a_link_waits_from_two_tenths_to_below_nine(home: Home, probability: float, waits: int):
    members = ("agency/000006-a/my_list/2", f"k1:{0:032x}")
    link_store.write(home, [StoredLink(*members, probability, has_codes=True, is_seen_as_both=False, model="m")])
    assert len(doubtful_links.list_links(home)) == waits


@pytest.mark.parametrize("allowed", [0, 1])
def test_who_is_killed_while_writing_links_leaves_those_of_before(
    home: Home, monkeypatch: pytest.MonkeyPatch, allowed: int
):
    before = StoredLink("a", "b", 0.3, has_codes=False, is_seen_as_both=False, model="m")
    link_store.write(home, [before])
    done: list[Path] = []

    def killed(path: Path, data: bytes) -> None:
        if len(done) == allowed:
            raise KeyboardInterrupt
        done.append(path)
        path.write_bytes(data)

    monkeypatch.setattr(seals, "write_bytes", killed)
    with pytest.raises(KeyboardInterrupt):
        link_store.write(home, [replace(before, probability=0.8)])
    assert link_store.read_links(home) == [before]
    monkeypatch.undo()
    link_store.write(home, [replace(before, probability=0.8)])
    assert link_store.read_links(home) == [replace(before, probability=0.8)]
    assert sorted(path.name for path in home.links.glob("*.parquet")) == ["pairs-000002.parquet"]


def test_links_without_their_seal_are_refused_and_not_forgotten(home: Home):
    link_store.write(home, [StoredLink("a", "b", 0.3, has_codes=False, is_seen_as_both=False, model="m")])
    (home.links / "pairs-000001.parquet.seal").unlink()
    with pytest.raises(Refusal, match="seal_broken"):
        link_store.read_links(home)


def test_a_record_without_year_of_birth_or_date_is_listed_with_blanks(tmp_path: Path) -> None:
    home = Home.at(tmp_path / "home").open(invented=True)
    land(home, "police", "victims", [victim(0, token=f"k1:{0:032x}"), victim(1, token=f"k1:{1:032x}")])
    land(home, "agency", "victims", [victim(0, birth_year=None, contact_date=None)])
    call(home, [("police", "victims"), ("agency", "victims")])
    members = ("agency/000006-a/my_list/2", f"k1:{0:032x}")
    link_store.write(home, [StoredLink(*members, 0.4, has_codes=False, is_seen_as_both=False, model="m")])
    (row,) = doubtful_links.list_links(home)
    assert (row["birth_year"], row["first_date"]) == ("— · 1980", "— · 2024-01-01")


def test_a_run_compares_records_of_the_shapes_that_are_asked_for_and_keeps_the_links_of_others(home: Home) -> None:
    land(home, "shelter", "services", [{"person_token": None, "sex_code": "F", "birth_year": 1980}])
    call(home, [("police", "victims"), ("agency", "victims"), ("shelter", "services")])
    shelter = "shelter/000007-a/my_list/2"
    link_store.write(home, [StoredLink(f"k1:{0:032x}", shelter, 0.4, False, False, "m")])
    assert set(linkable_records.read_records(home, shapes=["victims"])["holder"]) == {"police", "agency"}
    assert "shelter" in set(linkable_records.read_records(home)["holder"])
    linking.run(home, shapes=["victims"])
    assert shelter in {link.right for link in link_store.read_links(home)}
    with pytest.raises(Refusal) as refused:
        linking.run(home, shapes=["victim"])
    assert refused.value.code == "unknown_shape"
