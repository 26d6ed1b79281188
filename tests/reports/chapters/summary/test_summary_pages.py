"""The two pages say what released cells hold, each sentence once, and stand in a home that knows little."""

from __future__ import annotations

import re
from collections.abc import Iterable

import pandas as pd
import pytest

from expectations.cards.cells import DIMENSIONS, TOTAL
from languages.words import Words, languages
from reports.answers.found_answers import answers_of
from reports.chapters.summary.summary_pages import summary
from reports.editions.summary import Summary, SummaryPart
from reports.released.released_tables import cells_of
from reports.released.report_model import NATIONAL, Report, ReportedRelease

ISOLATES = re.compile("[\u2066-\u2069\u061c]")
GOVERNORATES = "four_ps_governorate"
STANDARD = {"unit": "percent", "met_from": 90, "not_met_below": 60, "adopted": "2025-12-10",
            "source": {"en": "A plan.", "ar": "خطة.", "ckb": "پلان."}}  # fmt: skip
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
        "dataset": dataset, "protection": {"minimum_base": 20}, "breaks": [],
        "indicators": {code: {"demand": [], "caveats": [], "derived": {}, "basis": "cohort"} for code in codes},
        "frozen": [{"year": frozen, "indicators": codes}] if frozen else [],
        "standards": dict.fromkeys(standards, STANDARD),
    }  # fmt: skip
    return ReportedRelease(dataset, "1-0123456789ab", "", manifest, {}, frame, cells_of(frame))


def national(*rows: dict[str, object], standards: tuple[str, ...] = ()) -> ReportedRelease:
    others = [row("PRV-01", "COUNT", 5, year=year) for year in ("2024", "2025")]
    return release(NATIONAL, [*rows, *others], "", *standards)


def told(*releases: ReportedRelease, tag: str = "en") -> Summary:
    pages = summary(Report(tuple(releases), (), is_invented=True), Words.load(tag))
    assert pages is not None
    return pages


def sentences(pages: Summary) -> list[str]:
    parts = (*pages.answers, *pages.others)
    return [ISOLATES.sub("", text) for part in parts for text in (*part.texts, *part.items)]


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


def beds_and_shelters(women: int) -> list[dict[str, object]]:
    """Free beds, and shelters for women in some of 15 governorates, for men and children in each."""
    counts = {"TAKES_WOMEN": women, "TAKES_MEN": 15, "TAKES_CHILDREN": 15}
    return [
        row("PRT-14", "NUMERATOR", 17000, method="NONE"),
        row("PRT-14", "DENOMINATOR", 62050, method="NONE"),
        *(
            row("PRT-15", measure, count, method="NONE", cust_breakdown=code)
            for code, taking in counts.items()
            for measure, count in (("NUMERATOR", taking), ("DENOMINATOR", 15))
        ),
    ]


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
        row("NCR-01", "NUMERATOR", 45), row("NCR-03", "DENOMINATOR", 110),
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
    assert states["D1"] == ("partly_met", "partly met")
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
    answered = part(told(full()), "D1")
    assert answered is not None
    warned, refused, reasons = (
        next(place for place, text in enumerate(answered.texts) if words in text)
        for words in ("refused and admitted at another time", "refused at least once", "no judge's order (about 55)")
    )
    assert warned < refused < reasons


def test_every_number_of_persons_is_that_of_a_released_cell():
    """Women and girls are no cell: no sum, no difference, and no number of anybody else is printed."""
    pages = told(full(), governorates(IQG08=185, IQG15=40, IQG11=10, IQG01=5))
    cells = {445, 380, 65, 20, 40, 60, 80, 140, 145, 110, 185, 10, 5, 2025, 2024, 29}  # 29: percent of foreigners
    said = " ".join(sentences(pages)[:2] + list((part(pages, "who") or pages.answers[0]).texts))
    table = " ".join(row.figure for row in (part(pages, "where") or pages.answers[0]).rows)
    assert {int(number) for number in re.findall(r"\d+", f"{said} {table}")} <= cells


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


