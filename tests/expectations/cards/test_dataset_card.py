"""Cards of datasets and indicators: what they may hold, and what is said about the rest."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from expectations.candidates import candidate
from expectations.cards import dataset_card, indicator_card
from expectations.cards.release_scheme import Scheme, refuse_mixed_units
from ingestion.home import Home, write_json
from languages.refusal import Refusal
from tests.expectations import toy_home

Change = Callable[..., None]


@pytest.mark.parametrize("name", dataset_card.dataset_names())
def test_every_dataset_has_threshold_licence_contact_and_a_list_of_what_never_leaves(name: str):
    found = dataset_card.load_dataset(name)
    assert found.licence.path.startswith("https://")
    assert found.contact.name
    assert {"sex": "M", "form": "SEXUAL"} in found.never
    assert {"article": "A8"} in found.never
    assert found.protection["VICTIM"].base == 5


def test_an_unknown_key_is_refused_with_its_field_and_the_nearest_known_key(change_cards: Change):
    change_cards("four_ps_national", protektion={})
    with pytest.raises(Refusal) as refusal:
        dataset_card.load_dataset("four_ps_national")
    assert refusal.value.code == "card_invalid"
    assert refusal.value.where == "four_ps_national.yml"
    assert refusal.value.arguments == {
        "field": "protektion",
        "problem": "extra_forbidden",
        "nearest": "protection",
    }


def test_an_unknown_key_deep_inside_a_card_is_named_with_its_path(change_cards: Change):
    change_cards("four_ps_national", licence={"name": "X", "title": "X", "paht": "https://example.org"})
    with pytest.raises(Refusal) as refusal:
        dataset_card.load_dataset("four_ps_national")
    assert refusal.value.arguments["field"] in {"licence.paht", "licence.path"}
    assert refusal.value.arguments["nearest"] == "path"


@pytest.mark.parametrize(
    ("keys", "field"),
    [
        ({"tables": [[], ["sexe"]]}, "tables"),
        ({"tables": [["sex"]]}, "tables"),
        ({"columns": ["indicator", "members"]}, "columns"),
        ({"columns": ["indicator", "measure"]}, "columns"),
        ({"never": []}, "never"),
        ({"minimum_base": 2}, "minimum_base"),
        ({"protection": {"VICTIM": {"method": "none"}}}, "protection.VICTIM"),
        ({"protection": {"VICTIM": {"method": "none", "reason": "few"}}}, "protection"),
        ({"protection": {"ACCUSED": {"method": "published", "reason": "public"}}}, "protection"),
        ({"protection": {"VICTIM": {"method": "rounding", "base": 2}}}, "protection.VICTIM.base"),
        ({"never": [{"sex": "M", "form": "SEXAUL"}, {"sex": "M", "form": "SEXUAL"}, {"article": "A8"}]}, "never"),
        ({"never": [{"sx": "M"}, {"sex": "M", "form": "SEXUAL"}, {"article": "A8"}]}, "never"),
        ({"never": [{}, {"sex": "M", "form": "SEXUAL"}, {"article": "A8"}]}, "never"),
        ({"never": [{"article": "A8"}]}, "never"),
        ({"never": [{"sex": "M", "form": "SEXUAL"}]}, "never"),
        ({"merge": {"artcle": {"A6": "A6_A8"}}}, "merge"),
        ({"merge": {"article": {"A66": "A6_A8"}}}, "merge"),
        ({"merge": {"article": {"A6": "_T"}}}, "merge"),
    ],
)
def test_a_card_that_protects_nobody_is_refused(change_cards: Change, keys: dict[str, object], field: str):
    change_cards("four_ps_governorate", **keys)
    with pytest.raises(Refusal) as refusal:
        dataset_card.load_dataset("four_ps_governorate")
    assert refusal.value.code == "card_invalid"
    assert refusal.value.arguments["field"] == field


def test_an_unknown_dataset_is_answered_with_the_nearest_name():
    with pytest.raises(Refusal) as refusal:
        dataset_card.load_dataset("four_ps_nationl")
    assert (refusal.value.code, refusal.value.arguments["nearest"]) == ("dataset_unknown", "four_ps_national")


def test_two_cards_that_round_one_unit_differently_are_refused(protected: Home, change_cards: Change):
    change_cards(
        "four_ps_governorate", protection={unit: {"method": "rounding", "base": 10} for unit in ("VICTIM", "ACCUSED")}
    )
    with pytest.raises(Refusal) as refusal:
        Scheme.read_scheme(protected)
    assert (refusal.value.code, refusal.value.arguments["field"]) == ("cards_disagree", "protection.VICTIM")


def test_two_cards_that_merge_one_category_differently_are_refused(protected: Home, change_cards: Change):
    change_cards("four_ps_governorate", merge={"article": {"A6": "A6_A7"}})
    with pytest.raises(Refusal) as refusal:
        Scheme.read_scheme(protected)
    assert (refusal.value.code, refusal.value.arguments["field"]) == ("cards_disagree", "merge.article.A6")


def test_indicators_are_learnt_from_the_manifest_and_name_their_datasets(protected: Home):
    assert list(indicator_card.indicators(protected)) == ["PAR-07", "PRS-05", "PRS-07", "PRS-14", "PRT-01", "PRT-03"]
    assert "PAR-07" not in indicator_card.indicators_of(protected, "four_ps_governorate")
    assert indicator_card.indicators(protected)["PRT-03"].facts == ['"main"."fct_event"']


def test_an_unknown_key_in_an_indicators_card_is_refused(empty_home: Home):
    node = dict(toy_home.nodes())["model.marsad.ind_presumed"]
    node["config"]["meta"]["dimension"] = ["sex"]
    write_json(empty_home.dbt_target / "manifest.json", {"nodes": {"model.marsad.ind_presumed": node}})
    with pytest.raises(Refusal) as refusal:
        indicator_card.indicators(empty_home)
    assert refusal.value.arguments == {"field": "dimension", "problem": "extra_forbidden", "nearest": "dimensions"}


def test_a_home_without_a_manifest_says_which_file_is_missing(empty_home: Home):
    with pytest.raises(Refusal) as refusal:
        indicator_card.indicators(empty_home)
    assert refusal.value.code == "file_missing"


def test_a_card_without_articles_need_not_speak_of_article_8(change_cards: Change):
    change_cards("four_ps_governorate", tables=[[], ["sex"], ["form"]], never=[{"sex": "M", "form": "SEXUAL"}])
    assert dataset_card.load_dataset("four_ps_governorate").never == [{"sex": "M", "form": "SEXUAL"}]


def _with_meta(home: Home, model: str, facts: list[str] | None = None, **keys: object) -> None:
    """Rewrite one indicator's card in the manifest of a home."""
    nodes = dict(toy_home.nodes())
    nodes[model]["config"]["meta"] |= keys
    if facts is not None:
        nodes[model]["depends_on"]["nodes"] = [f"model.marsad.{fact}" for fact in facts]
    write_json(home.dbt_target / "manifest.json", {"nodes": nodes})


