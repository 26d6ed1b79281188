"""The two pages say what released cells hold, each sentence once, and stand in a home that knows little."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

import pandas as pd
import pytest

from expectations.cards.cells import DIMENSIONS, TOTAL
from expectations.published.published_estimates import PlaceEstimate
from languages.words import Words, languages
from methods.multiple_systems.told_estimate import ToldEstimate
from reports.answers.found_answers import answers_of
from reports.answers.seeming_contradictions import explanation
from reports.chapters.summary.summary_pages import summary
from reports.chapters.unseen.estimate_sections import hidden_section
from reports.editions.summary import FigureLine, Summary, SummaryPart
from reports.released.released_tables import cells_of
from reports.released.report_model import NATIONAL, Report, ReportedRelease

ISOLATES = re.compile("[\u2066-\u2069\u061c]")
GOVERNORATES = "four_ps_governorate"
STANDARD = {"unit": "percent", "met_from": 90, "not_met_below": 60, "adopted": "2025-12-10",
            "source": {"en": "A plan.", "ar": "خطة.", "ckb": "پلان."}}  # fmt: skip
LABOUR = "duty of: Ministry of Labour and Social Affairs"
PERSONS = [{"sex": sex, "age": age} for sex in "FM" for age in ("Y_GE18", "Y0T17")]


def row(
    indicator: str, measure: str, value: float | None, *, area: str = "IQ-FED", year: str = "2025",
    method: str = "ROUNDED_5", **at: str,
) -> dict[str, object]:  # fmt: skip
    status = "Q" if value is None else "A"
    return {
        "indicator": indicator, "measure": measure, "ref_area": area, "time_period": year,
        **{name: at.get(name, TOTAL) for name in DIMENSIONS}, "obs_value": value, "lower": float("nan"),
        "upper": float("nan"), "interval_method": None, "unit_measure": "VICTIM", "obs_status": status,
        "conf_status": "F", "disclosure_method": method, "reports_received_count": 2, "reports_expected_count": 2,
    }  # fmt: skip


def release(dataset: str, rows: Iterable[dict[str, object]], frozen: str = "", *standards: str) -> ReportedRelease:
    frame = pd.DataFrame(rows)
    codes = sorted(set(frame["indicator"]))
    manifest = {
        "dataset": dataset, "protection": {"minimum_base": 20}, "breaks": [], "to_quote": [],
        "indicators": {code: {"demand": [], "caveats": [], "derived": {}, "basis": "cohort"} for code in codes},
        "frozen": [{"year": frozen, "indicators": codes}] if frozen else [],
        "standards": dict.fromkeys(standards, STANDARD),
    }  # fmt: skip
    return ReportedRelease(dataset, "1-0123456789ab", "", manifest, {}, frame, cells_of(frame))


def national(*rows: dict[str, object], standards: tuple[str, ...] = ()) -> ReportedRelease:
    others = [row("PRV-01", "COUNT", 5, year=year) for year in ("2024", "2025")]
    return release(NATIONAL, [*rows, *others], "", *standards)


def told(*releases: ReportedRelease, tag: str = "en") -> Summary:
    return summary_of(Report(tuple(releases), (), is_invented=True), tag)


def summary_of(report: Report, tag: str = "en") -> Summary:
    pages = summary(report, Words.load(tag))
    assert pages is not None
    return pages


def sentences(pages: Summary) -> list[str]:
    parts = (*pages.answers, *pages.others)
    return [ISOLATES.sub("", text) for part in parts for text in (*part.texts, *part.items, *spoken_lines(part))]


def spoken_lines(part: SummaryPart) -> list[str]:
    return [f"{line.what}: {line.figure}" for line in part.lines]


def line(pages: Summary, name: str, what: str) -> FigureLine:
    found = part(pages, name)
    assert found is not None
    return next(line for line in found.lines if line.what.startswith(what))


def part(pages: Summary, name: str) -> SummaryPart | None:
    return next((part for part in (*pages.answers, *pages.others) if part.id == name), None)


def presumed(*areas: str, year: str = "2025") -> list[dict[str, object]]:
    counts = {"IQ": 445, "IQ-FED": 380, "IQ-KR": 65}
    return [row("PRT-01", "COUNT", counts[area], area=area, year=year) for area in areas]


def governorates(**counts: float | None) -> ReportedRelease:
    rows = [row("PRT-01", "COUNT", count, area=area.replace("_", "-")) for area, count in counts.items()]
    return release(GOVERNORATES, rows)


def where(**counts: float | None) -> list[tuple[str, str]]:
    found = part(told(national(*presumed("IQ-FED")), governorates(**counts)), "where")
    return [(place.places, place.figure) for place in found.rows] if found else []


def full(*, standards: bool = True) -> ReportedRelease:
    asked = ("are_those_who_ask_admitted", "is_a_condition_imposed", "are_victims_charged") if standards else ()
    return national(
        *presumed("IQ", "IQ-FED", "IQ-KR"), *presumed("IQ", year="2024"),
        *(row("PRT-01", "COUNT", 20 * number, area="IQ", **at) for number, at in enumerate(PERSONS, start=1)),
        *(row("PRT-01", "COUNT", count, area="IQ", form=form) for form, count in (("SEXUAL", 140), ("OTHER", 145))),
        *(row("PRT-01", "COUNT", count, area="IQ", age="Y0T17", **at)
          for count, at in ((135, {}), (65, {"form": "BEGGING"}))),
        row("PRT-08", "NUMERATOR", 155), row("PRT-08", "DENOMINATOR", 240), row("PRT-12", "NUMERATOR", 155),
        row("PRT-11", "NUMERATOR", 100), row("PRT-11", "NUMERATOR", 55, cust_breakdown="REFUSAL_NO_JUDGE_ORDER"),
        row("NCR-01", "NUMERATOR", 45),
        *(row("PRT-31", "COUNT", count, area="IQ", citizenship=code)
          for code, count in (("IRQ", 300), ("FOREIGN", 130))),
        row("PRS-05", "COUNT", 195), row("PRS-09", "NUMERATOR", 115, cust_breakdown="SENTENCE_10_19"),
        standards=asked,
    )  # fmt: skip


@pytest.mark.parametrize("tag", languages())
def test_the_five_answers_stand_in_their_order_and_each_sentence_once(tag: str):
    pages = told(full(), tag=tag)
    assert [part.id for part in pages.answers] == ["many", "D1", "D2", "D3", "D4", "courts"]
    said = sentences(pages)
    assert len(said) == len(set(said))


def test_each_verdict_follows_from_the_standards_and_none_is_said_of_the_courts():
    states = {part.id: (part.state, part.verdict) for part in told(full()).answers}
    assert states["D1"] == ("not_met", "not met"), "shelter on a judge's order is not unconditional"
    assert states["D4"] == ("not_known", "not known")
    assert states["courts"] == ("", "no adopted standard")


def test_without_an_adopted_standard_no_verdict_is_said():
    pages = told(full(standards=False))
    assert {part.verdict for part in pages.answers} <= {"", "no adopted standard", "not known"}
    assert not any("standards were adopted" in note for note in pages.notes)


def test_every_form_leads_with_all_of_iraq_and_both_regions_where_they_are_released():
    pages = told(full())
    assert ISOLATES.sub("", pages.figure) == "about 445"
    assert all(figure in pages.sentence for figure in ("445", "380", "65", "so far"))
    assert sentences(pages)[0] == pages.sentence


@pytest.mark.parametrize(("areas", "figure"), [(("IQ-FED",), "about 380"), (("IQ-KR",), "about 65"), ((), "")])
def test_where_all_of_iraq_is_not_released_the_widest_region_leads(areas: tuple[str, ...], figure: str):
    assert told(national(*presumed(*areas))).figure == figure


def test_a_home_that_knows_nothing_has_its_questions_and_no_empty_heading():
    pages = told(national())
    assert [part.id for part in pages.answers] == ["D1", "D2", "D3", "D4"]
    assert (pages.figure, part(pages, "who"), part(pages, "where")) == ("", None, None)
    assert all("Not known:" in part.texts[0] for part in pages.answers)


def test_a_region_alone_is_the_area_of_the_pages():
    pages = told(national(*presumed("IQ-KR"), row("PRT-08", "NUMERATOR", 20, area="IQ-KR"),
                          row("PRT-08", "DENOMINATOR", 40, area="IQ-KR")))  # fmt: skip
    assert pages.area == "Kurdistan Region of Iraq"


def test_refusals_are_told_with_their_first_reason_and_that_some_were_admitted():
    refused = line(told(full()), "D1", "Refused at least once")
    assert "perhaps admitted another time" in refused.what
    assert refused.figure == "about 100 of about 240 (42%); no judge's order (about 55)"


def test_every_number_of_persons_is_that_of_a_released_cell():
    """Women and girls are no cell: no sum, no difference, and no number of anybody else is printed."""
    pages = told(full(), governorates(IQG08=185, IQG15=40, IQG11=10, IQG01=5))
    cells = {445, 380, 65, 20, 40, 60, 80, 140, 145, 135, 110, 185, 10, 5, 155, 240, 100, 55, 45, 195, 115, 300, 130}
    shares, years_of_prison, years = {65, 42, 12, 30}, {10, 20}, {2025, 2024}
    parts = [*pages.answers, *(found for name in ("who", "where") if (found := part(pages, name)) is not None)]
    said = " ".join(
        text
        for each in parts
        for text in (*each.texts, *(line.figure for line in each.lines), *(row.figure for row in each.rows))
    )
    assert len(parts) == 8
    numbers = {int(number) for number in re.findall(r"\d+", ISOLATES.sub("", said).replace("Law 28/2012", ""))}
    assert numbers <= cells | shares | years_of_prison | years


@pytest.mark.parametrize(("count", "figure"), [(10, "about 10 or fewer in each"), (15, "about 15 or fewer in each")])
def test_small_governorates_are_gathered_under_their_greatest(count: int, figure: str):
    assert where(IQG08=185, IQG15=count, IQG11=5) == [("Baghdad", "about 185"), ("others (2)", figure)]


def test_a_governorate_above_the_small_ones_is_named():
    assert where(IQG08=185, IQG15=20, IQG11=5) == [
        ("Baghdad", "about 185"),
        ("Ninewa", "about 20"),
        ("Erbil", "about 5"),
    ]


def test_equal_governorates_share_a_row_and_the_unknown_one_stands_last():
    assert where(IQG02=20, IQG07=20, IQ_FED_U=10)[0] == ("Al-Basrah, Babil", "about 20 in each")
    assert where(IQG02=20, IQ_FED_U=10)[-1] == ("Governorate not recorded", "about 10")


def test_small_governorates_alone_are_named_not_called_others():
    assert where(IQG02=10, IQG07=5) == [("Al-Basrah, Babil", "about 10 or fewer in each")]


def test_a_withheld_governorate_is_never_among_the_small_ones():
    assert where(IQG08=185, IQG15=5, IQG11=10, IQG12=None)[1:] == [
        ("others (2)", "about 10 or fewer in each"),
        ("Kerbala", "not released"),
    ]


def test_governorates_of_an_earlier_release_are_not_printed():
    frozen = release(GOVERNORATES, [row("PRT-01", "COUNT", 20, area="IQG08")], "2025")
    assert part(told(national(*presumed("IQ-FED")), frozen), "where") is None


def test_the_bound_is_that_of_the_figures_on_the_page():
    assert any("persons by 4 and a share by" in note for note in told(full()).notes)
    counts = told(national(*presumed("IQ-FED")))
    assert any("persons by 4 at most" in note for note in counts.notes)
    exact = told(national(row("PRT-01", "COUNT", 380, method="EXACT_11")))
    assert not any("rounding" in note for note in exact.notes)


def test_citizenship_is_that_of_the_widest_area_and_left_out_where_it_is_not_released():
    assert (
        line(told(full()), "who", "Citizenship").figure
        == "Iraqis 300, foreigners 130 (single countries are not released)"
    )
    pages = told(national(*presumed("IQ", "IQ-FED"), row("PRT-31", "COUNT", 300, citizenship="IRQ")))
    assert part(pages, "who") is None


def test_an_unmet_duty_is_told_with_whose_it_is_and_when_it_is_done():
    rows = [row("NCR-01", "NUMERATOR", 45), *presumed("IQ-FED")]
    duties = part(told(national(*rows, standards=("are_victims_charged",))), "duties")
    assert duties is not None
    (duty,) = duties.items
    assert (
        "Duty of: Higher Judicial Council" in duty and "done when at most 10% of presumed victims are charged" in duty
    )
    assert "45" not in duty  # its figure stands on the first page


def test_an_unmet_duty_names_the_article_that_orders_it_or_that_none_is_known():
    rows = [row("NCR-01", "NUMERATOR", 45), *presumed("IQ-FED"), row("PRT-02", "COUNT", 295),
            row("PRT-19", "NUMERATOR", 40), row("PRT-08", "DENOMINATOR", 240), row("PRT-08", "NUMERATOR", 155),
            row("PRT-12", "NUMERATOR", 155)]  # fmt: skip
    ordered = (
        "Article 11 of Law 28/2012 orders it, as a newspaper quotes the article; its items bear numbers of this "
        "report's own."
    )
    asked = {
        "do_victims_get_legal_advice": ordered,
        "are_victims_charged": "No article that this report knows orders it.",
        "is_a_condition_imposed": "",
    }
    for question, order in asked.items():
        duties = part(told(national(*rows, standards=(question,))), "duties")
        assert duties is not None
        (duty,) = duties.items
        assert order in ISOLATES.sub("", duty) and ("orders it" in duty) == bool(order)


def test_of_how_many_unmet_duties_some_are_named_is_said_unless_each_is():
    rows = [row("NCR-01", "NUMERATOR", 45), *presumed("IQ-FED"), row("PRT-02", "COUNT", 295),
            row("PRT-17", "NUMERATOR", 85), row("PRT-19", "NUMERATOR", 40),
            row("PRT-08", "NUMERATOR", 100), row("PRT-08", "DENOMINATOR", 240)]  # fmt: skip
    of_ministry = ("are_those_who_ask_admitted", "are_victims_examined_by_a_doctor", "do_victims_get_legal_advice")

    def duties(*standards: str) -> SummaryPart:
        named = part(told(national(*rows, standards=standards)), "duties")
        assert named is not None
        return named

    assert duties("are_victims_charged", *of_ministry[:2]).texts == ()
    some = duties("are_victims_charged", *of_ministry)
    assert some.texts[0].startswith("3 of 4 duties to persons") and len(some.items) == 3
    assert some.texts[0].endswith("at most 2 of one agency.")


def test_boys_are_said_to_be_among_children_and_among_men_and_boys():
    asked = [row(f"PRT-{number}", measure, count) for number in ("08", "09", "10")
             for measure, count in (("NUMERATOR", 45), ("DENOMINATOR", 85))]  # fmt: skip
    admitted = line(told(national(*presumed("IQ-FED"), *asked)), "D1", "Admitted, of those")
    assert "men and boys (boys are counted among children too): about 45 of about 85" in admitted.figure


def test_where_each_duty_is_met_or_not_judged_no_duty_is_told():
    assert part(told(national(*presumed("IQ-FED"))), "duties") is None


def test_what_is_not_known_names_who_must_send_it_and_a_question_once():
    gaps = part(told(full()), "unknown")
    assert gaps is not None
    questions = [question for line in gaps.lines for question in re.findall(r"[A-Z][^.?]*\?", line.figure)]
    assert questions and len(questions) == len(set(questions))
    waiting = [
        answer for answer in answers_of(Report((full(),), (), is_invented=True)) if answer.unknown == "agreement"
    ]
    agreements = [item for item in gaps.items if "it is not agreed yet who sends the figure" in ISOLATES.sub("", item)]
    assert len(agreements) == len({answer.area for answer in waiting}) > 0
    (region,) = (ISOLATES.sub("", item) for item in agreements if "Kurdistan Region of Iraq:" in ISOLATES.sub("", item))
    sent = (
        "Kurdistan Region of Iraq: figures are sent already by Ministry of Interior of the Kurdistan Region, and for "
    )
    assert region.startswith(sent) and len(re.findall(r"\d+", region)) == 1  # of how many would be read as a share
    assert not any("no agency" in item for item in gaps.items)


def test_a_question_that_is_unknown_of_one_region_alone_names_it():
    """A reader of a question without a place reads that nobody knows."""
    children = row("PRT-01", "COUNT", 110, age="Y0T17")
    gaps = part(told(national(*presumed("IQ-FED"), *presumed("IQ-KR"), children)), "unknown")
    assert gaps is not None
    questions = [ISOLATES.sub("", line.figure) for line in gaps.lines]
    assert any("are children, and are they girls or boys? (Kurdistan Region of Iraq)" in text for text in questions)
    assert "What comes of calls to the hotline?" in questions  # unknown of all


def test_each_main_number_bears_the_area_that_it_counts():
    pages = told(
        national(*(count for year in ("2024", "2025") for count in presumed("IQ", "IQ-FED", "IQ-KR", year=year)))
    )
    assert pages.figure_of == "presumed victims in all of Iraq, 2025"
    many = sentences(pages)[:2]
    assert all("in all of Iraq" in text for text in many)
    assert "380 in Iraq without the Kurdistan Region" in many[0]


def test_whether_there_are_more_or_fewer_is_said_with_the_year_before_and_left_open():
    _, before, *_ = sentences(told(full()))
    assert before.startswith("Whether that is more or fewer than in 2024 is not known yet: about 445")
    assert "more or fewer" not in " ".join(sentences(told(national(*presumed("IQ")))))


def _of_a_period(released: ReportedRelease) -> ReportedRelease:
    """The same release; its presumed victims are no cohort, as on the indicator's card."""
    indicators = {**released.manifest["indicators"]}
    indicators["PRT-01"] = {**indicators["PRT-01"], "basis": "period"}
    return replace(released, manifest={**released.manifest, "indicators": indicators})


