"""The metadata record of a release for data portals: DCAT-AP and schema.org in JSON-LD.

Belongs here: making it from the release, with the dates that a release does not carry. Does not belong here: its
content (`expectations/releases/portal_metadata.py`), or when a release was published (`marsad export` asks the home).
"""

from __future__ import annotations

import json

from expectations.cards.note_languages import voices
from expectations.releases import portal_metadata
from languages.words import Words
from reports.exchange.formats import ExportedFiles, ExportRemark
from reports.phrases import labels
from reports.released.released_folder import ReleasedFolder


def export(released: ReleasedFolder, words: Words) -> ExportedFiles:
    """Return `metadata.jsonld`, always in all languages; it is placed beside the released files.

    Raises:
        Refusal: `export_unsuited` for a release without a table of cells.
    """
    released.need_cells("dcat")
    period = released.manifest.get("period") or {"first": "", "last": ""}
    described = portal_metadata.PortalSubject(
        released.dataset,
        released.package,
        labels.in_languages(lambda words: labels.dataset(released.dataset, released.package, words)),
        (str(period["first"]), str(period["last"])),
        [name for name in released.files if name.endswith((".md", ".html"))],
        released.is_invented,
        *released.days,
    )
    text = json.dumps(portal_metadata.record(described, voices()), ensure_ascii=False, indent=2, sort_keys=True)
    remarks: list[ExportRemark] = []
    if "homepage" not in released.package:
        remarks.append(ExportRemark("export.dcat.relative", {"dataset": released.dataset}))
    elif not all(released.days):
        remarks.append(ExportRemark("export.dcat.undated"))
    return ExportedFiles({portal_metadata.NAME: f"{text}\n".encode()}, tuple(remarks))
