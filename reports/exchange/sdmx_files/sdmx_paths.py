"""Answer paths of the SDMX web service for released data: `dataflow/IQ_CTTF/all`, `data/FOUR_PS_NATIONAL/all`.

Belongs here: from path, query and requested format to a message, by the REST interface of SDMX 2.1 (`data/…`,
`dataflow/…`) and of SDMX 3.0 (`data/dataflow/…`, `structure/…`). What the interface defines but this module does not
support is answered by 501, never by other data than requested.
Does not belong here: sockets (`marsad serve`), messages (`sdmx.py`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

from pysdmx.io.format import Format

from reports.exchange import sdmx
from reports.exchange.sdmx_files import sdmx_coverage
from reports.exchange.sdmx_files.sdmx_messages import AGENCY
from reports.released.area_merge import Row
from reports.released.released_folder import ReleasedFolder

_KINDS = {
    "dataflow": "Dataflow",
    "datastructure": "DataStructureDefinition",
    "codelist": "Codelist",
    "conceptscheme": "ConceptScheme",
    "agencyscheme": "AgencyScheme",
}
_ANY = ("all", "*", "latest", "+", "~", "")
_ALONE = ("none", "")
_IGNORED = {"detail", "references", "format", "dimensionAtObservation", "attributes", "measures", "includeHistory"}
_TYPES = {
    Format.STRUCTURE_SDMX_ML_2_1: "application/vnd.sdmx.structure+xml;version=2.1",
    Format.STRUCTURE_SDMX_ML_3_0: "application/vnd.sdmx.structure+xml;version=3.0.0",
    Format.DATA_SDMX_ML_2_1_GEN: "application/vnd.sdmx.genericdata+xml;version=2.1",
    Format.DATA_SDMX_ML_2_1_STR: "application/vnd.sdmx.structurespecificdata+xml;version=2.1",
    Format.DATA_SDMX_ML_3_0: "application/vnd.sdmx.data+xml;version=3.0.0",
    Format.DATA_SDMX_CSV_2_0_0: "application/vnd.sdmx.data+csv;version=2.0.0",
}
_NAMESPACE = "http://www.sdmx.org/resources/sdmxml/schemas/v2_1"
_ERRORS = {400: 140, 403: 110, 404: 100, 405: 501, 501: 501}
"""HTTP status to the error number of the standard: syntax, not authorised, no results, not implemented."""
_SERVER_ERROR = 500
_PERIOD = re.compile(r"(\d{4})(?:-.*)?")


@dataclass(frozen=True)
class SdmxAnswer:
    """A response: an HTTP status, the type of the message, and the message."""

    status: int
    content_type: str
    content: bytes


class _NoAnswer(Exception):  # noqa: N818 - it carries a status, and is no error of ours
    def __init__(self, status: int, text: str) -> None:
        super().__init__(text)
        self.status = status


def answer(
    released: Sequence[ReleasedFolder], path: str, query: Mapping[str, str] | None = None, accept: str = ""
) -> SdmxAnswer:
    """Return the message for an address.

    Args:
        released: the releases that may be asked for, one for each dataset.
        path: after the address of the service: `data/FOUR_PS_NATIONAL/all`.
        query: parameters of the address, each once.
        accept: the media types that the client accepts; it gets CSV or a structure-specific message if they are named.

    Returns:
        200 with an SDMX message; 400, 404 and 501 with an SDMX error message of one sentence.
    """
    parts = [part for part in path.split("/") if part]
    try:
        if not parts:
            raise _NoAnswer(404, "Ask for dataflow/all, or data/FLOW/all.")
        if parts[0] == "data":
            return _data(released, parts[1:], query or {}, accept)
        is_new = parts[0] == "structure"
        return _structure(released, parts[1:] if is_new else parts, query or {}, is_new=is_new)
    except _NoAnswer as none:
        return error(none.status, str(none))


def error(status: int, sentence: str) -> SdmxAnswer:
    """Return the error message of SDMX 2.1 for an HTTP status: an error number of the standard and one sentence."""
    code = _ERRORS.get(status, _SERVER_ERROR)
    message = (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<mes:Error xmlns:mes="{_NAMESPACE}/message" '
        f'xmlns:com="{_NAMESPACE}/common"><mes:ErrorMessage code="{code}">'
        f'<com:Text xml:lang="en">{escape(sentence)}</com:Text></mes:ErrorMessage></mes:Error>\n'
    )
    return SdmxAnswer(status, "application/xml; charset=utf-8", message.encode())


def _structure(
    released: Sequence[ReleasedFolder], parts: Sequence[str], query: Mapping[str, str], *, is_new: bool
) -> SdmxAnswer:
    kind, agency, identifier, version, *rest = [*parts, *[""] * 4][: max(4, len(parts))]
    if kind not in _KINDS or rest:
        raise _NoAnswer(501, "Structures that are served: " + ", ".join(_KINDS) + ".")
    if agency not in (*_ANY, AGENCY, "SDMX"):
        raise _NoAnswer(404, f"Structures here are of the agency {AGENCY}.")
    to = Format.STRUCTURE_SDMX_ML_3_0 if is_new else Format.STRUCTURE_SDMX_ML_2_1
    is_alone = query.get("references", "") in _ALONE
    message = sdmx.structures(
        released, to, lambda artefact: _is_asked(artefact, kind, identifier, version), is_alone=is_alone
    )
    if message is None:
        raise _NoAnswer(404, f"There is no {kind} {identifier} {version}".rstrip() + ".")
    return SdmxAnswer(200, _TYPES[to], message)


def _is_asked(artefact: object, kind: str, identifier: str, version: str) -> bool:
    is_kind = type(artefact).__name__ == _KINDS[kind]
    is_named = identifier in _ANY or getattr(artefact, "id", "") == identifier
    return is_kind and is_named and (version in _ANY or getattr(artefact, "version", "") == version)


def _data(
    released: Sequence[ReleasedFolder], parts: Sequence[str], query: Mapping[str, str], accept: str
) -> SdmxAnswer:
    is_new = parts[:1] == ["dataflow"]
    if is_new:
        agency, flow, version, key = [*parts[1:], *[""] * 4][:4]
    else:
        named, key = [*parts, "", ""][:2]
        agency, flow, version = _flow(named)
    release = next((folder for folder in released if folder.dataset.upper() == flow), None)
    own = "" if release is None else f"{int(release.manifest['sequence'])}.0"
    if release is None or agency not in (*_ANY, AGENCY) or version not in (*_ANY, own, f"{own}.0"):
        raise _NoAnswer(404, f"There is no dataflow {flow} {version}".rstrip() + ".")
    to = _format(accept + query.get("format", ""), is_new=is_new)
    rows = _rows(release, key, query)
    if not rows:
        raise _NoAnswer(404, "Nothing was released for this key; coverage.csv says who did not report.")
    return SdmxAnswer(200, _TYPES[to], sdmx.data(release, to, rows))


def _flow(named: str) -> tuple[str, str, str]:
    """Return agency, identifier and version of `ID`, `AGENCY,ID` or `AGENCY,ID,VERSION`."""
    known = named.split(",")
    agency, flow, version = ("", *known, "")[:3] if len(known) == 1 else (*known, "")[:3]
    return agency, flow, version


def _format(wanted: str, *, is_new: bool) -> Format:
    accepted = wanted.lower()
    if "csv" in accepted:
        return Format.DATA_SDMX_CSV_2_0_0
    if is_new:
        return Format.DATA_SDMX_ML_3_0
    return Format.DATA_SDMX_ML_2_1_STR if "structurespecific" in accepted else Format.DATA_SDMX_ML_2_1_GEN


def _rows(released: ReleasedFolder, key: str, query: Mapping[str, str]) -> tuple[Row, ...]:
    """Return the observations of a key and a period; the key as the standard writes it, `A.PRT-01+PRT-02..`."""
    if unknown := sorted(
        {name for name in query if not name.startswith("c[")} - _IGNORED - {"startPeriod", "endPeriod"}
    ):
        raise _NoAnswer(501, "Not served: " + ", ".join(unknown) + ".")
    asked = _codes_by_key(released, key) | _codes_by_component(released, query)
    first, last = _year(query.get("startPeriod", "0000")), _year(query.get("endPeriod", "9999"))
    return tuple(
        row
        for row in sdmx_coverage.observations(released)
        if first <= row["time_period"] <= last and all(row[name] in codes for name, codes in asked.items())
    )


def _codes_by_key(released: ReleasedFolder, key: str) -> dict[str, Sequence[str]]:
    if key in _ANY:
        return {}
    dimensions = ["freq", *(name for name in released.key if name != "time_period")]
    places = key.split(".")
    if len(places) != len(dimensions):
        raise _NoAnswer(400, "A key names " + ".".join(name.upper() for name in dimensions) + ".")
    codes_by_dimension = {
        name: re.split(r"[+,]", place) for name, place in zip(dimensions, places, strict=True) if place not in ("", "*")
    }
    if "A" not in codes_by_dimension.pop("freq", ["A"]):
        raise _NoAnswer(404, "Figures are annual: A.")
    return dict(codes_by_dimension)


def _codes_by_component(released: ReleasedFolder, query: Mapping[str, str]) -> dict[str, Sequence[str]]:
    """Return the codes requested by component, as `c[SEX]=F,M` in SDMX 3.0."""
    codes_by_dimension: dict[str, Sequence[str]] = {}
    for name, codes in query.items():
        if not name.startswith("c["):
            continue
        column = name[2:].rstrip("]").lower()
        if column not in released.key or ":" in codes:
            raise _NoAnswer(501, f"Not served: {name}={codes}.")
        codes_by_dimension[column] = codes.split(",")
    return codes_by_dimension


def _year(period: str) -> str:
    match = _PERIOD.fullmatch(period)
    if match is None:
        raise _NoAnswer(400, f"No period: {period}.")
    return match[1]
