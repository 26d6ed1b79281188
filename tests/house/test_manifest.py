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
CARD_TEXTS = {"code", "title_en", "definition_en", "numerator", "denominator", "law_article", "analogue"}
CARD_CHOICES = {"pillar", "unit_measure", "basis", "holders", "demand", "dimensions", "datasets", "caveats"}
CARD_KEYS = CARD_TEXTS | CARD_CHOICES | {"relations", "derived"}
OPTIONAL_KEYS = {"level", "breakdown"}
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
        assert not any(parent.split(".")[2].startswith("_") for parent in node["depends_on"]["nodes"])


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
            assert node["config"]["contract"]["enforced"], node["name"]
            assert all(column["data_type"] for column in node["columns"].values())


def test_every_fact_has_a_unique_key_and_its_records(manifest: dict[str, Any], models: list[Node]) -> None:
    tests = [node for node in manifest["nodes"].values() if node["resource_type"] == "test"]
    records = (PROJECT / "models" / "core" / "dim_record.sql").read_text(encoding="utf-8")
    unique = {node["attached_node"] for node in tests if node["name"].startswith("unique_") and "key" in node["name"]}
    for node in models:
        if node["name"].startswith("fct_"):
            assert "fact_key" in node["columns"]
            assert node["unique_id"] in unique
            assert f"'{node['name']}' as fact," in records, f"{node['name']} has no branch in dim_record.sql"


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
        assert node["group"] == node["fqn"][-2], node["name"]
        assert (node["access"] == "private") == node["name"].startswith("_"), node["name"]


def test_every_card_is_complete(indicators: list[Node]) -> None:
    for node in indicators:
        card = node["config"]["meta"]
        assert set(card) - OPTIONAL_KEYS == CARD_KEYS, node["name"]
        assert all(isinstance(card[key], str) and card[key].strip() for key in CARD_TEXTS), node["name"]
        assert card["pillar"] == node["fqn"][2]
        assert card["basis"] in {"period", "cohort"}
        assert card["holders"]
        assert card["demand"]
        assert card["datasets"]
        assert card["caveats"]


def test_every_card_uses_the_closed_vocabularies(indicators: list[Node]) -> None:
    caveats = {row["code"] for row in _seed("caveat")}
    senders = {path.name for path in (HOUSE / "ingestion" / "sources").iterdir()}
    for node in indicators:
        card = node["config"]["meta"]
        assert card["unit_measure"] in UNITS
        assert set(card["caveats"]) <= caveats
        assert set(card["datasets"]) <= DATASETS
        assert set(card["dimensions"]) <= DIMENSIONS
        assert set(card["holders"]) <= senders | {"task_force"}, node["name"]
        assert set(card["demand"]) <= {"D1", "D2", "D3", "D4"}


def test_every_caveat_of_the_vocabulary_is_used(indicators: list[Node]) -> None:
    used = {caveat for node in indicators for caveat in node["config"]["meta"]["caveats"]}
    assert {row["code"] for row in _seed("caveat")} == used


def test_no_two_cards_share_a_number(indicators: list[Node]) -> None:
    codes = [node["config"]["meta"]["code"] for node in indicators]
    assert len(set(codes)) == len(codes)
    assert all(re.fullmatch(r"(PRT|NCR|PRS|PRV|PAR)-\d{2}", code) for code in codes)


def test_what_stands_in_the_card_stands_in_no_sql(indicators: list[Node]) -> None:
    again = re.compile(r"\b(dimensions|holders|level|breakdown)\s*=")
    assert [node["name"] for node in indicators if again.search(node["raw_code"])] == []


def test_a_breakdown_names_a_code_list_and_nothing_else_does(indicators: list[Node]) -> None:
    lists = {row["list"] for row in _seed("cust_breakdown")}
    for node in indicators:
        card = node["config"]["meta"]
        assert ("cust_breakdown" in card["dimensions"]) == ("breakdown" in card), node["name"]
        assert card.get("breakdown") in lists | {None}


def test_what_adds_amounts_says_so(indicators: list[Node]) -> None:
    adding = {node["name"] for node in indicators if "amounts=" in node["raw_code"]}
    assert adding <= {node["name"] for node in indicators if "adds_amounts" in node["tags"]}


def _measures(node: Node) -> set[str]:
    return set(re.findall(r"'(COUNT|NUMERATOR|DENOMINATOR)'", node["raw_code"]))


def test_relations_and_shares_name_measures_that_exist(indicators: list[Node]) -> None:
    known = {f"{node['config']['meta']['code']}/{measure}" for node in indicators for measure in _measures(node)}
    for node in indicators:
        card = node["config"]["meta"]
        for relation in card["relations"]:
            assert relation["kind"] in {"subset", "partition"}
            assert {f"{card['code']}/{relation['measure']}", relation["of"]} <= known
        for derived in card["derived"]:
            ends = {derived[end] for end in ("numerator", "denominator", "left", "right") if end in derived}
            assert ends
            assert ends <= known


def test_every_relation_of_a_card_is_tested_on_the_model(manifest: dict[str, Any], indicators: list[Node]) -> None:
    tests = [node for node in manifest["nodes"].values() if node["resource_type"] == "test"]
    by_code = {node["config"]["meta"]["code"]: node for node in indicators}
    for node in indicators:
        for relation in node["config"]["meta"]["relations"]:
            whole, measure = relation["of"].split("/")
            wanted = {"measure": relation["measure"], "whole_measure": measure, "kind": relation["kind"]}
            wanted |= {key: relation.get(key, {}) for key in ("at", "part")}
            found = [
                {"kind": "subset", "at": {}, "part": {}} | test["test_metadata"]["kwargs"]
                for test in tests
                if test.get("attached_node") == node["unique_id"] and test["test_metadata"]["name"] == "part_of"
            ]
            same = [arguments for arguments in found if wanted.items() <= arguments.items()]
            assert any(by_code[whole]["name"] in arguments["whole"] for arguments in same), node["name"]


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
        assert plain <= staged[f"stg_{path.stem}"]


def test_every_source_table_is_an_asset_of_the_roll_call(manifest: dict[str, Any]) -> None:
    shapes = {path.stem for path in (HOUSE / "ingestion" / "shapes").glob("*.yml")}
    tables = {node["name"]: node["config"]["meta"]["dagster"]["asset_key"] for node in manifest["sources"].values()}
    assert tables == {name: [f"raw_{name}"] for name in shapes | {"submissions", "calendar", "links"}}


def test_the_door_and_the_warehouse_agree_on_what_lies_where() -> None:
    places = {row["area_code"]: row["region_code"] for row in _seed("governorate")}
    assert {leaf: areas.region_of(leaf) for leaf in areas.all_leaves()} == places
