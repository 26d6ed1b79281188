"""The expected base cells add up, and are missing where nobody reported."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pandas as pd

from samples.bodies.sight import INTERIOR, JUDICIAL, KURDISTAN, LABOUR, LetterDelivery, Row
from samples.expected import truth
from samples.life.country import Country

_PLACE = list(truth.COLUMNS[2:-2])


def _of(cells: pd.DataFrame, indicator: str, measure: str = "COUNT", status: str = "A") -> pd.DataFrame:
    chosen = (cells["indicator"] == indicator) & (cells["measure"] == measure) & (cells["obs_status"] == status)
    return cells[chosen]


def _by_place(cells: pd.DataFrame) -> pd.Series:
    return cells.set_index(_PLACE)["obs_value"]


def _by_year(cells: pd.DataFrame) -> dict[str, int]:
    return {str(year): int(total) for year, total in cells.groupby("time_period")["obs_value"].sum().items()}


def test_a_cell_stands_once_and_is_empty_only_where_nobody_reported_or_it_is_masked(cells: pd.DataFrame):
    assert tuple(cells.columns) == truth.COLUMNS
    assert not cells.duplicated(list(truth.COLUMNS[:-2])).any()
    assert (cells["obs_value"].isna() == cells["obs_status"].isin(["O", "Q"])).all()
    assert (cells["obs_value"].dropna() > 0).all()


def test_identified_victims_are_those_the_judges_identified(cells: pd.DataFrame, events: list[Row]):
    counted = Counter(str(event["identified_date"].year) for event in events if event["identified_date"])
    assert _by_year(_of(cells, "PRT-02")) == counted


def test_presumed_victims_are_fewer_than_there_were_and_more_than_the_ministry_saw(
    cells: pd.DataFrame, events: list[Row]
):
    true = Counter(str(event["contact_date"].year) for event in events)
    federal = cells[cells["ref_area"].isin(truth.FEDERAL_LEAVES)]
    for year, count in _by_year(_of(federal, "PRT-01")).items():
        assert 0.84 * true[year] < count < 1.06 * true[year]


def test_convictions_under_the_law_are_nearly_all_of_the_federal_ones(cells: pd.DataFrame, invented: Country):
    joined = invented.proceedings.merge(invented.accused, on="accused_number").merge(invented.cases, on="case_number")
    under = joined["is_federal"] & (joined["verdict_code"] == "CONVICTED") & (joined["law_code"] == "L28_2012")
    total = sum(_by_year(_of(cells, "PRS-05")).values())
    assert 0.94 * int(under.sum()) <= total <= int(under.sum())


def test_articles_partition_the_convictions(cells: pd.DataFrame):
    place = ["ref_area", "time_period"]
    mix = _of(cells, "PRS-07", "NUMERATOR").groupby(place)["obs_value"].sum()
    pd.testing.assert_series_equal(mix, _of(cells, "PRS-05").groupby(place)["obs_value"].sum())
    assert set(_of(cells, "PRS-07", "NUMERATOR")["article"]) == set(truth.CATEGORIES["article"])


def test_numerators_are_never_more_than_their_bases(cells: pd.DataFrame):
    presumed = _by_place(_of(cells, "PRT-01"))
    for indicator in ("PRT-03", "NCR-01"):
        part = _by_place(_of(cells, indicator, "NUMERATOR"))
        assert (part <= presumed.reindex(part.index)).all()
    admitted = _by_place(_of(cells, "PRT-08", "NUMERATOR"))
    assert (admitted <= _by_place(_of(cells, "PRT-08", "DENOMINATOR")).reindex(admitted.index)).all()


def test_no_margin_of_any_area_gives_a_male_victim_of_sexual_exploitation_away(
    cells: pd.DataFrame, cells_of_first_round: pd.DataFrame
):
    measures = (("PRT-01", "COUNT"), ("PRT-02", "COUNT"), ("PRT-03", "NUMERATOR"), ("NCR-01", "NUMERATOR"))
    for found in (cells, cells_of_first_round):
        for indicator, measure in measures:
            table = _of(found, indicator, measure)
            for _, area in table.groupby(["ref_area", "time_period"]):
                males = area.loc[area["sex"] == "M", "obs_value"].sum()
                others = area.loc[area["form"] != "SEXUAL", "obs_value"].sum()
                assert males <= others
            for _, year in _of(found, "PRT-01").groupby("time_period"):
                males = year.loc[year["sex"] == "M", "obs_value"].sum()
                assert males + 20 < year.loc[year["form"] != "SEXUAL", "obs_value"].sum()


def test_the_kurdistan_region_is_missing_and_never_zero_but_for_the_victims_that_its_ministry_lists(
    cells: pd.DataFrame, sent: list[LetterDelivery]
):
    region = cells[cells["ref_area"].isin(truth.REGION_LEAVES)]
    told = region[region["obs_status"] == "A"]
    assert set(told["indicator"]) == {"PRT-01"}
    listed = [row for one in sent if one.source == KURDISTAN for row in one.tables["region_victims"]]
    assert _by_year(told) == Counter(str(row["contact_date"].year) for row in listed)
    assert len(_of(region, "PRT-01", status="O")) == 8 * 4 * 3 * 4 * 8  # the silent years


def test_silent_years_of_the_shelter_are_missing_in_every_area(cells: pd.DataFrame):
    missing = _of(cells, "PRT-08", "DENOMINATOR", status="O")
    federal = missing[missing["ref_area"].isin(truth.FEDERAL_LEAVES)]
    assert set(federal["time_period"]) == {"2019", "2020"}
    assert len(federal) == 2 * len(truth.FEDERAL_LEAVES) * 12


def test_a_year_of_a_court_that_has_not_written_yet_is_missing(invented: Country):
    early = truth.expected_cells(invented, sent_until=date(2021, 3, 1))
    missing = _of(early, "PRT-02", status="O")
    assert "2020" in set(missing.loc[missing["ref_area"].isin(truth.FEDERAL_LEAVES), "time_period"])
    assert "2020" not in set(_of(early, "PRT-02")["time_period"])
    assert "2020" in set(_of(early, "PRT-01")["time_period"])
    assert early["time_period"].max() == "2020"


def test_a_year_came_in_time_when_the_file_that_makes_it_whole_did(cells: pd.DataFrame):
    in_time = _of(cells, "PAR-07", "NUMERATOR")
    found = set(zip(in_time["holder"], in_time["time_period"], strict=True))
    assert len(_of(cells, "PAR-07", "DENOMINATOR")) == 10 * len(truth.DUE)
    assert (INTERIOR, "2019") in found
    assert (INTERIOR, "2020") not in found  # its partial file was early, its full one late
    assert {(LABOUR, "2019"), (LABOUR, "2020"), (JUDICIAL, "2021"), (INTERIOR, "2017")} & found == set()


def test_a_body_that_came_late_came_and_one_that_was_silent_did_not(cells: pd.DataFrame):
    sent = _of(cells, "PAR-07", "COUNT")
    came = set(zip(sent["holder"], sent["time_period"], strict=True))
    assert {(JUDICIAL, "2021"), (INTERIOR, "2017"), (INTERIOR, "2020")} <= came  # two of them late
    assert {(LABOUR, "2019"), (LABOUR, "2020")} & came == set()


def test_the_published_figure_may_be_missing_or_masked(cells: pd.DataFrame, cells_of_first_round: pd.DataFrame):
    statuses = cells[cells["indicator"] == "PAR-10"].set_index("time_period")["obs_status"]
    assert (statuses["2016"], statuses["2019"], statuses["2024"], statuses["2025"]) == ("Q", "O", "A", "O")
    assert len(_of(cells_of_first_round, "PAR-10", status="O")) == 2


def test_the_second_round_changes_the_last_year_much_the_one_before_it_little_and_no_other(
    cells: pd.DataFrame, cells_of_first_round: pd.DataFrame
):
    more = _more_victims(cells_of_first_round, cells)
    assert more.pop("2024") >= 11  # late cases, what a judge decided in 2025, and what a correction had lost
    assert 0 < more.pop("2023") < 11
    assert set(more.values()) == {0}


def test_in_the_other_story_the_second_round_changes_most_years(much_changed: Country):
    more = _more_victims(
        truth.expected_cells(much_changed, sent_until=date(2025, 6, 30)), truth.expected_cells(much_changed)
    )
    assert more.pop("2023") >= 11
    assert 0 < more.pop("2022") < 11
    assert more.pop("2024") > 0  # what a judge decided in 2025, and what a correction had lost
    assert set(more.values()) == set()


def _more_victims(before: pd.DataFrame, after: pd.DataFrame) -> dict[str, int]:
    first, last = (
        _by_year(_of(found[found["ref_area"].isin(truth.FEDERAL_LEAVES)], "PRT-01")) for found in (before, after)
    )
    assert set(last) - set(first) == {"2025"}
    return {year: last[year] - count for year, count in first.items()}


def test_a_file_that_is_taken_back_gives_its_year_what_it_had_lost_and_changes_no_other(
    invented: Country, cells_of_first_round: pd.DataFrame
):
    taken_back = truth.expected_cells(invented, sent_until=date(2025, 7, 8))
    before, after = (_by_year(_of(found, "PRT-01")) for found in (cells_of_first_round, taken_back))
    assert 0 < after.pop("2024") - before.pop("2024") <= 15
    assert after == before


def test_in_the_first_round_the_kurdistan_region_has_not_sent_a_list(cells_of_first_round: pd.DataFrame):
    region = cells_of_first_round[cells_of_first_round["ref_area"].isin(truth.REGION_LEAVES)]
    assert set(region["obs_status"]) == {"O"}


def _by_region(found: pd.DataFrame) -> pd.Series:
    region = found["ref_area"].where(found["ref_area"].isin(truth.REGION_LEAVES), truth.FEDERAL)
    return found.groupby([region, "time_period"])["obs_value"].sum()


def test_males_and_children_who_asked_for_shelter_are_those_of_the_whole(cells: pd.DataFrame):
    for measure in ("DENOMINATOR", "NUMERATOR"):
        whole = _of(cells, "PRT-08", measure)
        males, children = whole[whole["sex"] == "M"], whole[whole["age"] == "Y0T17"]
        pd.testing.assert_series_equal(_by_region(_of(cells, "PRT-09", measure)), _by_region(males))
        pd.testing.assert_series_equal(_by_region(_of(cells, "PRT-10", measure)), _by_region(children))
    pd.testing.assert_series_equal(_by_region(_of(cells, "PRT-16")), _by_region(_of(cells, "PRT-13", "DENOMINATOR")))


def test_help_reaches_fewer_than_were_identified_and_each_kind_reaches_somebody(cells: pd.DataFrame):
    identified = _by_region(_of(cells, "PRT-02"))
    for indicator in ("PRT-17", "PRT-18", "PRT-19", "PRT-21", "PRT-22", "PRT-23"):
        helped = _by_region(_of(cells, indicator, "NUMERATOR"))
        assert len(helped) == 8  # two years of silence
        assert (helped < identified.reindex(helped.index)).all()


def test_what_no_body_tells_is_missing_everywhere(cells: pd.DataFrame):
    for indicator in ("PRT-20", "PRT-24", "PRT-25", "PRT-26"):
        found = cells[cells["indicator"] == indicator]
        assert set(found["obs_status"]) == {"O"}
        assert set(found["ref_area"]) == {truth.FEDERAL, truth.REGION}
        assert found["time_period"].nunique() == 10


def test_a_shelter_for_men_is_opened_in_one_governorate_of_fifteen(cells: pd.DataFrame):
    men = _of(cells, "PRT-15", "NUMERATOR")
    opened = men[men["cust_breakdown"] == "TAKES_MEN"].set_index("time_period")["obs_value"].to_dict()
    assert opened == {"2024": 1, "2025": 1}
    assert set(_of(cells, "PRT-15", "DENOMINATOR")["obs_value"]) == {15}


def test_sentences_partition_the_convictions_and_circumstances_are_part_of_article_6(cells: pd.DataFrame):
    assert _by_year(_of(cells, "PRS-09", "NUMERATOR")) == _by_year(_of(cells, "PRS-05"))
    article_mix = _of(cells, "PRS-07", "NUMERATOR")
    under_6 = _by_year(article_mix[article_mix["article"] == "A6"])
    named = _by_year(_of(cells, "PRS-08", "NUMERATOR"))
    assert all(0 < named[year] <= under_6[year] for year in under_6)
    assert (_of(cells, "PRS-09", "NUMERATOR")["cust_breakdown"] == "SENTENCE_SUSPENDED").any()


def test_every_stage_of_a_case_is_part_of_the_one_before(cells: pd.DataFrame):
    pairs = (
        (("PRS-02", "COUNT"), ("PRS-01", "COUNT")),
        (("PRS-12", "NUMERATOR"), ("PRS-01", "COUNT")),
        (("PRS-10", "NUMERATOR"), ("PRS-11", "COUNT")),
        (("PRS-06", "NUMERATOR"), ("PRS-03", "COUNT")),
    )
    for part, whole in pairs:
        parts, wholes = _by_year(_of(cells, *part)), _by_year(_of(cells, *whole))
        assert all(count < wholes[year] for year, count in parts.items()), part
        assert len(parts) >= 9  # in its first year no case had been tried under another law yet


def test_what_no_body_tells_of_trials_is_missing_and_never_zero(cells: pd.DataFrame):
    for indicator in ("PRS-13", "PRS-14", "PRS-15", "PRS-16", "PRS-17"):
        assert set(cells.loc[cells["indicator"] == indicator, "obs_status"]) == {"O"}


def test_the_gap_of_definition_is_of_children_outside_the_region_whose_elements_nobody_tells(cells: pd.DataFrame):
    gap = _of(cells, "PRS-18", "NUMERATOR")
    presumed = _of(cells, "PRT-01")
    children = _by_year(presumed[(presumed["age"] == "Y0T17") & presumed["ref_area"].isin(truth.FEDERAL_LEAVES)])
    assert set(gap["ref_area"]) == {"IQ-FED"}
    assert all(0 < count < children[year] for year, count in _by_year(gap).items())


def test_shelters_are_partly_full_and_of_fewer_than_three_nothing_is_told(cells: pd.DataFrame):
    of_shelters = cells[(cells["indicator"] == "PRT-14") & (cells["ref_area"] == truth.FEDERAL)]
    federal = of_shelters.set_index(["measure", "time_period"])
    spent, beds = (federal.loc[name, "obs_value"].dropna() for name in ("NUMERATOR", "DENOMINATOR"))
    assert set(spent.index) == set(beds.index) == {"2024", "2025"}  # since then there are three
    assert set(federal.loc[("NUMERATOR", "2023")]["obs_status"]) == {"Q"}
    assert (spent % 1000 == 0).all()
    assert (spent < beds).all()
    assert beds["2024"] == (80 + 50 + 40) * 366


def test_channels_partition_the_presumed_victims_and_who_came_forward_is_one_of_them(cells: pd.DataFrame):
    federal = cells[~cells["ref_area"].isin(truth.REGION_LEAVES)]
    channels = _of(cells, "PRT-06")
    assert _by_year(channels) == _by_year(_of(federal, "PRT-01"))
    themselves = channels[channels["cust_breakdown"] == "DETECTED_SELF"]
    assert _by_year(_of(cells, "PRT-07", "NUMERATOR")) == _by_year(themselves)


def test_charges_penalties_and_days_are_part_of_what_they_are_of(cells: pd.DataFrame):
    pairs = (
        (("PRT-05", "COUNT"), ("PRT-02", "COUNT")),
        (("PRT-29", "NUMERATOR"), ("PRT-01", "COUNT")),
        (("NCR-02", "NUMERATOR"), ("NCR-01", "NUMERATOR")),
        (("NCR-04", "NUMERATOR"), ("NCR-01", "NUMERATOR")),
        (("NCR-03", "NUMERATOR"), ("NCR-03", "DENOMINATOR")),
        (("NCR-03", "DENOMINATOR"), ("PRT-01", "COUNT")),
        (("NCR-05", "NUMERATOR"), ("NCR-05", "DENOMINATOR")),
    )
    for part, whole in pairs:
        parts, wholes = _by_year(_of(cells, *part)), _by_year(_of(cells, *whole))
        assert parts
        assert all(count <= wholes[year] for year, count in parts.items()), part


def test_what_no_body_tells_of_return_compensation_and_screening_is_missing(cells: pd.DataFrame):
    for indicator in ("PRT-27", "PRT-28", "PRT-30", "NCR-06", "NCR-07", "NCR-08", "NCR-09", "NCR-10"):
        assert set(cells.loc[cells["indicator"] == indicator, "obs_status"]) == {"O"}


def test_without_a_clause_in_the_register_no_federal_cell_is_missing(cells: pd.DataFrame):
    clause = cells[cells["indicator"] == "NCR-11"]
    assert set(clause["ref_area"]) == {truth.REGION}  # a federal zero is implied
    assert set(clause["obs_status"]) == {"O"}
