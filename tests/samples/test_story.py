"""What a reader of the report is to find: a court that fell behind, a place that looked more, two breaks of series."""

from __future__ import annotations

from collections import Counter, defaultdict
from statistics import mean

from expectations.cards import series_breaks
from samples.bodies.sight import TASK_FORCE, LetterDelivery, Row
from samples.bodies.task_force import STAYED_FROM
from samples.life import profile
from samples.life.country import Country, rows_of


def _pending(sent: list[LetterDelivery], *, behind: bool) -> dict[int, float]:
    """Cases that wait at the end of a year, by cases that came in: of the court that is behind, or of all others."""
    sums: dict[int, Counter[str]] = defaultdict(Counter)
    for one in sent:
        for row in one.tables.get("workload", ()):
            if (row["governorate_code"] == profile.BACKLOG_AREA) == behind:
                sums[one.period_year].update({name: row[name] for name in ("pending", "received")})
    return {year: count["pending"] / count["received"] for year, count in sums.items()}


def test_one_court_of_appeal_falls_behind_and_the_others_do_not(sent: list[LetterDelivery]):
    behind, others = _pending(sent, behind=True), _pending(sent, behind=False)
    assert behind[2025] > 2.5 > 2.2 > others[2025]
    assert behind[profile.BACKLOG_FROM - 1] < 2.2


def test_only_cases_of_the_court_that_is_behind_wait_longer_than_two_years(invented: Country):
    tried = rows_of(invented.proceedings.merge(invented.accused, on="accused_number").merge(invented.cases))
    late = [one for one in tried if one["arrest_date"] and (one["verdict_date"] - one["arrest_date"]).days > 730]
    assert len(late) > 10
    assert {one["governorate_code"] for one in late} == {profile.BACKLOG_AREA}
    assert min(one["reported_date"].year for one in late) == profile.BACKLOG_FROM


def test_a_governorate_found_more_because_it_looked_more(sent: list[LetterDelivery], events: list[Row]):
    """More inspections, more victims that inspectors found, and more victims: nowhere else."""
    inspections: Counter[tuple[bool, int]] = Counter()
    for one in (one for one in sent if one.source == TASK_FORCE):
        for row in one.tables["activities"]:
            if row["activity_type_code"] == "INSPECTION":
                inspections[row["governorate_code"] == profile.LOOKING_AREA, one.period_year] += 1
    found = Counter(
        (event["governorate_code"] == profile.LOOKING_AREA, event["contact_date"].year)
        for event in events
        if event["detected_by_code"] == "LABOUR_INSPECTION"
    )
    victims = Counter(
        event["contact_date"].year for event in events if event["governorate_code"] == profile.LOOKING_AREA
    )
    before, since = range(2020, profile.LOOKING_FROM), range(profile.LOOKING_FROM, 2026)
    for counts, times in ((inspections, 5), (found, 4)):
        assert mean(counts[True, year] for year in since) > times * mean(counts[True, year] for year in before)
        assert mean(counts[False, year] for year in since) < 1.5 * mean(counts[False, year] for year in before)
    assert mean(victims[year] for year in since) > 2 * mean(victims[year] for year in before)


def _attendance(sent: list[LetterDelivery], *, of_one_day: bool) -> dict[int, float]:
    """Officials counted at trainings, of one day or of several, by those expected there."""
    sums: dict[int, Counter[str]] = defaultdict(Counter)
    for delivery in (delivery for delivery in sent if delivery.source == TASK_FORCE):
        for row in delivery.tables["activities"]:
            held = row["activity_type_code"] == "TRAINING" and row["is_held"] == "Y"
            if held and (row["day_count"] == 1) == of_one_day:
                heads = (row[name] for name in ("men_count", "women_count") if isinstance(row[name], int))
                sums[delivery.period_year].update(counted=sum(heads), expected=row["target_count"])
    return {year: count["counted"] / count["expected"] for year, count in sums.items()}


def test_of_trainings_of_several_days_the_register_counts_who_stayed_and_as_many_come_as_before(
    sent: list[LetterDelivery],
):
    short, long = _attendance(sent, of_one_day=True), _attendance(sent, of_one_day=False)
    before = [year for year in long if year < STAYED_FROM]
    assert all(long[year] < 0.83 < min(long[other] for other in before) for year in long if year not in before)
    assert all(share > 0.83 for share in short.values())
    broken = next(card for card in series_breaks.read_breaks(invented=True) if card.indicators == ["PRV-03"])
    assert broken.first_year == broken.whole_year == STAYED_FROM
    assert not broken.touches("PRV-04", "IQ-FED")
    assert not broken.touches("PRV-03", "IQ-KR")


def test_one_break_of_the_invented_country_is_the_year_in_which_its_shelters_opened():
    (broken,) = (card for card in series_breaks.read_breaks(invented=True) if card.kind == "coverage")
    opened = {year for _, _, year, _ in profile.FACILITIES.values()}
    assert broken.first_year == max(opened) == profile.MEN_SHELTER_FROM
    assert broken.whole_year == broken.first_year + 1
    assert {code[:3] for code in broken.indicators} == {"PRT"}
    assert not broken.touches("PRT-01", "IQ-FED")
    others = [f"{pillar}-{number:02}" for pillar in ("NCR", "PRS", "PRV", "PAR") for number in range(1, 21)]
    assert not any(broken.touches(code, "IQ") for code in others)
