"""`marsad estimate` from the command line: its JSON, its words, and the files that it refuses."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import Workbook

from languages.refusal import Refusal
from marsad.answers.overlap_counts import read_overlaps

Marsad = Callable[..., tuple[int, str, str]]
KEYS = {
    *("status", "reasons", "observed", "estimate", "hidden", "ci95", "ci80", "bic", "model", "chao_lower"),
    *("replicates", "z0", "seconds"),
}
KOREA = "b,c,d,Count\n0,0,1,41\n0,1,0,5\n1,0,0,5\n1,1,0,54\n1,0,1,6\n0,1,1,0\n1,1,1,12\n"
TOLD = "A,B,C,n\n1,0,0,211\n0,1,0,187\n0,0,1,163\n1,1,0,52\n1,0,1,47\n0,1,1,43\n1,1,1,14\n"


@pytest.fixture
def marsad(typed: Marsad) -> Marsad:
    """Estimate as the command does, from few replicates."""
    return lambda *words: typed("estimate", *words, "--replicates", "200")


@pytest.fixture
def counts(tmp_path: Path) -> Callable[[str], Path]:
    """Write a table as a file."""

    def write(text: str, encoding: str = "utf-8") -> Path:
        path = tmp_path / "counts.csv"
        path.write_bytes(text.encode(encoding))
        return path

    return write


def test_json_has_exactly_its_keys_and_the_same_seed_gives_the_same_figures(
    marsad: Marsad, counts: Callable[[str], Path]
) -> None:
    code, out, err = marsad(counts(TOLD), "--json")
    told = json.loads(out)
    assert (code, err, set(told), told["status"]) == (0, "", KEYS, "warn")
    assert told["reasons"] == ["bound_above_estimate"]
    assert told["observed"] == 717
    assert told["hidden"] == pytest.approx(told["estimate"] - 717)
    assert told["ci95"][0] < told["ci80"][0] < told["estimate"] < told["ci80"][1] < told["ci95"][1]
    again = json.loads(marsad(counts(TOLD), "--json")[1])
    assert {**again, "seconds": 0} == {**told, "seconds": 0}
    other = json.loads(marsad(counts(TOLD), "--json", "--seed", "2")[1])
    assert other["ci95"] != told["ci95"]
    assert other["estimate"] == told["estimate"]


def test_a_refused_estimate_ends_with_1_and_its_words_hold_no_figure(
    marsad: Marsad, counts: Callable[[str], Path]
) -> None:
    code, out, _ = marsad(counts(KOREA))
    assert code == 1
    assert "model_disagreement: Models that fit almost equally well" in out
    assert "157" not in out
    code, out, _ = marsad(counts(KOREA), "--json")
    told = json.loads(out)
    assert (code, told["status"], told["reasons"]) == (1, "refused", ["model_disagreement"])
    assert (round(told["estimate"], 4), round(told["bic"], 5), told["model"]) == (157.1667, 57.14081, ["b:c", "c:d"])


@pytest.mark.parametrize("tag", ["en", "ar", "ckb"])
@pytest.mark.parametrize("text", [TOLD, KOREA])
def test_the_answer_is_in_the_reader_s_language(
    marsad: Marsad, counts: Callable[[str], Path], tag: str, text: str
) -> None:
    code, out, _ = marsad(counts(text), "--language", tag)
    assert code == (0 if text is TOLD else 1)
    assert ("Lower estimate" in out) == (tag == "en")
    assert ("قوائم" in out or "قائمة" in out or "لیست" in out or "مشروط" in out) == (tag != "en")


def arabic(text: str) -> str:
    return text.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (TOLD, "utf-8-sig"),
        (TOLD, "utf-16"),
        (TOLD.replace(",", ";"), "utf-8"),
        (TOLD.replace(",", "\t"), "utf-8"),
        (TOLD.replace("\n", "\r\n"), "utf-8"),
        (arabic(TOLD), "utf-8"),
        (TOLD.replace("A,B,C,n", "شرطة,محكمة,مأوى,العدد"), "utf-8"),
        (TOLD.replace("211", '"211"'), "utf-8"),
        (TOLD.replace("1,0,0,211", "1.0,0.0,0.00,211.0"), "utf-8"),
        (TOLD + "\n\n", "utf-8"),
        (TOLD.replace("\n", ",,\n"), "utf-8"),
        (TOLD.replace("A,B", "\u200fA,\u200fB").replace(",211", ",\u200f211\u200e"), "utf-8"),
        (TOLD + "0,0,0,0\n", "utf-8"),
        (TOLD.replace("1,0,0,211\n", "1,0,0,200\n1,0,0,11\n"), "utf-8"),
    ],
)
def test_the_same_table_in_other_clothes_is_the_same_table(
    marsad: Marsad, counts: Callable[..., Path], text: str, encoding: str
) -> None:
    _, out, err = marsad(counts(text, encoding), "--json")
    assert json.loads(out)["observed"] == 717, err
    assert json.loads(out)["status"] == "warn"


def test_a_workbook_is_read_and_thousands_may_be_parted(
    marsad: Marsad, counts: Callable[[str], Path], tmp_path: Path
) -> None:
    book = Workbook()
    for line in TOLD.splitlines():
        book.active.append([int(cell) if cell.isdigit() else cell for cell in line.split(",")])
    book.save(tmp_path / "counts.xlsx")
    assert json.loads(marsad(tmp_path / "counts.xlsx", "--json")[1])["observed"] == 717
    parted = counts(TOLD.replace(",211", ',"1,211"'))
    assert json.loads(marsad(parted, "--json")[1])["observed"] == 1_717


@pytest.mark.parametrize(
    ("text", "code", "reason"),
    [
        ("", 2, "overlap_empty"),
        ("A,B,C,n\n", 2, "overlap_empty"),
        ("A,B,C,n\n1,0,0,0\n", 2, "overlap_empty"),
        ("1,0,0,12\n0,1,0,13\n", 2, "overlap_header"),
        ("A,A,C,n\n1,0,0,12\n", 2, "overlap_header"),
        ("A,,C,n\n1,0,0,12\n", 2, "overlap_header"),
        ("n\n12\n", 2, "overlap_header"),
        ("A,B,C,n\n1,0,2,12\n", 2, "overlap_pattern"),
        ("A,B,C,n\n1,,0,12\n", 2, "overlap_pattern"),
        ("A,B,C,n\nyes,no,no,12\n", 2, "overlap_pattern"),
        ("A,B,C,n\n0.5,0,1,12\n", 2, "overlap_pattern"),
        ("A,B,C,n\n1,0,0,many\n", 2, "overlap_not_a_count"),
        ("A,B,C,n\n1,0,0,~40\n", 2, "overlap_not_a_count"),
        ("A,B,C,n\n1,0,0,99999999999999999999999\n", 2, "overlap_not_a_count"),
        (f"A,B,C,n\n1,0,0,{'9' * 400}\n", 2, "overlap_not_a_count"),
        (f"A,B,C,n\n1,0,0,{'9' * 5_000}\n", 2, "overlap_not_a_count"),
        ("A,B,C,n\n1,0,0,9000000000000000000\n0,1,0,9000000000000000000\n", 2, "overlap_not_a_count"),
        ("A,B,C,n\n1,0,0,1.000\n", 2, "overlap_not_a_count"),
        ("A,B,C,n\n1,0,0,١٫٠٠٠\n", 2, "overlap_not_a_count"),
        ("A,B,C,n\n1,0,0,<5\n", 1, "overlap_suppressed"),
        ("A,B,C,n\n1,0,0,≤٥\n", 1, "overlap_suppressed"),
        ("A,B,C,n\n1,0,0,1-4\n", 1, "overlap_suppressed"),
        ("A,B,C,n\n1,0,0,*\n", 1, "overlap_suppressed"),
        ("A,B,C,n\n1,0,0,\n", 1, "overlap_suppressed"),
        ("A,B,C,n\n1,0,0,-3\n", 1, "overlap_negative"),
        ("A,B,C,n\n1,0,0,−٣\n", 1, "overlap_negative"),
        ("A,B,C,n\n1,0,0,3.5\n", 1, "overlap_fraction"),
        ("A;B;C;n\n1;0;0;3,5\n", 1, "overlap_fraction"),
        ("A,B,C,n\n0,0,0,7\n", 1, "overlap_unseen"),
        (",".join([f"L{n}" for n in range(17)] + ["n"]) + "\n" + "1," * 17 + "9\n", 1, "overlap_many_lists"),
    ],
)
def test_what_is_no_overlap_table_is_refused_with_its_reason(
    marsad: Marsad, counts: Callable[[str], Path], text: str, code: int, reason: str
) -> None:
    found, out, err = marsad(counts(text), "--json")
    told = json.loads(out)
    assert (found, told["status"], told["reasons"], set(told)) == (code, "refused", [reason], KEYS)
    assert {told[key] for key in KEYS - {"status", "reasons", "model"}} == {None}
    assert f"marsad: {reason}: counts.csv" in err
    assert "→" in err


@pytest.mark.parametrize(
    ("written", "count"),
    [
        ("9999999999", 9_999_999_999),
        ("10000000000", 10_000_000_000),
        ("10000000001", None),
        ("0" * 20 + "1000000000", 1_000_000_000),
        ("0" * 21 + "1000000000", None),
        ("12.00", 12),
        ("12.000", None),
        ("12.0000", 12),
    ],
)
def test_a_count_is_read_up_to_its_greatest_and_its_longest_and_not_where_its_point_is_unclear(
    counts: Callable[[str], Path], written: str, count: int | None
) -> None:
    file = counts(f"A,B,C,n\n1,0,0,{written}\n0,1,1,7\n")
    if count is None:
        with pytest.raises(Refusal) as refused:
            read_overlaps(file)
        assert refused.value.code == "overlap_not_a_count"
    else:
        assert sorted(read_overlaps(file).counts.tolist()) == [0, 0, 0, 0, 0, 0, *sorted((7, count))]


def test_rounded_counts_and_ten_lists_are_refused_with_the_reason_in_words(
    marsad: Marsad, counts: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    rounded = "A,B,C,n\n1,0,0,45\n0,1,0,30\n0,0,1,20\n1,1,0,10\n1,0,1,15\n"
    code, out, _ = marsad(counts(rounded))
    assert code == 1
    assert "they look rounded" in out
    ten = ",".join([*"ABCDEFGHIJ", "n"]) + "\n"
    ten += "".join(f"{','.join(format(1 << one | 1 << (one + 1) % 10, '010b'))},{11 + one}\n" for one in range(10))
    ten += "".join(f"{','.join(format(1 << one, '010b'))},{21 + one}\n" for one in range(10))
    monkeypatch.setattr("methods.multiple_systems.hidden_part.MOST_SECONDS", 60.0)  # 200 replicates are asked here
    code, out, _ = marsad(counts(ten))
    assert code == 1
    assert "This would take about 4 minutes, for 108,900 fits" in out


def test_a_file_that_is_not_there_is_a_usage_error(marsad: Marsad, tmp_path: Path) -> None:
    code, _, err = marsad(tmp_path / "none.csv")
    assert code == 2
    assert "upload_missing" in err