def test_an_estimate_of_a_year_that_still_grows_is_told_in_no_form():
    figures = ToldEstimate(410, 380, 430, 390, 420, 400, "stable", ())
    estimates = (PlaceEstimate("IQ-FED", "2025", "", 380, 30, figures),)
    released = _of_a_period(national(*presumed("IQ-FED"), *presumed("IQ-FED", year="2024")))
    before = released.frame.assign(
        obs_value=released.frame["obs_value"].where(released.frame["time_period"] != "2024", 300.0)
    )
    grown = replace(released, previous=before[before["time_period"] == "2024"])
    for told, is_grown in ((released, False), (grown, True)):
        report = Report((told,), (), is_invented=True, estimates=estimates)
        text = " ".join(sentences(summary_of(report)))
        assert ("410" in text) != is_grown
        section = " ".join(chapter.model_dump_json() for chapter in hidden_section(report, Words.load("en")))
        assert ("410" in section) != is_grown
        assert ("still being reported" in section) == is_grown


def test_a_published_estimate_of_all_victims_stands_where_else_it_is_said_that_not_all_were_met():
    figures = ToldEstimate(410, 380, 430, 390, 420, 400, "stable", ())
    estimates = [PlaceEstimate("IQ-FED", year, "", 380, 30, figures) for year in ("2024", "2025")]
    refused = PlaceEstimate("IQ-FED", "2025", "few_lists")
    without, of_another_year, with_it = (
        sentences(summary_of(Report((_of_a_period(full()),), (), is_invented=True, estimates=tuple(told))))
        for told in ([refused], estimates[:1], estimates)
    )
    assert with_it[2] == (
        "In Iraq without the Kurdistan Region, where agencies met about 380, about 410 victims of 2025 are "
        "estimated in all, met or not (380 to 430, 95% confidence); rather too low than too high."
    )
    assert without[2] == of_another_year[2] == "These are the persons whom agencies met, not all victims."


