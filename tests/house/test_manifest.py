"""The house rules of the warehouse, read from the dbt manifest: cards, contracts, tests, names, floors, code lists."""

from __future__ import annotations

import csv
import re
import runpy
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import yaml

from expectations.cards import areas
from tests.house import card_faults
from tests.house import derived_lists as lists
from tests.house.derived_lists import derived_lists

HOUSE = Path(__file__).resolve().parents[2]
PROJECT = HOUSE / "dbt_project"
FLOORS = {"staging": 0, "core": 1, "indicators": 2}
PILLARS = {"prevention", "protection", "prosecution", "partnership"}
UNITS = {
    "VICTIM", "ACCUSED", "CASE", "PERSON_MEASURE", "INSTITUTION", "INSPECTION", "ACTIVITY", "PARTICIPANT", "CONTACT",
    "DINAR", "PUBLISHED_FIGURE",
}  # fmt: skip
PERSONS = {"VICTIM", "ACCUSED", "CASE"}
DATASETS = {path.stem for path in (HOUSE / "expectations" / "datasets").glob("*.yml")}
DIMENSIONS = {"sex", "age", "form", "article", "holder", "citizenship", "cust_breakdown"}
MEASURES = {"COUNT", "NUMERATOR", "DENOMINATOR"}
NAMES = {
    "staging": r"stg_[a-z_]+",
    "core": r"(dim|fct)_[a-z_]+|_(dim|fct)_[a-z_]+",
    "indicators": rf"ind_({'|'.join(sorted(PILLARS))})__[a-z_]+",
}
Node = dict[str, Any]


@pytest.fixture(scope="module")
def models(manifest: dict[str, Any]) -> list[Node]:
    return [node for node in manifest["nodes"].values() if node["resource_type"] == "model"]


@pytest.fixture(scope="module")
def indicators(models: list[Node]) -> list[Node]:
    found = [node for node in models if node["name"].startswith("ind_")]
    assert len(found) >= 10
    return found


def _floor(node: Node) -> str:
    return node["fqn"][1]


def _file(node: Node) -> str:
    return f"dbt_project/{node['original_file_path']}"


def _code(node: Node) -> str:
    return node["config"]["meta"]["code"]


