"""The attacks by number, each seen succeeding on an unprotected table and failing on the protected one.

1 to 22 here, by the numbers of `docs/disclosure_attacks.md`; 23 to 30, on files, words and the gate itself, are in
`tests/expectations/gate/test_attack_suite_on_outputs.py`. An attack is given what a reader sees, and returns what it
learns.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import inf

import numpy as np
import pytest

from languages.words import Words
from methods.disclosure.attacks import groups, ratios, roundings, table_arrangement
from methods.disclosure.auditing.audit import AuditQuestion, AuditReport, audit, published_bounds
from methods.disclosure.auditing.vintages import CellBounds, Vintage
from methods.disclosure.derived import share
from methods.disclosure.rounding.additive_rounding import WantedCells, controlled_rounding
from methods.disclosure.table_model import TableModel, build_model
from reports.editions.edition import ChartBlock, ChartSeries
from reports.editions.printed_parts import PrintedFigure
from reports.renderers import charts
from tests.methods.disclosure.invented_tables import crossed, frame

COUNT = "PRT-01/COUNT"
REGION = dict.fromkeys(("L1", "L2", "L3"), ("R",))
SEX, AGE = ("F", "M"), ("Y0T17", "Y_GE18")
HIDDEN = None
Interval = tuple[float, float]


def table(
    published: Sequence[Mapping[str, str]], areas: Sequence[str] = ("L1",), **categories: Sequence[str]
) -> TableModel:
    """A block of one measure, with the given cells published."""
    rows = frame([{"measure": COUNT, "area": "L1", **row} for row in published])
    return build_model(crossed(COUNT, areas, categories), rows, [], ancestors=REGION, merged={})


def known(printed: Sequence[float | None]) -> CellBounds:
    """What a reader knows of figures that are exact or hidden."""
    values = np.array([np.nan if value is HIDDEN else value for value in printed], dtype=float)
    return published_bounds(values, ["HIDDEN" if value is HIDDEN else "EXACT_11" for value in printed])


def rounded(model: TableModel, true: Sequence[int], previous: np.ndarray | None = None) -> np.ndarray:
    """The figures as this house prints them."""
    return controlled_rounding(
        model, np.array(true), key=b"an invented key", label="2024", wanted=WantedCells(previous=previous)
    )


def boxes(printed: np.ndarray) -> CellBounds:
    """What a reader knows of rounded figures."""
    return published_bounds(printed, ["ROUNDED_5"] * len(printed))


def learnt(
    model: TableModel, bounds: CellBounds, asked: Sequence[int], values: int = 3, **more: object
) -> list[Interval]:
    """The intervals of the asked cells that leave fewer than `values` whole numbers: what the attacker gets."""
    sensitive = np.isin(np.arange(len(model.cells)), asked)
    report: AuditReport = audit(
        Vintage(model, bounds), AuditQuestion(sensitive=sensitive, minimum_values=values, **more)
    )  # type: ignore[arg-type]
    return [(failure.low, failure.high) for failure in report.failures]


def small(model: TableModel, true: Sequence[int]) -> list[int]:
    """The cells whose true count is 1 to 4."""
    cells = model.matrix @ np.array(true)
    return [int(place) for place in np.flatnonzero((cells > 0) & (cells < 5))]


def test_attack_01_margin_subtraction():
    model, true = table([{"sex": "F"}, {"sex": "M"}, {}], sex=SEX), [7, 2]
    assert learnt(model, known([7, HIDDEN, 9]), [1]) == [(2, 2)]
    assert learnt(model, boxes(rounded(model, true)), small(model, true)) == []


def test_attack_02_non_negativity():
    sexes = ("F", "M", "_U")
    model = table([*({"sex": sex} for sex in sexes), {}], sex=sexes)
    assert learnt(model, known([5, HIDDEN, HIDDEN, 5]), [1, 2]) == [(0, 0), (0, 0)]
    assert learnt(model, boxes(rounded(model, [5, 0, 0])), [1, 2]) == []


def test_attack_03_a_pair_below_the_threshold():
    sexes = ("F", "M", "_U")
    model, true = table([*({"sex": sex} for sex in sexes), {}], sex=sexes), [20, 1, 2]
    assert learnt(model, known([20, HIDDEN, HIDDEN, 23]), [1, 2], values=5) == [(0, 3), (0, 3)]
    assert learnt(model, boxes(rounded(model, true)), small(model, true), values=5) == []


def test_attack_04_another_table_with_the_same_margin():
    model = table([{}, {"form": "SEXUAL"}, {"sex": "F"}, {"sex": "M"}], sex=SEX, form=("SEXUAL", "OTHER"))
    true = [5, 4, 1, 1]
    assert learnt(model, known([11, 6, 9, HIDDEN]), [3]) == [(2, 2)]
    assert learnt(model, boxes(rounded(model, true)), small(model, true)) == []


def test_attack_05_hierarchy():
    areas = ("L1", "L2", "L3")
    model, true = table([{"area": area} for area in ("R", *areas)], areas), [14, 15, 2]
    assert learnt(model, known([31, 14, 15, HIDDEN]), [3]) == [(2, 2)]
    assert learnt(model, boxes(rounded(model, true)), small(model, true)) == []


def test_attack_06_late_revision():
    model = table([{"form": "ORGAN"}, {}], form=("ORGAN", "OTHER"))
    then, now = known([37, 60]), known([38, 61])
    assert learnt(model, now, [], earlier=[Vintage(model, then)]) == [(1, 1), (1, 1)]
    before = rounded(model, [37, 23])
    after = rounded(model, [38, 23], previous=before.astype(float))
    assert after.tolist() == before.tolist()
    assert learnt(model, boxes(after), [], earlier=[Vintage(model, boxes(before))]) == []


def test_attack_07_new_geography():
    old, new = table([{"area": "L1"}]), table([{"area": "R"}, {"area": "L2"}], ("L1", "L2"))
    assert learnt(new, known([34, HIDDEN]), [1], values=4, earlier=[Vintage(old, known([32]))]) == [(0, 2)]
    then, now = rounded(old, [32]), rounded(new, [32, 2])
    assert learnt(new, boxes(now), small(new, [32, 2]), values=4, earlier=[Vintage(old, boxes(then))]) == []


def _insider(bounds: CellBounds, cell: int, own: int) -> CellBounds:
    """What somebody knows who has `own` persons in a cell: one, or what an office sent."""
    lower = bounds.lower.copy()
    lower[cell] = max(lower[cell], own)
    return CellBounds(lower, bounds.upper)


def test_attack_08_singleton():
    model, true = table([{"sex": "F"}, {"sex": "M"}, {}], sex=SEX), [1, 1]
    assert learnt(model, _insider(known([HIDDEN, HIDDEN, 2]), 0, own=1), [1]) == [(0, 1)]
    assert learnt(model, _insider(boxes(rounded(model, true)), 0, own=1), [1]) == []


def test_attack_09_holder_insider():
    model, true = table([{"sex": "F"}, {"sex": "M"}, {}], sex=SEX), [12, 2]
    assert learnt(model, _insider(known([HIDDEN, HIDDEN, 14]), 0, own=12), [1], values=4) == [(0, 2)]
    assert learnt(model, _insider(boxes(rounded(model, true)), 0, own=12), [1], values=4) == []


def test_attack_10_rate_with_a_known_population():
    assert ratios.numerators_behind("0.13", 1_532_000, of=100_000) == [2]
    (printed,) = ratios.numerators_behind(f"{5 / 1_532_000 * 100_000:.2f}", 1_532_000, of=100_000)
    assert roundings.undo_either_side(printed, 5) == (1, 9)  # of a rounded count: the rate gives back what is printed


def test_attack_11_small_denominator_percentages():
    assert ratios.totals_behind(["28.6", "71.4"], 20, of=100) == [7, 14]
    assert np.isnan(share(np.array([0.0, 5.0]), np.array([5.0, 15.0]), 20)).all()  # none is printed under a base of 20
    assert len(ratios.totals_behind(["0.250", "0.750"], 40)) == 10


def test_attack_12_share_of_a_printed_total():
    assert ratios.numerators_behind("33.3", 9, of=100) == [3]
    tops, bottoms = range(6, 15), range(21, 30)  # what 10 and 25 tell, rounded to 5
    of_true = ratios.pairs_behind("0.364", tops, bottoms)
    assert of_true == {(8, 22)}
    assert len({(top, bottom) for top in tops for bottom in bottoms}) == 81
    assert ratios.is_share_of(
        float(share(np.array([10.0]), np.array([25.0]), 20)[0]), 10, 25
    )  # as printed: nothing more
    assert not ratios.is_share_of(0.364, 10, 25)


def test_attack_13_sort_order():
    assert table_arrangement.hidden_by_order([9, 6, HIDDEN, 4, 1]) == [(4, 6)]
    assert table_arrangement.hidden_by_order([6, 1, HIDDEN, 9, 4]) == [(0, inf)]  # the same rows by code


def test_attack_14_chart():
    assert table_arrangement.read_bar(length=12, scale=4) == 3
    words, name = Words.load("en"), "presumed victims"

    def drawn(withheld: PrintedFigure) -> str:
        line = ChartSeries(name=name, figures=(PrintedFigure(value=20), withheld, PrintedFigure(value=35)))
        years = ("2023", "2024", "2025")
        block = ChartBlock(
            id="c", shape="bar", title=name, alternative=name, years=years, year_labels=years, series=(line,), table="t"
        )
        return charts.draw(block, words, width=300)

    bar = charts._BARS[0]["fill"]  # pyright: ignore[reportPrivateUsage]
    assert drawn(PrintedFigure(value=3.0)).count(f'fill="{bar}"') == 3
    assert drawn(PrintedFigure(mark="c", sign="[c]")).count(f'fill="{bar}"') == 2


def test_attack_15_rounding_leakage():
    nearest = [roundings.undo_nearest(0, 5)] * 4
    assert roundings.parts_of(nearest, (8, 12)) == [(2, 2)] * 4
    ours = [roundings.undo_either_side(0, 5)] * 4
    assert roundings.parts_of(ours, roundings.undo_either_side(10, 5)) == [(0, 4)] * 4


def test_attack_16_rounding_again():
    assert roundings.combine_roundings([5], 5) == (1, 9)
    assert roundings.combine_roundings([5, 10], 5) == (6, 9)
    model = table([{"sex": "F"}, {"sex": "M"}, {}], sex=SEX)
    first = rounded(model, [7, 8])
    again = rounded(model, [7, 8], previous=first.astype(float))
    assert [roundings.combine_roundings(pair, 5) for pair in zip(first, again, strict=True)] == [
        roundings.undo_either_side(value, 5) for value in first
    ]


def test_attack_17_homogeneity():
    row = {"SEXUAL": 0, "FORCED_LABOUR": 0, "BEGGING": 12, "ORGAN": 0}
    assert groups.revealed_categories({"IQG05": row}) == {"IQG05": "BEGGING"}
    merged = {"SEXUAL": 9, "FORCED_LABOUR": 14, "BEGGING": 12, "ORGAN": 3}  # with its neighbours, as one region
    assert groups.revealed_categories({"IQ-FED": merged}) == {}


def test_attack_18_unpublished_cross():
    model = table([{}, {"sex": "F"}, {"age": "Y0T17"}], sex=SEX, age=AGE)
    girls = [{"sex": "F", "age": "Y0T17"}]
    assert learnt(model, known([20, 18, 17]), [], never=girls) == [(15, 17)]
    assert learnt(model, known([20, 18, HIDDEN]), [], never=girls) == []  # rounding is not enough: a table is withheld


def test_attack_19_mean():
    assert ratios.sizes_behind("2.67", 8) == [3, 6]
    assert ratios.sizes_behind("3", 40) == list(range(1, 41))  # no decimals: every size can have it


def test_attack_20_cumulative_periods():
    july = frozenset({(2024, 7)})
    assert table_arrangement.subtract_periods({"2024-S1": 41, "2024-01/P7M": 42}) == {july: 1}
    assert table_arrangement.subtract_periods({"2023": 41, "2024": 42}) == {}


@pytest.mark.parametrize(
    ("period", "first", "months"),
    [
        ("2024", 1, 12),
        ("2024-S2", 7, 6),
        ("2024-Q3", 7, 3),
        ("2024-M07", 7, 1),
        ("2024-07", 7, 1),
        ("2024-03/P7M", 3, 7),
    ],
)
def test_attack_20_periods_are_read_as_months(period: str, first: int, months: int):
    found = table_arrangement.months_of(period)
    assert (min(found), len(found)) == ((2024, first), months)


def test_attack_20_a_run_of_months_may_leave_its_year_and_other_words_are_no_periods():
    assert max(table_arrangement.months_of("2024-11/P3M")) == (2025, 1)
    with pytest.raises(ValueError, match="no period"):
        table_arrangement.months_of("first half of 2024")


def test_attack_22_two_marks_for_hidden():
    assert table_arrangement.small_by_marks(["<5", "*", "<5"]) == [True, False, True]
    assert table_arrangement.small_by_marks(["Q", "Q", "Q"]) == [None, None, None]