@pytest.mark.parametrize(
    ("counts", "title"),
    [
        ({"IQG08": 185, "IQG11": 30}, "Where, in all of Iraq?"),
        ({"IQG08": 185}, "Where, in Iraq without the Kurdistan Region?"),
        ({"IQG11": 30}, "Where, in Kurdistan Region of Iraq?"),
    ],
)
def test_the_table_of_governorates_says_which_area_it_covers(counts: dict[str, float], title: str):
    table = part(told(national(*presumed("IQ-FED")), governorates(**counts)), "where")
    assert table is not None and table.title == title


@pytest.mark.parametrize("tag", languages())
def test_a_verdict_stands_apart_from_its_figure_and_each_has_its_shade(tag: str):
    words, pages = Words.load(tag), told(full(), tag=tag)
    verdicts = {words.text(f"answer.verdict.{verdict}"): verdict for verdict in ("met", "partly_met", "not_met")}
    judged = [line for part in pages.answers for line in part.lines if line.verdict]
    assert judged and all(verdicts[ISOLATES.sub("", line.verdict)] == line.state for line in judged)
    assert not any(text.endswith(f": {verdict}") for text in sentences(pages) for verdict in verdicts)


def test_the_duty_of_the_first_answer_stands_with_it_and_its_verdict_where_the_part_has_another():
    parts = {part.id: part for part in told(full()).answers}
    assert ISOLATES.sub("", parts["D1"].standard) == f"Standard: at least 90% (partly met); {LABOUR}"
    assert parts["courts"].standard == ""
    asked = ("are_those_who_ask_admitted", "is_a_condition_imposed")
    all_met = national(*presumed("IQ-FED"), row("PRT-08", "NUMERATOR", 235), row("PRT-08", "DENOMINATOR", 240),
                       row("PRT-12", "NUMERATOR", 200), standards=asked)  # fmt: skip
    both = part(told(all_met), "D1")
    assert both is not None and both.verdict == "not met"
    assert ISOLATES.sub("", both.standard) == f"Standard: at least 90% (met); {LABOUR}"