def _seed(name: str) -> list[dict[str, str]]:
    with (PROJECT / "seeds" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _header(seed: str) -> list[str]:
    return (PROJECT / "seeds" / f"{seed}.csv").read_text(encoding="utf-8").splitlines()[0].split(",")


def _blocks_named(path: Path) -> set[str]:
    return set(re.findall(r"doc\('(\w+)'\)", path.read_text(encoding="utf-8")))


def test_every_model_says_what_one_row_is(manifest: dict[str, Any], models: list[Node]) -> None:
    seeds = [node for node in manifest["nodes"].values() if node["resource_type"] == "seed"]
    sources = manifest["sources"].values()
    assert [node["name"] for node in (*models, *seeds, *sources) if not node["description"].strip()] == []


def test_names_follow_the_floor_and_the_pillar(models: list[Node]) -> None:
    assert [node["name"] for node in models if not re.fullmatch(NAMES[_floor(node)], node["name"])] == []
    for node in models:
        if _floor(node) == "indicators":
            assert node["name"].startswith(f"ind_{node['fqn'][2]}__")


def test_a_floor_reads_only_the_floor_below(manifest: dict[str, Any], models: list[Node]) -> None:
    for node in models:
        for parent in node["depends_on"]["nodes"]:
            kind, _, name = parent.split(".")[:3]
            allowed = {"staging": {"source", "seed"}, "core": {"model", "seed"}, "indicators": {"model"}}[_floor(node)]
            assert kind in allowed or name == "stg_submissions", f"{node['name']} reads {parent}"
            if kind == "model":
                below = FLOORS[_floor(manifest["nodes"][parent])]
                is_same_floor = below == FLOORS[_floor(node)] and _floor(node) != "indicators"
                assert is_same_floor or below == FLOORS[_floor(node)] - 1, f"{node['name']} reads {parent}"


def test_an_indicator_reads_no_private_step(indicators: list[Node]) -> None:
    for node in indicators:
        private = [name for parent in node["depends_on"]["nodes"] if (name := parent.split(".")[2]).startswith("_")]
        assert private == [], f"{_file(node)} reads a private step: read the fact that is made of it"


def test_no_model_selects_a_star() -> None:
    star = re.compile(r"select\s+\*|\.\*|,\s*\*(?!\*)")
    found = [
        str(path)
        for folder in ("models", "macros", "tests")
        for path in (PROJECT / folder).rglob("*.sql")
        if star.search(re.sub(r"\{#.*?#\}", "", path.read_text(), flags=re.S))
    ]
    assert found == []


def test_every_public_model_keeps_a_contract_with_types(models: list[Node]) -> None:
    for node in models:
        if not node["name"].startswith("_") and _floor(node) != "indicators":
            assert node["config"]["contract"]["enforced"], f"{card_faults.card_file(node)}: enforce its contract"
            untyped = [
                card_faults.place_of(node, name) for name, one in node["columns"].items() if not one["data_type"]
            ]
            assert untyped == [], "add `data_type` to these columns"


def test_every_fact_has_a_unique_key_and_its_records(manifest: dict[str, Any], models: list[Node]) -> None:
    tests = [node for node in manifest["nodes"].values() if node["resource_type"] == "test"]
    records = (PROJECT / "models" / "core" / "dim_record.sql").read_text(encoding="utf-8")
    unique = {node["attached_node"] for node in tests if node["name"].startswith("unique_") and "key" in node["name"]}
    for node in models:
        if node["name"].startswith("fct_"):
            place = card_faults.place_of(node, "columns:")
            assert "fact_key" in node["columns"], f"{place}: a fact has no `fact_key`: add the column"
            assert node["unique_id"] in unique, f"{place}: add `data_tests: [unique]` to the column `fact_key`"
            branch = f"'{node['name']}' as fact,"
            assert branch in records, f"dbt_project/models/core/dim_record.sql: add the branch that says {branch}"


def test_an_indicator_gets_its_columns_from_the_one_macro(indicators: list[Node]) -> None:
    """Their names and types are checked on the built tables by `tests/dbt_project/test_warehouse.py`."""
    assert [node["name"] for node in indicators if not re.search(r"\b(indicator|cell)\(", node["raw_code"])] == []
    assert [node["name"] for node in indicators if node["columns"]] == []


def test_every_indicator_has_a_unit_test_and_data_tests(manifest: dict[str, Any], indicators: list[Node]) -> None:
    tested = {parent for test in manifest["unit_tests"].values() for parent in test["depends_on"]["nodes"]}
    assert [node["name"] for node in indicators if node["unique_id"] not in tested] == []
    for name in ("one_row_per_cell", "sound_cells"):
        (test,) = [node for node in manifest["nodes"].values() if node["name"] == name]
        assert test["config"]["severity"].lower() == "error"
        assert set(test["depends_on"]["nodes"]) == {node["unique_id"] for node in indicators}


@pytest.mark.parametrize("file", sorted(derived_lists(), key=str), ids=lambda file: file.name)
def test_a_derived_list_is_that_of_the_cards(file: Path) -> None:
    assert file.read_text(encoding="utf-8") == derived_lists()[file], f"{file} is not that of the cards: make lists"


def test_lists_that_lack_an_indicator_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert lists.stale_lists() == []
    lines = lists.GRAPH.read_text("utf-8").splitlines(keepends=True)
    monkeypatch.setattr(lists, "GRAPH", tmp_path / "graph.jsonl")
    lists.GRAPH.write_text("".join(line for line in lines if '"ind_prevention__hotline_contacts"' not in line[:60]))
    monkeypatch.setattr(lists, "_NAMES", "{lines}")
    assert lists.stale_lists() == ["indicator_tags.sql", "graph.jsonl"]


def test_every_dataset_and_the_report_are_exposures_with_an_owner(manifest: dict[str, Any]) -> None:
    found = {exposure["name"]: exposure for exposure in manifest["exposures"].values()}
    assert set(found) == DATASETS | {"annual_report"}
    assert all(exposure["depends_on"]["nodes"] and exposure["owner"]["name"] for exposure in found.values())


def test_every_column_of_a_model_or_a_seed_says_what_it_is(manifest: dict[str, Any], models: list[Node]) -> None:
    seeds = [node for node in manifest["nodes"].values() if node["resource_type"] == "seed"]
    silent = [
        f"{node['original_file_path']}: {name}"
        for node in (*models, *seeds)
        for name, column in node["columns"].items()
        if not column["description"].strip()
    ]
    assert silent == []
    assert all(set(_header(node["name"])) == set(node["columns"]) for node in seeds)


def test_the_columns_of_every_indicator_are_told_as_the_macro_writes_them(manifest: dict[str, Any]) -> None:
    sql = (PROJECT / "macros" / "indicator.sql").read_text(encoding="utf-8")
    written = dict(re.findall(r"cast\(\{\{ (\w+) \}\} as (\w+)\) as \1", sql))
    told = manifest["macros"]["macro.marsad.cell"]["arguments"]
    assert {one["name"]: one["type"] for one in told} == written
    assert all(one["description"].strip() for one in told)


def test_the_page_of_the_warehouse_shows_the_columns_of_an_indicator_and_leaves_other_models_alone() -> None:
    page = runpy.run_path(str(PROJECT.parent / "docs" / "machinery" / "warehouse_page.py"))
    arguments = [SimpleNamespace(name=name, type="varchar", description=name) for name in ("measure", "fact_keys")]
    names = ("ind_protection__a", "fct_b")
    nodes = {name: SimpleNamespace(resource_type="model", name=name, columns={}) for name in names}
    page["with_columns"](
        SimpleNamespace(macros={"macro.marsad.cell": SimpleNamespace(arguments=arguments)}, nodes=nodes)
    )
    assert {name: list(node.columns) for name, node in nodes.items()} == {names[0]: ["measure"], names[1]: []}


def test_a_block_of_columns_that_nobody_names_is_none(manifest: dict[str, Any]) -> None:
    named = {name for path in (PROJECT / "models").rglob("*.yml") for name in _blocks_named(path)}
    written = {block["name"] for block in manifest["docs"].values() if block["package_name"] == "marsad"}
    assert written == named | _blocks_named(PROJECT / "seeds" / "seeds.yml")


def test_every_model_has_the_group_of_its_room_and_a_private_step_is_private(models: list[Node]) -> None:
    for node in models:
        room, is_private = node["fqn"][-2], node["name"].startswith("_")
        assert node["group"] == room, f"dbt_project/dbt_project.yml: the group of {node['name']} is that of {room}"
        wanted = "add `access: private`" if is_private else "take `access: private` out"
        assert (node["access"] == "private") == is_private, f"{card_faults.place_of(node, node['name'])}: {wanted}"


def test_every_card_is_complete(indicators: list[Node]) -> None:
    assert [fault for node in indicators for fault in card_faults.incomplete(node)] == []


def test_every_card_uses_the_closed_vocabularies(indicators: list[Node]) -> None:
    senders = {path.name for path in (HOUSE / "ingestion" / "sources").iterdir()}
    allowed = {
        "basis": {"period", "cohort"},
        "unit_measure": UNITS,
        "caveats": {row["code"] for row in _seed("caveat")},
        "datasets": DATASETS,
        "dimensions": DIMENSIONS,
        "holders": senders | {"task_force"},
        "demand": {"D1", "D2", "D3", "D4"},
    }
    of_folder = [(node, allowed | {"pillar": {node["fqn"][2]}}) for node in indicators]
    assert [fault for node, words in of_folder for fault in card_faults.foreign_words(node, words)] == []


def test_every_caveat_of_the_vocabulary_is_used(indicators: list[Node]) -> None:
    used = {caveat for node in indicators for caveat in node["config"]["meta"]["caveats"]}
    unused = {row["code"] for row in _seed("caveat")} - used
    assert unused == set(), "dbt_project/seeds/caveat.csv: take these out, or name them on a card"


def test_no_two_cards_share_a_number(indicators: list[Node]) -> None:
    codes = [_code(node) for node in indicators]
    twice = [card_faults.place_of(node, "code:") for node in indicators if codes.count(_code(node)) > 1]
    assert twice == [], "two cards have one number: give one of them the next free one"
    odd = [node for node in indicators if not re.fullmatch(r"(PRT|NCR|PRS|PRV|PAR)-\d{2}", _code(node))]
    assert [card_faults.place_of(node, "code:") for node in odd] == [], "a number reads PRT-01, NCR-, PRS-, PRV-, PAR-"


def test_what_stands_in_the_card_stands_in_no_sql(indicators: list[Node]) -> None:
    again = re.compile(r"\b(dimensions|holders|level|breakdown)\s*=")
    assert [node["name"] for node in indicators if again.search(node["raw_code"])] == []


def test_a_breakdown_names_a_code_list_and_nothing_else_does(indicators: list[Node]) -> None:
    lists = {row["list"] for row in _seed("cust_breakdown")}
    for node in indicators:
        card = node["config"]["meta"]
        place = card_faults.place_of(node, "breakdown:")
        is_broken_down = "cust_breakdown" in card["dimensions"]
        assert is_broken_down == ("breakdown" in card), f"{place}: `breakdown` goes with the dimension cust_breakdown"
        known = ", ".join(sorted(lists))
        assert card.get("breakdown") in lists | {None}, (
            f"{place}: no such code list; seeds/cust_breakdown.csv has {known}"
        )


def test_what_adds_amounts_says_so(indicators: list[Node]) -> None:
    adding = {node["name"] for node in indicators if "amounts=" in node["raw_code"]}
    silent = adding - {node["name"] for node in indicators if "adds_amounts" in node["tags"]}
    files = [card_faults.card_file(node) for node in indicators if node["name"] in silent]
    assert files == [], "add `tags: [adds_amounts]` under `config` of these cards"


def _measures(node: Node) -> set[str]:
    return set(re.findall(r"'(COUNT|NUMERATOR|DENOMINATOR)'", node["raw_code"]))


def test_relations_and_shares_name_measures_that_exist(indicators: list[Node]) -> None:
    known = {f"{node['config']['meta']['code']}/{measure}" for node in indicators for measure in _measures(node)}
    assert [fault for node in indicators for fault in card_faults.unknown_measures(node, known)] == []


def test_every_relation_of_a_card_is_tested_on_the_model(manifest: dict[str, Any], indicators: list[Node]) -> None:
    tests = [node for node in manifest["nodes"].values() if node["resource_type"] == "test"]
    model_of = {node["config"]["meta"]["code"]: node["name"] for node in indicators}
    faults = [fault for node in indicators for fault in card_faults.untested_relations(node, tests, model_of)]
    assert faults == []


def test_a_share_of_persons_has_a_base_under_which_it_is_not_shown(indicators: list[Node]) -> None:
    cards = [node["config"]["meta"] for node in indicators]
    shares = {
        card["unit_measure"]: entry["minimum_base"]
        for card in cards
        for entry in card["derived"]
        if entry["method"] == "share"
    }
    assert {"VICTIM", "ACCUSED"} <= set(shares)
    assert all(minimum >= (20 if unit in PERSONS else 1) for unit, minimum in shares.items())


@pytest.mark.parametrize(
    ("seed", "code_list"),
    [("governorate", "governorate"), ("sex", "sex"), ("exploitation_form", "exploitation"), ("means", "means")],
)
def test_a_seed_holds_the_codes_that_the_door_lets_in(seed: str, code_list: str) -> None:
    accepted = yaml.safe_load((HOUSE / "ingestion" / "codes" / f"{code_list}.yml").read_text(encoding="utf-8"))
    assert {row["code"] for row in _seed(seed)} == set(accepted)


def test_seeds_that_name_each_other_agree() -> None:
    forms, groups = {row["code"] for row in _seed("form")}, {row["code"] for row in _seed("article_group")}
    assert {row["form_code"] for row in _seed("exploitation_form")} | {"MULTIPLE"} == forms
    assert {row["article_group_code"] for row in _seed("law_article")} | {"A_OTHER"} == groups
    assert {row["region_code"] for row in _seed("governorate")} == {row["code"] for row in _seed("region")}
    senders = {path.name for path in (HOUSE / "ingestion" / "sources").iterdir()}
    assert {row["source"] for row in _seed("source_precedence")} <= senders


def test_seeds_hold_codes_and_no_words() -> None:
    for path in (PROJECT / "seeds").glob("*.csv"):
        assert re.fullmatch(r"[A-Za-z0-9_,\n-]+", path.read_text(encoding="utf-8")), path.name


def test_every_shape_has_a_staging_model_with_all_its_fields(models: list[Node]) -> None:
    staged = {node["name"]: set(node["columns"]) for node in models if _floor(node) == "staging"}
    for path in (HOUSE / "ingestion" / "shapes").glob("*.yml"):
        fields = yaml.safe_load(path.read_text(encoding="utf-8"))["fields"]
        plain = {name for name, spec in fields.items() if spec["type"] != "age"}
        lacking = sorted(plain - staged.get(f"stg_{path.stem}", set()))
        assert lacking == [], f"dbt_project/models/staging/stg_{path.stem}.yml: add these columns of {path.name}"


def test_every_source_table_is_an_asset_of_the_roll_call(manifest: dict[str, Any]) -> None:
    shapes = {path.stem for path in (HOUSE / "ingestion" / "shapes").glob("*.yml")}
    tables = {node["name"]: node["config"]["meta"]["dagster"]["asset_key"] for node in manifest["sources"].values()}
    assert tables == {name: [f"raw_{name}"] for name in shapes | {"submissions", "calendar", "links"}}


def test_the_door_and_the_warehouse_agree_on_what_lies_where() -> None:
    places = {row["area_code"]: row["region_code"] for row in _seed("governorate")}
    assert {leaf: areas.region_of(leaf) for leaf in areas.all_leaves()} == places
