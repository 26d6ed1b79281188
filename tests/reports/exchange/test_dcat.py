"""The record for data portals: parsed by rdflib, with what DCAT-AP makes mandatory, true to the files beside it."""

from __future__ import annotations

import dataclasses
import json

import pytest
import rdflib
from rdflib import Graph, Literal, URIRef

from ingestion.home import sha256_of_bytes
from languages.words import Words, languages
from reports.exchange import dcat
from reports.released.released_folder import ReleaseDays, ReleasedFolder

BASE = "https://data.cttf.invalid/four_ps_national/1/"
TABLES = {BASE + name for name in ("data.csv", "data.parquet", "totals.csv", "codes.csv")}
CHECKSUM_CLASS = URIRef("http://spdx.org/rdf/terms#Checksum")
CHECKSUM = URIRef("http://spdx.org/rdf/terms#checksum")
CHECKSUM_VALUE = URIRef("http://spdx.org/rdf/terms#checksumValue")
# What DCAT-AP 3.0.0 makes mandatory: https://semiceu.github.io/DCAT-AP/releases/3.0.0/
MANDATORY = {
    rdflib.DCAT.Dataset: (rdflib.DCTERMS.title, rdflib.DCTERMS.description),
    rdflib.DCAT.Distribution: (rdflib.DCAT.accessURL,),
    rdflib.FOAF.Agent: (rdflib.FOAF.name,),
    CHECKSUM_CLASS: (URIRef("http://spdx.org/rdf/terms#algorithm"), URIRef("http://spdx.org/rdf/terms#checksumValue")),
}


def _graph(released: ReleasedFolder, english: Words) -> Graph:
    (data,) = dcat.export(released, english).files.values()
    return Graph().parse(data=data, format="json-ld", publicID="https://elsewhere.invalid/metadata.jsonld")


@pytest.fixture(params=["in the release", "made for an earlier release"])
def release(request: pytest.FixtureRequest, released: ReleasedFolder) -> ReleasedFolder:
    if request.param == "in the release":
        return released
    files = {name: sha256 for name, sha256 in released.manifest["files"].items() if name != "metadata.jsonld"}
    return dataclasses.replace(released, manifest={**released.manifest, "files": files})


def _only(found: list[object]) -> object:
    (one,) = found
    return one


def test_the_mandatory_properties_of_dcat_ap_are_there_in_every_language(release: ReleasedFolder, english: Words):
    graph = _graph(release, english)
    dataset = _only(list(graph.subjects(rdflib.RDF.type, rdflib.DCAT.Dataset)))
    for mandatory in (rdflib.DCTERMS.title, rdflib.DCTERMS.description):
        assert sorted(one.language for one in graph.objects(dataset, mandatory)) == sorted(languages())
    agent = graph.value(dataset, rdflib.DCTERMS.publisher)
    assert len(list(graph.objects(agent, rdflib.FOAF.name))) == len(languages())
    distributions = list(graph.objects(dataset, rdflib.DCAT.distribution))
    assert {str(graph.value(one, rdflib.DCAT.downloadURL)) for one in distributions} == TABLES
    assert len(distributions) == len(TABLES)
    for one in distributions:
        assert (one, rdflib.RDF.type, rdflib.DCAT.Distribution) in graph
        assert sorted(title.language for title in graph.objects(one, rdflib.DCTERMS.title)) == sorted(languages())
        assert isinstance(graph.value(one, rdflib.DCAT.accessURL), URIRef)


def test_addresses_are_of_the_files_beside_the_record_with_their_hash_and_size(release: ReleasedFolder, english: Words):
    graph = _graph(release, english)
    for one in graph.subjects(rdflib.RDF.type, rdflib.DCAT.Distribution):
        address = str(graph.value(one, rdflib.DCAT.downloadURL))
        data = release.file(address.removeprefix(BASE))
        checksum = graph.value(one, CHECKSUM)
        assert graph.value(checksum, CHECKSUM_VALUE).eq(_hex(data))
        assert int(graph.value(one, rdflib.DCAT.byteSize)) == len(data)
    pages = {str(page) for page in graph.objects(None, rdflib.FOAF.page)}
    assert pages == {BASE + name for name in release.files if name.endswith((".md", ".html"))}


def _hex(data: bytes) -> object:
    return Literal(sha256_of_bytes(data), datatype=rdflib.XSD.hexBinary)