def test_a_line_names_whose_duty_it_is_where_that_is_another_agency_s():
    rows = [row("NCR-01", "NUMERATOR", 45), row("NCR-05", "NUMERATOR", 10), row("NCR-05", "DENOMINATOR", 40)]
    asked = ("are_victims_charged", "are_persons_screened_before_a_penalty")
    screened = line(told(national(*presumed("IQ-FED"), *rows, standards=asked)), "D2", "Measures against foreigners")
    assert (screened.figure, screened.verdict) == ("about 10 of about 40; standard: at least 90%", "not met")
    assert screened.duty == "Duty of: Residence Directorate"


def test_children_among_the_charged_are_told_from_their_released_cell_alone():
    rows = [row("NCR-01", "NUMERATOR", 45), *presumed("IQ-FED"), row("PRT-01", "COUNT", 110, age="Y0T17")]
    assert not any("Children charged" in text for text in sentences(told(national(*rows))))
    pages = told(national(*rows, row("NCR-01", "NUMERATOR", 15, age="Y0T17"), standards=("are_victims_charged",)))
    children = line(pages, "D2", "Children charged")
    assert (children.figure, children.verdict) == ("about 15 of about 110", "")  # the standard is one for all


def shelters(*groups: str) -> list[dict[str, object]]:
    return [
        row("PRT-15", measure, count, method="NONE", cust_breakdown=f"TAKES_{group}")
        for group in groups
        for measure, count in (("NUMERATOR", 2), ("DENOMINATOR", 15))
    ]