@pytest.mark.parametrize(
    ("model", "keys"),
    [
        ("model.marsad.ind_identified", {"unit_measure": "INSTITUTION"}),  # dimensions of persons
        ("model.marsad.ind_convicted", {"unit_measure": "PUBLISHED_FIGURE"}),  # no dimension, but facts about persons
        ("model.marsad.ind_holders", {"facts": []}),  # nobody can say what is counted
        ("model.marsad.ind_holders", {"facts": ["fct_submission", "fct_event"]}),
        ("model.marsad.ind_holders", {"dimensions": ["holder", "sex"]}),
    ],
)
def test_one_word_in_an_indicators_card_does_not_print_persons_unrounded(
    protected: Home, model: str, keys: dict[str, Any]
):
    _with_meta(protected, model, **{"datasets": ["four_ps_national"], **keys})
    for step in (candidate.build, Scheme.read_scheme):
        with pytest.raises(Refusal) as refusal:
            step(protected)
        assert (refusal.value.code, refusal.value.where) in (
            ("persons_unprotected", "four_ps_national"),
            ("card_invalid", "ind_articles"),  # whose share would lose its denominator in the other dataset
        )


@pytest.mark.parametrize("denominator", ["PRS-05/COUNT", "PRT-99/COUNT"])
def test_a_share_of_two_counts_of_persons_that_nothing_links_is_refused(protected: Home, denominator: str):
    derived = {"measure": "SHARE", "method": "share", "numerator": "PRT-03/NUMERATOR", "denominator": denominator}
    _with_meta(protected, "model.marsad.ind_identified", derived=[derived])
    with pytest.raises(Refusal) as refusal:
        Scheme.read_scheme(protected)
    assert (refusal.value.code, refusal.value.where) == ("card_invalid", "ind_identified")
    assert refusal.value.arguments["field"] == "derived.SHARE"


@pytest.mark.parametrize(
    ("keys", "field"),
    [
        (
            {"derived": [{"measure": "SHARE", "method": "share", "numerator": "PRT-03/NUMERATOR",
                          "denominator": "PRS-05/COUNT"}]},
            "derived.share",
        ),
        ({"relations": [{"measure": "NUMERATOR", "kind": "partition", "of": "PRS-05/COUNT"}]}, "relations.partition"),
        ({"relations": [{"measure": "NUMERATOR", "kind": "subset", "of": "PRS-05/COUNT"}]}, "relations.subset"),
        (
            {"derived": [{"measure": "RELATIVE_GAP", "method": "relative_gap", "left": "PRT-01/COUNT",
                          "right": "PRS-05/COUNT"}]},
            "derived.relative_gap",
        ),
    ],
)  # fmt: skip
def test_a_card_that_joins_two_units_of_count_is_refused(protected: Home, keys: dict[str, Any], field: str):
    _with_meta(protected, "model.marsad.ind_identified", **keys)
    known = indicator_card.indicators(protected)
    with pytest.raises(Refusal) as refusal:
        refuse_mixed_units(known)
    assert (refusal.value.code, refusal.value.where) == ("units_mixed", "ind_identified")
    assert refusal.value.arguments == {"field": field, "first": "ACCUSED", "second": "VICTIM"}
    with pytest.raises(Refusal):
        Scheme.read_scheme(protected)


def test_a_ratio_alone_may_divide_two_units_of_count(protected: Home):
    _with_meta(
        protected,
        "model.marsad.ind_identified",
        derived=[{"measure": "RATIO", "method": "ratio", "numerator": "PRS-05/COUNT", "denominator": "PRT-01/COUNT"}],
    )
    known = indicator_card.indicators(protected)
    refuse_mixed_units(known)
    assert {known[code].unit_measure for code in ("PRS-05", "PRT-01")} == {"ACCUSED", "VICTIM"}