def test_place_time_licence_and_theme_are_told(release: ReleasedFolder, english: Words):
    graph = _graph(release, english)
    dataset = _only(list(graph.subjects(rdflib.RDF.type, rdflib.DCAT.Dataset)))
    period = graph.value(dataset, rdflib.DCTERMS.temporal)
    years = (str(graph.value(period, rdflib.DCAT.startDate))[:4], str(graph.value(period, rdflib.DCAT.endDate))[:4])
    assert years == (release.manifest["period"]["first"], release.manifest["period"]["last"])
    assert str(graph.value(dataset, rdflib.DCTERMS.spatial)).endswith("/country/IRQ")
    licences = set(graph.objects(None, rdflib.DCTERMS.license))
    assert licences == {URIRef("https://creativecommons.org/licenses/by/4.0/")}


def test_schema_org_tells_the_same(release: ReleasedFolder, english: Words):
    graph = _graph(release, english)
    theirs = _only(list(graph.subjects(rdflib.RDF.type, rdflib.SDO.Dataset)))
    ours = _only(list(graph.subjects(rdflib.RDF.type, rdflib.DCAT.Dataset)))
    assert set(graph.objects(theirs, rdflib.SDO.name)) == set(graph.objects(ours, rdflib.DCTERMS.title))
    each = list(graph.objects(theirs, rdflib.SDO.distribution))
    downloads = {address for download in each for address in graph.objects(download, rdflib.SDO.contentUrl)}
    assert downloads == set(graph.objects(None, rdflib.DCAT.downloadURL)) == set(map(URIRef, TABLES))
    assert len(each) == len(TABLES)


def test_every_language_says_that_figures_are_invented(release: ReleasedFolder, english: Words):
    graph = _graph(release, english)
    said = {str(one.language): str(one) for one in graph.objects(None, rdflib.DCTERMS.description)}
    assert all(text.startswith(Words.load(tag).text("exchange.invented")) for tag, text in said.items())


def test_nothing_is_fetched_to_read_the_record(release: ReleasedFolder, english: Words):
    (data,) = dcat.export(release, english).files.values()
    context = json.loads(data)["@context"]
    assert all(isinstance(value, str) and value.endswith(("#", "/")) for value in context.values())


def test_every_node_has_what_dcat_ap_makes_mandatory(release: ReleasedFolder, english: Words):
    graph = _graph(release, english)
    for kind, properties in MANDATORY.items():
        nodes = list(graph.subjects(rdflib.RDF.type, kind))
        assert nodes
        for node in nodes:
            assert all((node, one, None) in graph for one in properties)


def test_every_identifier_is_absolute_wherever_the_record_is_read(release: ReleasedFolder, english: Words):
    graph = _graph(release, english)
    named = {str(node) for triple in graph for node in triple if isinstance(node, URIRef)}
    assert not [one for one in named if "elsewhere.invalid" in one]
    assert f"{BASE}#dataset" in named


def test_the_licence_stands_on_the_dataset_and_on_each_file(release: ReleasedFolder, english: Words):
    graph = _graph(release, english)
    for kind in (rdflib.DCAT.Dataset, rdflib.DCAT.Distribution):
        for node in graph.subjects(rdflib.RDF.type, kind):
            assert graph.value(node, rdflib.DCTERMS.license) == URIRef("https://creativecommons.org/licenses/by/4.0/")


def test_the_days_of_issue_and_of_this_version_are_told_where_somebody_says_them(
    released: ReleasedFolder, english: Words
):
    dated = dataclasses.replace(released, days=ReleaseDays("2025-06-30", "2026-06-30"))
    graph = _graph(dated, english)
    dataset = _only(list(graph.subjects(rdflib.RDF.type, rdflib.DCAT.Dataset)))
    assert graph.value(dataset, rdflib.DCTERMS.issued) == Literal("2025-06-30", datatype=rdflib.XSD.date)
    assert graph.value(dataset, rdflib.DCTERMS.modified) == Literal("2026-06-30", datatype=rdflib.XSD.date)
    assert not list(_graph(released, english).objects(None, rdflib.DCTERMS.issued))


def test_a_release_without_an_address_says_so(released: ReleasedFolder, english: Words):
    older = dataclasses.replace(released)
    older.__dict__["package"] = {name: value for name, value in released.package.items() if name != "homepage"}
    assert [one.key for one in dcat.export(older, english).remarks] == ["export.dcat.relative"]
    assert [one.key for one in dcat.export(released, english).remarks] == ["export.dcat.undated"]