@pytest.mark.parametrize(
    ("demand", "reason"),
    [
        ("D1", "Shelters record why"),
        ("D1", "Only those who ask"),
        ("D2", "No agency counts it"),
        ("D3", "No file says whether"),
        ("D3", "No agency is asked"),
        ("D4", "Referrals of children"),
        ("courts", "Never published"),
    ],
)
def test_a_question_that_no_indicator_counts_stands_with_the_reason(demand: str, reason: str):
    asked = part(told(full()), demand)
    assert asked is not None and f"? ({reason}" in ISOLATES.sub("", " ".join(asked.texts))


def test_of_which_year_on_victims_are_released_is_said_where_all_of_iraq_came_later():
    sure = part(told(national(*presumed("IQ-FED", year="2024"), *presumed("IQ", "IQ-FED"))), "sure")
    assert sure is not None
    assert "released from 2024 on in Iraq without the Kurdistan Region, and from 2025 on" in ISOLATES.sub(
        "", " ".join(sure.items)
    )
    assert part(told(national(*presumed("IQ", "IQ-FED"))), "sure") is None


@pytest.mark.parametrize(
    ("before", "change"),
    [(1, "none changed clearly."), (0, "better: Is a provision in force"), (2, "worse: Is a provision in force")],
)
def test_what_changed_is_said_with_of_how_many_figures_that_may_be_said(before: int, change: str):
    provisions = [
        row("NCR-11", "COUNT", count, method="NONE", year=year) for year, count in (("2024", before), ("2025", 1))
    ]
    published = national(*presumed("IQ-FED"), *provisions)
    published.manifest["indicators"]["NCR-11"]["basis"] = "period"  # it does not grow
    sure = part(told(published), "sure")
    assert sure is not None
    (changed,) = sure.items
    assert f"1 may be compared: {change}" in ISOLATES.sub("", changed)
    assert changed.endswith("No figure says what caused a change.") == (before != 1)