def test_foreigners_alone_are_told_with_what_is_not_released_and_three_citizenships_without():
    foreigners = [text for text in sentences(told(full())) if "Foreigners are" in text]
    assert foreigners == [
        "Foreigners are about 110 of about 380 presumed victims of 2025 in Iraq without the Kurdistan Region (29%). "
        "The others are Iraqis or of unknown citizenship; their numbers are not released."
    ]
    rows = [
        row("PRT-01", "COUNT", count, area="IQ", citizenship=code) for code, count in (("IRQ", 300), ("FOREIGN", 130))
    ]
    pages = told(national(*presumed("IQ", "IQ-FED"), row("NCR-03", "DENOMINATOR", 110), *rows))
    said = [text for text in sentences(pages) if "Citizenship" in text]
    assert len(said) == 1 and "300" in said[0] and "130" in said[0]
    assert not any("not released" in text for text in sentences(pages))


def test_an_unmet_duty_is_told_with_whose_it_is_and_when_it_is_done():
    rows = [row("NCR-01", "NUMERATOR", 45), *presumed("IQ-FED")]
    duties = part(told(national(*rows, standards=("are_victims_charged",))), "duties")
    assert duties is not None
    (duty,) = duties.items
    assert (
        "Duty of: Higher Judicial Council" in duty and "done when at most 10% of presumed victims are charged" in duty
    )
    assert "45" not in duty  # its figure stands on the first page


def test_where_each_duty_is_met_or_not_judged_no_duty_is_told():
    assert part(told(national(*presumed("IQ-FED"))), "duties") is None


def test_what_is_not_known_names_who_must_send_it_and_a_question_once():
    gaps = part(told(full()), "unknown")
    assert gaps is not None
    questions = [question for item in gaps.items for question in re.findall(r"[A-Z][^.?:]*\?", item)]
    assert questions and len(questions) == len(set(questions))
    waiting = [
        answer for answer in answers_of(Report((full(),), (), is_invented=True)) if answer.unknown == "agreement"
    ]
    agreements = [
        item for item in gaps.items if "an agreement on who sends the figure is missing" in ISOLATES.sub("", item)
    ]
    assert len(agreements) == len({answer.area for answer in waiting}) > 0
    (region,) = (ISOLATES.sub("", item) for item in agreements if "Kurdistan Region of Iraq:" in ISOLATES.sub("", item))
    assert region.endswith("already sent by: Ministry of Interior of the Kurdistan Region.")
    assert not any("no agency" in item for item in gaps.items)


def test_each_main_number_bears_the_area_that_it_counts():
    pages = told(
        national(*(count for year in ("2024", "2025") for count in presumed("IQ", "IQ-FED", "IQ-KR", year=year)))
    )
    assert pages.figure_of == "presumed victims in all of Iraq, 2025"
    many = sentences(pages)[:2]
    assert all("in all of Iraq" in text and "380 in Iraq without the Kurdistan Region" in text for text in many)


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
def test_a_verdict_is_said_of_the_standard_and_never_hangs_after_the_sentence(tag: str):
    words, pages = Words.load(tag), told(full(), tag=tag)
    verdicts = [words.text(f"answer.verdict.{verdict}") for verdict in ("met", "partly_met", "not_met")]
    label = ISOLATES.sub("", words.text("summary.judged", text="", verdict="")).strip(". ")
    judged = [text for text in sentences(pages) if any(f": {verdict}" in text for verdict in verdicts)]
    assert judged and all(f". {label} " in text for text in judged)


def test_children_among_the_charged_are_told_from_their_released_cell_alone():
    rows = [row("NCR-01", "NUMERATOR", 45), *presumed("IQ-FED")]
    assert not any("Children among" in text for text in sentences(told(national(*rows))))
    told_children = sentences(told(national(*rows, row("NCR-01", "NUMERATOR", 15, age="Y0T17"))))
    assert "Children among those charged: about 15." in told_children


@pytest.mark.parametrize(("women", "is_told"), [(14, True), (15, False)])
def test_free_beds_are_told_only_where_shelters_do_not_serve_everybody(women: int, is_told: bool):
    pages = told(national(*presumed("IQ-FED"), *beds_and_shelters(women)))
    assert any("not every governorate" in text and "bed nights" in text for text in sentences(pages)) is is_told
    assert any("bed nights" in text for text in sentences(pages)) is is_told
