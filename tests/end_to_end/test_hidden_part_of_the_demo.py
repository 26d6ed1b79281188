"""The demo tells how many victims no agency knows: measured linkage, two digits, near the invented truth."""

from __future__ import annotations

import html

import pytest

from expectations.cards import areas
from expectations.estimates import overlap_lists
from expectations.published.published_estimates import HIDDEN_PARTS
from ingestion.home import Home
from ingestion.persons import home_recall, pair_readings
from languages.words import Words
from marsad.demonstration import ROUNDS
from methods.few_digits import round_persons
from methods.multiple_systems.hidden_part import LEAST_RECALL
from reports.publishing import publish_report
from reports.released import report_model
from samples import coded_names, invented_clerks
from samples.life.country import Country, rows_of

pytestmark = pytest.mark.whole_home


def test_two_invented_clerks_measured_how_well_the_demo_links(demo: Home) -> None:
    found = pair_readings.measure_readings(demo)
    assert found is not None and found.twice >= 200
    assert found.agreed is not None and 0.9 < found.agreed < 1.0, "they err, each in her own way"
    assert found.recall.lower is not None and found.recall.estimate is not None
    assert LEAST_RECALL <= found.recall.lower < found.recall.estimate
    assert not [one for one in pair_readings.shown_pairs(demo) if any(map(one.waits, pair_readings.TURNS))]


def test_the_invented_clerks_read_once(demo: Home, invented: Country) -> None:
    before = demo.decisions.read_bytes()
    coded = coded_names.coded_deliveries(invented, ROUNDS[-1])
    assert invented_clerks.read_pairs(demo, invented, coded, "a second reading") == 0
    assert demo.decisions.read_bytes() == before


def test_the_estimate_of_the_federal_part_is_told_and_holds_the_truth(demo: Home, invented: Country) -> None:
    out = HIDDEN_PARTS.read_latest(demo)
    assert out is not None
    told = {one.place: one for one in out.estimates}
    assert told[areas.COUNTRY].reason == "not_carried", "its regions have lists of their own"
    one = told[areas.FEDERAL]
    assert one.figures and one.observed and one.hidden == one.figures.estimate - one.observed > 0
    limits = (one.figures.lower80, one.figures.upper80, one.figures.upper95, one.figures.chao_lower)
    assert all(figure == round_persons(figure) for figure in (one.figures.estimate, *limits))
    federal = {case["case_number"] for case in rows_of(invented.cases) if case["is_federal"]}
    events = [event for event in rows_of(invented.episodes) if event["case_number"] in federal]
    earlier = {event["person_number"] for event in events if event["contact_date"].year < int(one.year)}
    met = {event["person_number"] for event in events if event["contact_date"].year == int(one.year)} - earlier
    assert one.figures.lower95 <= len(met) <= one.figures.upper95


def test_lists_that_linking_did_not_compare_are_no_lists_of_the_estimate(demo: Home, invented: Country) -> None:
    recall = home_recall.read_recall(demo)
    assert recall is not None and not recall.covers("services")
    seen = overlap_lists.read_seen_persons(demo, str(invented.last_year), with_services=False)
    assert overlap_lists.lists_reaching(seen.tables[areas.FEDERAL]) == (
        "iom_caseload",
        "iraq_interior_ministry",
        "iraq_judicial_council",
    )


@pytest.mark.parametrize("tag", ["ar", "ckb", "en"])
def test_every_language_says_why_a_year_that_still_grows_has_no_estimate(demo: Home, tag: str) -> None:
    newest = publish_report.folder_of(demo, report_model.load(demo))
    pages = "".join(path.read_text(encoding="utf-8") for path in (newest / tag).rglob("*.html"))
    assert Words.load(tag).text("edition.hidden.reason.year_grows") in html.unescape(pages)