def test_why_figures_may_not_be_compared_is_said_with_how_many_they_are():
    rows = [row("NCR-11", "COUNT", 1, method="NONE", year=year) for year in ("2024", "2025")]
    growing = [row("NCR-01", "NUMERATOR", 45, year=year) for year in ("2024", "2025")]
    published = national(*presumed("IQ-FED"), *presumed("IQ-FED", year="2024"), *rows, *growing)
    published.manifest["indicators"]["NCR-11"]["basis"] = "period"  # it does not grow
    sure = part(told(published), "sure")
    assert sure is not None
    assert "The others may not, because: the cases of a young year still come in (1)." in ISOLATES.sub(
        "", " ".join(sure.items)
    )


def identified(*, before: float, now: float) -> str:
    counts = [row("PRT-02", "COUNT", count, year=year) for year, count in (("2024", before), ("2025", now))]
    published = national(*presumed("IQ-FED"), *counts)
    published.manifest["indicators"]["PRT-02"]["basis"] = "period"  # it does not grow
    return ISOLATES.sub("", line(told(published), "D3", "Identified by judges").figure)


def test_identifications_stand_with_those_of_the_year_before_and_whether_they_clearly_changed():
    assert identified(before=265, now=295) == "about 295; in 2024: about 265; neither clearly more nor clearly fewer"
    assert identified(before=30, now=295).endswith("clearly more")
    assert identified(before=295, now=30).endswith("clearly fewer")
    alone = national(*presumed("IQ-FED"), row("PRT-02", "COUNT", 295))
    assert line(told(alone), "D3", "Identified by judges").figure == "about 295"


