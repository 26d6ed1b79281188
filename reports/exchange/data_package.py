"""The released folder as it is, in one zip: a Frictionless data package, to be mailed and verified.

Belongs here: which files make the package, and the zip. Does not belong here: the descriptor
(`expectations/releases/package_descriptor.py` writes it into every release), or any change to a file: after unpacking,
anybody can run `marsad verify` on the folder.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

from languages.words import Words
from reports.exchange.formats import ExportedFiles
from reports.released.released_folder import ReleasedFolder

_EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest date in a zip


def export(released: ReleasedFolder, words: Words) -> ExportedFiles:
    """Return `<dataset>-<version>.zip` with every file of the release and its manifest, byte for byte."""
    files = {name: released.file(name) for name in released.files}
    files["manifest.json"] = (released.path / "manifest.json").read_bytes()
    return ExportedFiles({f"{released.dataset}-{released.version}.zip": zip_files(files)})


def zip_files(files: Mapping[str, bytes]) -> bytes:
    """Return files as one zip; the same files give the same bytes."""
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, files[name], zipfile.ZIP_DEFLATED)
    return sink.getvalue()
