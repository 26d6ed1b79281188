"""The addresses of SDMX's web service, asked of released folders."""

from __future__ import annotations

import csv
import io

import pytest
from lxml import etree
from pysdmx.io.xml.doc_validation import validate_doc

from reports.exchange.sdmx_files.sdmx_paths import answer
from reports.released.released_folder import ReleasedFolder, state

FLOW = "FOUR_PS_NATIONAL"
CSV = "application/vnd.sdmx.data+csv"


def _rows(released: ReleasedFolder, path: str, **query: str) -> list[dict[str, str]]:
    told = answer([released], path, query, CSV)
    assert told.status == 200
    return list(csv.DictReader(io.StringIO(told.content.decode("utf-8"))))


@pytest.mark.parametrize(
    "path",
    [
        "dataflow",
        "dataflow/IQ_CTTF/all/latest",
        f"datastructure/IQ_CTTF/{FLOW}/1.0",
        f"codelist/all/CL_{FLOW}_SEX",
        f"structure/dataflow/*/{FLOW}/~",
        f"data/{FLOW}/all",
        f"data/IQ_CTTF,{FLOW},1.0",
        f"data/dataflow/IQ_CTTF/{FLOW}/1.0.0/*",
    ],
)
def test_an_address_is_answered_with_a_valid_message(released: ReleasedFolder, path: str):
    told = answer([released], path)
    assert told.status == 200
    validate_doc(told.content.decode("utf-8"))


def test_what_is_asked_alone_comes_alone_and_with_its_references_where_they_are_asked(released: ReleasedFolder):
    path = f"codelist/IQ_CTTF/CL_{FLOW}_SEX/latest"
    alone = etree.fromstring(answer([released], path).content)
    assert [one.get("id") for one in alone.iter("{*}Codelist")] == [f"CL_{FLOW}_SEX"]
    assert not list(alone.iter("{*}Dataflow"))
    assert list(etree.fromstring(answer([released], path, {"references": "all"}).content).iter("{*}Dataflow"))


def test_flows_of_several_datasets_stand_in_one_message(released: ReleasedFolder, governorates: ReleasedFolder):
    root = etree.fromstring(answer([released, governorates], "dataflow").content)
    assert {one.get("id") for one in root.iter("{*}Dataflow")} == {FLOW, "FOUR_PS_GOVERNORATE"}


def test_a_key_and_a_period_choose_rows(released: ReleasedFolder):
    told = [row for row in released.rows if state(row) != "missing"]
    assert len(_rows(released, f"data/{FLOW}/all")) == len(told)
    dimensions = [name for name in released.key if name != "time_period"]
    key = ".".join(["A", *("F+M" if name == "sex" else "" for name in dimensions)])
    both = [row for row in told if row["sex"] in ("F", "M")]
    assert 0 < len(both) < len(told)
    assert len(_rows(released, f"data/{FLOW}/{key}")) == len(both)
    last = max(row["time_period"] for row in told)
    assert {row["TIME_PERIOD"] for row in _rows(released, f"data/{FLOW}/all", startPeriod=f"{last}-01")} == {last}
    found = _rows(released, f"data/dataflow/IQ_CTTF/{FLOW}/*/*", **{"c[SEX]": "F,M"})
    assert len(found) == len(both)


@pytest.mark.parametrize(
    ("path", "query", "status"),
    [
        ("", {}, 404),
        ("codelist/ECB/all", {}, 404),
        ("codelist/IQ_CTTF/CL_NONE", {}, 404),
        ("categoryscheme", {}, 501),
        ("data/NONE/all", {}, 404),
        (f"data/IQ_CTTF,{FLOW},2.0/all", {}, 404),
        (f"data/{FLOW}/A.PRT-01", {}, 400),
        (f"data/{FLOW}/all", {"startPeriod": "last year"}, 400),
        (f"data/{FLOW}/all", {"startPeriod": "2999"}, 404),
        (f"data/{FLOW}/all", {"lastNObservations": "1"}, 501),
        (f"data/dataflow/IQ_CTTF/{FLOW}/*/*", {"c[TIME_PERIOD]": "ge:2020"}, 501),
        ("../../etc/passwd", {}, 501),
    ],
)
def test_what_is_not_served_is_said_and_never_answered_by_other_data(
    released: ReleasedFolder, path: str, query: dict[str, str], status: int
):
    told = answer([released], path, query)
    assert (told.status, told.content_type) == (status, "application/xml; charset=utf-8")
    validate_doc(told.content.decode())  # by the schema of the standard
    assert b".</com:Text>" in told.content
