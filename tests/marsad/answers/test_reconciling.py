"""Each invented publication is told the reason why it differs, in three languages, from released figures alone."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from expectations.published.publications import publications
from ingestion.home import Home
from languages.refusal import Refusal
from languages.words import Words, languages
from reports.analysis import reconciliation_table
from reports.analysis.reconciled_figures import ReconciledLine, reconcile
from reports.released.released_figures import ReleasedFigures
from reports.released.released_folder import latest_release
from samples import printed_figures as invented
from tests.expectations import toy_home

NATIONAL = "four_ps_national"
Marsad = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A toy home whose country is large enough for its figures to say something, released."""
    country = toy_home.Country()
    country.victims = {key: count * (5 if key[1] == "2024" else 3) for key, count in country.victims.items()}
    country.convictions = {key: count * 6 for key, count in country.convictions.items()}
    home = toy_home.build(Home(tmp_path_factory.mktemp("reconciled")).open(invented=True), country)
    toy_home.publish(home, NATIONAL)
    return home


@pytest.fixture(scope="module")
def expected(house: Home) -> dict[str, str]:
    figures = ReleasedFigures(latest_release(house, NATIONAL))

    def figure(indicator: str, area: str, year: str) -> int | None:
        row = figures.find_row(indicator, "COUNT", area, year, {})
        return int(float(row["obs_value"])) if row is not None and row["obs_value"] else None

    return invented.write(house.publications, figure)


@pytest.fixture
def marsad(house: Home, expected: dict[str, str], monkeypatch: pytest.MonkeyPatch, typed: Marsad) -> Marsad:
    assert expected
    monkeypatch.setenv("MARSAD_HOME", str(house.root))
    return typed


def _lines(house: Home) -> dict[str, ReconciledLine]:
    cards = publications(house)
    lines = reconcile(ReleasedFigures(latest_release(house, NATIONAL)), cards)
    return dict(zip([card.name for card in cards], lines[: len(cards)], strict=True))


def test_every_invented_publication_is_told_its_own_reason(house: Home, expected: dict[str, str]) -> None:
    found = {name: line.reasons[0].reason if line.reasons else "" for name, line in _lines(house).items()}
    assert found == expected
    closed = {"unit_of_count", "period", "scope", "mixed_crimes", "recycled_figure"}
    assert closed <= set(expected.values())


def test_the_publisher_answers_for_a_reason_and_our_bodies_too_for_what_nothing_explains(
    house: Home, expected: dict[str, str]
) -> None:
    assert expected
    found = _lines(house)
    assert found["agreeing"].answers == ()
    assert found["mixed"].answers == ("iraq_interior_ministry",)
    assert found["first_print"].answers == ("Invented newspaper 7", "iraq_interior_ministry")
    assert found["second_print"].reasons[0].evidence[0].name.startswith("Invented newspaper 7: ")


def _card(house: Home, tmp_path: Path, **figure: object) -> Home:
    """A home that shares the releases and holds one publication."""
    home = Home(tmp_path / "home").open(invented=True)
    home.releases.rmdir()
    home.releases.symlink_to(house.releases)
    plain = {
        "about": "victims", "compare": "PRT-01/COUNT", "ref_area": "IQ-FED", "time_period": "2024", "printed": "exact"
    }  # fmt: skip
    card = {"source": "A paper", "citation": "page 1", "published": "2025-01-01", "figures": [{**plain, **figure}]}
    (home.publications / "paper.yml").write_text(yaml.safe_dump(card), encoding="utf-8")
    return home


def test_a_difference_is_told_as_wide_as_rounding_makes_it_and_none_inside_it(house: Home, tmp_path: Path) -> None:
    line = _lines(_card(house, tmp_path, value=999, sex="F", age="Y0T17"))["paper"]
    ours, error = (int(part) for part in line.ours.split(" ±"))
    assert error == 4
    assert (line.least, line.most) == (999 - ours - error, 999 - ours + error)
    near = _lines(_card(house, tmp_path / "near", value=ours + error, sex="F", age="Y0T17"))["paper"]
    assert (near.verdict, near.answers) == ("agrees", ())


