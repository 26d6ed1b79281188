"""Two bodies of one indicator, and two publications of one thing, are held against each other."""

from __future__ import annotations

import datetime
from pathlib import Path

from expectations.cards.cells import DIMENSIONS, KEY, TOTAL
from expectations.published.publications import Publication
from languages.words import Words
from reports.analysis import reconciliation_table
from reports.analysis.reconciled_figures import reconcile
from reports.released.released_figures import ReleasedFigures
from reports.released.released_folder import ReleasedFolder

_GAP = {"method": "relative_gap", "at": {}}


def _row(indicator: str, year: str, value: str, method: str = "NONE") -> dict[str, str]:
    place = {"indicator": indicator, "measure": "COUNT", "ref_area": "IQ-FED", "time_period": year}
    told = {"obs_value": value, "obs_status": "A" if value else "Q", "unit_measure": "VICTIM"}
    return {**place, **dict.fromkeys(DIMENSIONS, TOTAL), **told, "disclosure_method": method}


def _figures(*rows: dict[str, str]) -> ReleasedFigures:
    operands = {"derived": {"RELATIVE_GAP": ["PRT-02/COUNT", "PAR-10/COUNT"]}, "derived_by": {"RELATIVE_GAP": _GAP}}
    indicators = {
        "PRT-02": {"holders": ["iraq_judicial_council"]},
        "PAR-10": {"holders": ["unodc_glotip"], **operands},
    }
    released = ReleasedFolder(Path("nowhere"), "000001-abc", {"dataset": "four_ps_national", "indicators": indicators})
    schema = {"primaryKey": list(KEY), "fields": []}
    vars(released).update(rows=rows, package={"resources": [{"name": "data", "schema": schema}]})
    return ReleasedFigures(released)


def _card(day: str, value: int, **figure: str) -> Publication:
    plain = {
        "about": "victims", "compare": "PRT-02/COUNT", "ref_area": "IQ-FED", "time_period": "2023", "printed": "exact",
        "value": value,
    }  # fmt: skip
    own = {"name": f"paper of {day}", "source": f"Paper {day}", "citation": "page 1", "figures": [{**plain, **figure}]}
    return Publication.model_validate({**own, "published": datetime.date.fromisoformat(day)})


def test_two_bodies_of_one_indicator_are_compared_year_by_year() -> None:
    rows = [_row("PRT-02", "2022", "200", "ROUNDED_5"), _row("PAR-10", "2022", "204"), _row("PAR-10", "2023", "260")]
    rows += [_row("PRT-02", "2023", "220", "ROUNDED_5"), _row("PAR-10", "2024", ""), _row("PRT-02", "2024", "90")]
    first, second = reconcile(_figures(*rows), [])
    assert (first.source, first.start[:4], first.verdict) == ("unodc_glotip", "2022", "agrees")
    assert (second.least, second.most, second.verdict) == (36, 44, "differs")
    assert second.reasons[0].reason == "unexplained"
    assert second.answers == ("unodc_glotip", "iraq_judicial_council")


def test_a_figure_of_the_country_is_held_against_the_federal_one_where_a_region_is_silent() -> None:
    theirs = {**_row("PAR-10", "2022", "204"), "ref_area": "IQ"}
    silent = {**_row("PRT-02", "2022", ""), "ref_area": "IQ", "obs_status": "O"}
    (line,) = reconcile(_figures(_row("PRT-02", "2022", "200", "ROUNDED_5"), silent, theirs), [])
    assert (line.area, line.our_area, line.ours, line.verdict) == ("IQ", "IQ-FED", "200 ±4", "differs")
    assert "Iraq without the Kurdistan Region" in reconciliation_table.compared_figure(line, Words.load("en"))
    assert line.reasons[0].reason == "scope"


def test_a_small_figure_of_another_body_is_not_repeated_beside_ours() -> None:
    (line,) = reconcile(_figures(_row("PRT-02", "2022", "30", "ROUNDED_5"), _row("PAR-10", "2022", "3")), [])
    assert (line.theirs, line.least, line.most) == ("<5", None, None)


def test_what_should_have_been_withheld_is_held_against_nothing() -> None:
    ours, theirs = _row("PRT-02", "2022", "7", "ROUNDED_5"), _row("PAR-10", "2022", "204")
    (seen,) = reconcile(_figures(ours, theirs), [])
    assert (seen.ours, seen.verdict) == ("7 ±4", "differs")
    told = [
        reconcile(_figures({**ours, "obs_value": value, "obs_status": "Q"}, theirs), []) for value in ("7", "12345")
    ]
    assert told[0] == told[1]
    assert [(line.ours, line.verdict) for line in told[0]] == [("", "no_figure")]
    assert reconcile(_figures(ours, {**theirs, "obs_status": "Q"}), []) == []


def test_a_number_repeated_under_a_newer_year_is_found_although_nothing_of_ours_is_released() -> None:
    first, second = reconcile(_figures(), [_card("2024-08-01", 158), _card("2025-04-01", 158, time_period="2024")])
    assert (first.verdict, first.reasons) == ("no_figure", ())
    assert (second.verdict, second.reasons[0].evidence[0].name) == ("no_figure", "Paper 2024-08-01: victims")


def test_two_totals_of_one_year_with_other_cut_off_days_are_held_against_each_other() -> None:
    cards = [_card("2025-10-21", 163, end="2023-10-15"), _card("2025-10-29", 220)]
    *own, between = reconcile(_figures(), cards)
    assert [line.verdict for line in own] == ["no_figure", "no_figure"]
    assert (between.place, between.ours, between.least) == ("Paper 2025-10-21: victims", "163", 57)
    assert (between.verdict, between.reasons[0].reason) == ("differs", "period")


def test_a_number_of_a_year_from_april_to_march_is_said_to_lie_between_its_two_years_in_words() -> None:
    rows = [_row("PRT-02", "2023", "379", "EXACT_11"), _row("PRT-02", "2024", "415", "ROUNDED_5")]
    card = _card("2025-04-01", 397, time_period="2024", start="2023-04-01", end="2024-03-31")
    (line,) = reconcile(_figures(*rows), [card])
    assert reconciliation_table.finding(line, Words.load("en")) == (
        "Likely another period. It lies between Formally identified victims: Number, Iraq without the Kurdistan "
        "Region, 2023 (379) and Formally identified victims: Number, Iraq without the Kurdistan Region, 2024 (415 ±4)."
    )


def test_two_publications_that_agree_ask_nobody() -> None:
    *_, between = reconcile(_figures(), [_card("2025-10-21", 163), _card("2025-10-29", 163)])
    assert (between.verdict, between.answers) == ("agrees", ())


def test_a_small_published_figure_hides_the_difference_from_either_side() -> None:
    *_, between = reconcile(_figures(), [_card("2025-10-21", 3), _card("2025-10-29", 12)])
    assert (between.ours, between.least, between.most) == ("<5", None, None)
