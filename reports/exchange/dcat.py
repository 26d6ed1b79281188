"""The record of a release for data portals: DCAT-AP and schema.org in JSON-LD.

Belongs here: taking it from the release, or making it for one of before releases held it. Does not belong here: what
stands in it (`expectations/releases/portal_metadata.py`).
"""

from __future__ import annotations

import json

from expectations.cards.note_languages import voices
from expectations.releases import portal_metadata
from languages.words import Words
from reports.exchange.formats import ExportedFiles
from reports.phrases import labels
from reports.released.released_folder import ReleasedFolder


def export(released: ReleasedFolder, words: Words) -> ExportedFiles:
    """Return `metadata.jsonld`, in all languages whatever that of `words`; it goes beside the released files.

    Raises:
        Refusal: `export_unsuited` for synthetic records.
    """
    released.need_cells("dcat")
    if portal_metadata.NAME in released.files:
        return ExportedFiles({portal_metadata.NAME: released.file(portal_metadata.NAME)})
    period = released.manifest.get("period") or {"first": "", "last": ""}
    described = portal_metadata.PortalSubject(
        released.dataset,
        released.package,
        labels.in_languages(lambda words: labels.dataset(released.dataset, released.package, words)),
        (str(period["first"]), str(period["last"])),
        [name for name in released.files if name.endswith((".md", ".html"))],
        released.is_invented,
    )
    text = json.dumps(portal_metadata.record(described, voices()), ensure_ascii=False, indent=2, sort_keys=True)
    return ExportedFiles({portal_metadata.NAME: f"{text}\n".encode()})