def test_help_under_the_law_stands_item_by_item_with_its_whole_once_and_what_is_not_known():
    counts = {"PRT-17": 80, "PRT-19": 40, "PRT-22": 15}
    helped = [row(indicator, "NUMERATOR", count) for indicator, count in counts.items()]
    known = national(*presumed("IQ-FED"), row("PRT-02", "COUNT", 295), *helped)
    assert ISOLATES.sub("", line(told(known), "D1", "Help under").figure) == (
        "of about 295, a doctor's examination: about 80, lawyer or legal advice: about 40, grant or loan: about 15, "
        "return home of foreigners who ask: not known"
    )
    assert not any(text.startswith("Help under") for text in sentences(told(full())))


def test_answers_to_one_question_of_several_groups_share_a_line_and_each_is_named():
    pages = told(national(*presumed("IQ-FED"), *shelters("WOMEN", "MEN")))
    assert line(pages, "D1", "Governorates").figure == "women: 2 of 15, men: 2 of 15"
    alone = told(national(*presumed("IQ-FED"), *shelters("CHILDREN")))
    assert line(alone, "D1", "Governorates").figure == "children: 2 of 15"


def test_a_line_without_a_figure_gives_its_place_to_the_next_and_the_first_demand_has_five_at_most():
    leaving = [row("PRT-13", "NUMERATOR", 15), row("PRT-13", "DENOMINATOR", 80)]
    rows = [*presumed("IQ-FED"), *leaving, *shelters("MEN"), row("PRT-08", "NUMERATOR", 155),
            row("PRT-08", "DENOMINATOR", 240), row("PRT-09", "NUMERATOR", 70), row("PRT-09", "DENOMINATOR", 100),
            row("PRT-12", "NUMERATOR", 155)]  # fmt: skip
    last = "Needed a court's order to leave"
    assert line(told(national(*rows)), "D1", last).figure == "about 15 of about 80"
    helped = [row("PRT-02", "COUNT", 295), row("PRT-17", "NUMERATOR", 80)]
    filled = part(told(national(*rows, row("PRT-11", "NUMERATOR", 100), *helped)), "D1")
    assert filled is not None and len(filled.lines) == 5
    assert not any(each.what.startswith(last) for each in filled.lines)


def test_who_first_noticed_victims_is_told_by_the_greatest_channels_and_the_unknown_one_last():
    channels = {"POLICE": 185, "U": 40, "COURT": 21, "SELF": 29}
    rows = [row("PRT-06", "COUNT", count, method="EXACT_11", cust_breakdown=f"DETECTED_{name}")
            for name, count in channels.items()]  # fmt: skip
    noticed = line(told(national(*presumed("IQ-FED"), *rows)), "D3", "Who first noticed")
    assert noticed.figure == "police (185), the person came forward (29), court (21), channel unknown (40)"


def test_a_list_is_not_cut_between_equal_channels_and_names_the_unknown_among_the_greatest():
    """A reader who does not find an agency believes that it noticed fewer than those that are named."""
    channels = {
        "POLICE": 185,
        "COMMUNITY_POLICE": 38,
        "U": 30,
        "SELF": 29,
        "HOTLINE": 24,
        "COURT": 24,
        "ORGANISATION": 9,
    }
    rows = [row("PRT-06", "COUNT", count, method="EXACT_11", cust_breakdown=f"DETECTED_{name}")
            for name, count in channels.items()]  # fmt: skip
    noticed = line(told(national(*presumed("IQ-FED"), *rows)), "D3", "Who first noticed")
    assert noticed.figure == ("police (185), community police (38), the person came forward (29), channel unknown (30)")