@pytest.mark.parametrize("value", [1, 4])
def test_a_published_figure_of_few_persons_is_not_repeated_and_has_no_difference(
    house: Home, tmp_path: Path, value: int
) -> None:
    line = _lines(_card(house, tmp_path, value=value, sex="F"))["paper"]
    assert (line.theirs, line.least, line.most) == ("<5", None, None)


def test_where_nothing_was_released_no_difference_is_made_up(house: Home, tmp_path: Path) -> None:
    line = _lines(_card(house, tmp_path, value=70, time_period="2011"))["paper"]
    assert (line.verdict, line.ours, line.answers) == ("no_figure", "", ("task_force",))


@pytest.mark.parametrize(
    ("slip", "nearest"),
    [({"crime": ["TIP"]}, "crimes"), ({"value": 7, "end": "2020-01-01"}, ""), ({"value": None}, "")],
)
def test_a_card_with_a_slip_is_refused_with_the_nearest_key(
    house: Home, tmp_path: Path, slip: dict[str, Any], nearest: str
) -> None:
    with pytest.raises(Refusal) as refusal:
        publications(_card(house, tmp_path, **{"value": 7, **slip}))
    assert refusal.value.code == "card_invalid"
    assert not nearest or refusal.value.arguments["nearest"] == nearest


def test_figures_of_others_that_the_audit_knows_are_reconciled_too(house: Home, tmp_path: Path) -> None:
    home = _card(house, tmp_path, value=70)
    row = {"ref_area": "IQ-FED", "time_period": "2024", "value": 9999, "printed": "exact"}
    definition = {"id": "their_victims", "same_as": "PRT-01/COUNT", "decided_by": "a section", "reason": "the same"}
    card = {"source": "A body", "citation": "b", "published": "2025-01-01", "definition": definition, "rows": [row]}
    (home.ledger / "external").mkdir()
    (home.ledger / "external" / "body.yml").write_text(yaml.safe_dump(card), encoding="utf-8")
    assert _lines(home)["body"].reasons[0].reason == "unexplained"


@pytest.mark.parametrize("tag", languages())
def test_the_table_is_told_in_each_language_and_says_that_all_is_invented(
    house: Home, expected: dict[str, str], tag: str
) -> None:
    words = Words.load(tag)
    made = reconciliation_table.files(list(_lines(house).values()), latest_release(house, NATIONAL), [words])
    text = made[f"reconciliation.{tag}.md"].decode("utf-8")
    assert words.text("notes.invented") in text
    assert all(words.text(f"reconcile.reason.{reason}") in text for reason in expected.values() if reason)
    assert text.count(words.text("indicator.prt_01.title")) >= len(expected)  # what each figure is held against
    assert "PRT-01" not in text  # a reader knows no keys
    assert text.count("\n| ") == len(expected) + 1  # a line each, and the headings


def test_the_csv_has_codes_and_one_row_a_comparison(marsad: Marsad, expected: dict[str, str], tmp_path: Path) -> None:
    code, out, _ = marsad("reconcile", "-o", str(tmp_path / "out"), "--json")
    rows = list(csv.DictReader(io.StringIO((tmp_path / "out" / "reconciliation.csv").read_text(encoding="utf-8"))))
    assert (code, [row["reason"] for row in rows[: len(expected)]]) == (0, [expected[one] for one in sorted(expected)])
    told = json.loads(out)
    assert [one["verdict"] for one in told["comparisons"]] == [row["verdict"] for row in rows]
    assert len(told["files"]) == 1 + len(languages())


@pytest.mark.parametrize("tag", languages())
def test_the_command_prints_who_should_answer(marsad: Marsad, tag: str) -> None:
    code, out, _ = marsad("reconcile", "-l", tag)
    assert (code, "newspaper" in out) == (0, True)


def test_the_table_is_never_written_into_a_release(marsad: Marsad, house: Home) -> None:
    folder = latest_release(house, NATIONAL).path
    code, _, err = marsad("reconcile", "-o", str(folder))
    assert (code, "export_into_release" in err) == (2, True)
