"""The metadata of a release for data portals: `metadata.jsonld`, DCAT-AP and schema.org in one document.

Belongs here: the two records, in all languages of the release, made from its data package. Does not belong here: the
data package (`package_descriptor.py`), the words (the catalogue, keys `portal.…`), or where a release is published.

Identifiers and addresses are absolute: they begin with the address of the release (`homepage` of the data package, from
`base_address` of the dataset's card); without one they are relative to the document, which is in the same folder. Its
terms are written out (no context is fetched). Mandatory in DCAT-AP 3.0.0: title and description of a dataset, the
address of a distribution, the name of an agent; the other fields are recommended ones that the release can fill. A
release carries no day; whoever publishes it states the day (`marsad export dcat`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from expectations.cards.note_languages import NoteLanguage

NAME = "metadata.jsonld"
_EU = "http://publications.europa.eu/resource/authority"
_IANA = "https://www.iana.org/assignments/media-types"
_CONTEXT = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "schema": "https://schema.org/",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "spdx": "http://spdx.org/rdf/terms#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
_LANGUAGES = {"en": "ENG", "ar": "ARA", "ckb": "KUR"}  # the authority's table names Kurdish, not its two standards
_KEYWORDS = ("trafficking", "victims", "justice", "statistics")
Node = dict[str, Any]


@dataclass(frozen=True)
class PortalSubject:
    """What the records describe.

    Attributes:
        package: the data package of the release: title, version, licence, contact, files with their hashes.
        titles: titles of the dataset, by language.
        period: first and last year; both empty if there is none.
        pages: files for people (notes, certificate).
        issued: ISO day on which the dataset was first published; empty if unknown.
        modified: ISO day of this version; empty if unknown.
    """

    dataset: str
    package: Mapping[str, Any]
    titles: Mapping[str, str]
    period: tuple[str, str]
    pages: Sequence[str]
    is_invented: bool
    issued: str = ""
    modified: str = ""

    def address(self, name: str) -> str:
        """Return the address of a part of the release: a file, or `#dataset`; relative without a base address."""
        return f"{self.package.get('homepage', '')}{name}"


def record(described: PortalSubject, speakers: Sequence[NoteLanguage]) -> Node:
    """Return the JSON-LD document: the dataset for DCAT-AP and for schema.org, texts in the languages of `speakers`."""
    return {"@context": _CONTEXT, "@graph": [_dcat(described, speakers), _schema_org(described, speakers)]}


def _dcat(described: PortalSubject, speakers: Sequence[NoteLanguage]) -> Node:
    package = described.package
    contact = package["contributors"][0]
    agent = {
        "@id": described.address("#publisher"),
        "@type": "foaf:Agent",
        "foaf:name": _translated_nodes(speakers, "exchange.agency"),
    }
    return {
        "@id": described.address("#dataset"),
        "@type": "dcat:Dataset",
        "dct:title": _texts(described.titles),
        "dct:description": _descriptions(described, speakers),
        "dct:identifier": described.dataset,
        "dcat:version": str(package["version"]),
        "dct:publisher": agent,
        "dct:license": {"@id": package["licenses"][0]["path"]},
        **_days(described),
        "dcat:contactPoint": {"@type": "vcard:Organization", "vcard:fn": contact["title"], **_mail(contact)},
        "dcat:keyword": [
            keyword for name in _KEYWORDS for keyword in _translated_nodes(speakers, f"portal.keyword.{name}")
        ],
        "dcat:theme": {"@id": f"{_EU}/data-theme/JUST"},
        "dct:accessRights": {"@id": f"{_EU}/access-right/PUBLIC"},
        "dct:accrualPeriodicity": {"@id": f"{_EU}/frequency/ANNUAL"},
        "dct:language": [
            {"@id": f"{_EU}/language/{_LANGUAGES[speaker.tag]}"} for speaker in speakers if speaker.tag in _LANGUAGES
        ],
        "dct:spatial": {"@id": f"{_EU}/country/IRQ", "@type": "dct:Location"},
        **_temporal(described.period),
        "foaf:page": [{"@id": described.address(name), "@type": "foaf:Document"} for name in described.pages],
        "dcat:distribution": [_distribution(resource, described) for resource in package["resources"]],
    }


def _distribution(resource: Mapping[str, Any], described: PortalSubject) -> Node:
    checksum = {
        "@type": "spdx:Checksum",
        "spdx:algorithm": {"@id": "spdx:checksumAlgorithm_sha256"},
        "spdx:checksumValue": _typed_node(_sha256(resource), "hexBinary"),
    }
    return {
        "@id": described.address(f"#{resource['name']}"),
        "@type": "dcat:Distribution",
        "dct:title": _texts({tag: f"{title} ({resource['path']})" for tag, title in described.titles.items()}),
        "dcat:accessURL": {"@id": described.address(resource["path"])},
        "dcat:downloadURL": {"@id": described.address(resource["path"])},
        "dcat:mediaType": {"@id": f"{_IANA}/{resource['mediatype']}"},
        "dcat:byteSize": _typed_node(str(resource["bytes"]), "nonNegativeInteger"),
        "dct:license": {"@id": described.package["licenses"][0]["path"]},
        "spdx:checksum": checksum,
    }


def _schema_org(described: PortalSubject, speakers: Sequence[NoteLanguage]) -> Node:
    package = described.package
    period = {"schema:temporalCoverage": "/".join(described.period)} if all(described.period) else {}
    return {
        "@id": described.address("#schema-org"),
        "@type": "schema:Dataset",
        "schema:name": _texts(described.titles),
        "schema:description": _descriptions(described, speakers),
        "schema:identifier": described.dataset,
        "schema:version": str(package["version"]),
        "schema:license": {"@id": package["licenses"][0]["path"]},
        "schema:creator": {
            "@type": "schema:Organization",
            "schema:name": _translated_nodes(speakers, "exchange.agency"),
        },
        "schema:keywords": [
            keyword for name in _KEYWORDS for keyword in _translated_nodes(speakers, f"portal.keyword.{name}")
        ],
        "schema:isAccessibleForFree": True,
        "schema:inLanguage": [speaker.tag for speaker in speakers],
        "schema:spatialCoverage": {
            "@type": "schema:Place",
            "schema:name": _translated_nodes(speakers, "portal.country"),
        },
        **period,
        **({"schema:datePublished": _typed_node(described.issued, "date")} if described.issued else {}),
        **({"schema:dateModified": _typed_node(described.modified, "date")} if described.modified else {}),
        "schema:distribution": [
            {
                "@type": "schema:DataDownload",
                "schema:contentUrl": {"@id": described.address(resource["path"])},
                "schema:encodingFormat": resource["mediatype"],
                "schema:sha256": _sha256(resource),
                "schema:contentSize": f"{resource['bytes']} B",
            }
            for resource in package["resources"]
        ],
    }


def _descriptions(described: PortalSubject, speakers: Sequence[NoteLanguage]) -> list[Node]:
    return [_text(speaker.tag, " ".join(_sentences(described, speaker))) for speaker in speakers]


def _sentences(described: PortalSubject, voice: NoteLanguage) -> Iterator[str]:
    if described.is_invented:
        yield voice.text("exchange.invented")
    first, last = (voice.digits(year) for year in described.period)
    yield voice.text("portal.description", first=first, last=last)


def _days(described: PortalSubject) -> Node:
    days = {"dct:issued": described.issued, "dct:modified": described.modified}
    return {name: _typed_node(day, "date") for name, day in days.items() if day}


def _temporal(period: tuple[str, str]) -> Node:
    if not all(period):
        return {}
    days = {"dcat:startDate": f"{period[0]}-01-01", "dcat:endDate": f"{period[1]}-12-31"}
    return {
        "dct:temporal": {"@type": "dct:PeriodOfTime", **{name: _typed_node(day, "date") for name, day in days.items()}}
    }


def _mail(contact: Mapping[str, str]) -> Node:
    return {"vcard:hasEmail": {"@id": f"mailto:{contact['email']}"}} if contact.get("email") else {}


def _sha256(resource: Mapping[str, Any]) -> str:
    return str(resource["hash"]).removeprefix("sha256:")


def _translated_nodes(speakers: Sequence[NoteLanguage], key: str) -> list[Node]:
    return [_text(speaker.tag, speaker.text(key)) for speaker in speakers]


def _texts(by_language: Mapping[str, str]) -> list[Node]:
    return [_text(tag, text) for tag, text in by_language.items()]


def _text(tag: str, text: str) -> Node:
    return {"@language": tag, "@value": text}


def _typed_node(value: str, kind: str) -> Node:
    return {"@type": f"xsd:{kind}", "@value": value}