@pytest.mark.parametrize(
    ("touched", "named"),
    [
        (["PRT-08", "PRT-11"], "“Shelter is an unconditional right”, all but “Governorates with a shelter”, are not"),
        (["PRT-08", "PRT-11", "PRT-15"], "“Shelter is an unconditional right” are not compared"),
        (["PRT-11"], "“Shelter refusals by reason” are not compared"),
    ],
)
def test_a_break_names_the_figures_that_it_touches_and_no_others(touched: list[str], named: str):
    rows = [row("PRT-08", "NUMERATOR", 155), row("PRT-08", "DENOMINATOR", 240), row("PRT-11", "NUMERATOR", 100)]
    pages = national(*presumed("IQ-FED"), *rows, *shelters("WOMEN"))
    break_years = {"code": "invented_shelters_2024", "kind": "coverage", "first_year": 2024, "whole_year": 2025}
    pages.manifest["breaks"] = [{**break_years, "areas": ["IQ-FED"], "indicators": touched}]
    sure = part(told(pages), "sure")
    assert sure is not None
    assert any(named in ISOLATES.sub("", item) for item in sure.items)


def test_what_must_not_be_written_stands_where_figures_stand():
    care = part(told(full()), "care")
    assert care is not None and len(care.items) == 4
    assert any("other countries" in item for item in care.items)
    assert any("governorates" in item for item in care.items)
    assert part(told(national()), "care") is None


def test_a_break_of_one_figure_leaves_the_others_of_its_part_comparable():
    """`shelters` is broken in 2025; the governorates with a shelter stand in the same part and are not."""
    rows = [row("PRT-15", name, value, year=year, method="NONE", cust_breakdown=code)
            for year in ("2024", "2025") for code in ("TAKES_WOMEN", "TAKES_MEN")
            for name, value in (("NUMERATOR", 2), ("DENOMINATOR", 15))]  # fmt: skip
    rows += [row("PRT-08", name, value, year=year)
             for year in ("2024", "2025") for name, value in (("NUMERATOR", 155), ("DENOMINATOR", 240))]  # fmt: skip
    released = national(*presumed("IQ-FED"), *rows)
    mark = {"code": "invented_shelters_2024", "kind": "coverage", "first_year": 2024, "whole_year": 2025,
            "areas": ["IQ-FED"], "indicators": ["PRT-08"]}  # fmt: skip
    indicators = {code: {**about, "basis": "period"} for code, about in released.manifest["indicators"].items()}
    released = replace(released, manifest={**released.manifest, "indicators": indicators, "breaks": [mark]})
    report = Report((released,), (), is_invented=True)
    comparable = [answer for answer in answers_of(report) if answer.area == "IQ-FED" and answer.direction.is_comparable]
    assert len(comparable) == 2
    (changed,) = [text for text in sentences(summary_of(report)) if text.startswith("Better or worse")]
    assert "2 may be compared" in changed and "what is counted or offered changed in between (1)" in changed


def test_who_sees_children_admitted_and_no_shelter_for_them_is_told_in_one_sentence():
    rows = [row("PRT-10", "NUMERATOR", 45), row("PRT-10", "DENOMINATOR", 85), row("PRT-08", "NUMERATOR", 155),
            row("PRT-08", "DENOMINATOR", 240)]  # fmt: skip
    for count, is_said in ((0, True), (1, False)):
        shelters = [row("PRT-15", name, value, method="NONE", cust_breakdown="TAKES_CHILDREN")
                    for name, value in (("NUMERATOR", count), ("DENOMINATOR", 15))]  # fmt: skip
        report = Report((national(*presumed("IQ-FED"), *rows, *shelters),), (), is_invented=True)
        told_once = [text for text in sentences(summary_of(report)) if text.startswith("No shelter for children")]
        assert len(told_once) == is_said
        answers, words = answers_of(report), Words.load("en")
        by_key = {answer.key: answer for answer in answers if answer.area == "IQ-FED"}
        for key in ("are_children_admitted", "in_how_many_governorates_is_a_shelter_for_children"):
            assert bool(explanation(by_key[key], answers, words)) == is_said
