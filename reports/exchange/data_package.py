"""The released folder as it is: a Frictionless data package, to be zipped, mailed and verified.

Belongs here: which files make the package. Does not belong here: the descriptor
(`expectations/releases/package_descriptor.py` writes it into every release), or any change to a file: whoever unpacks
it can run `marsad verify` on the folder.
"""

from __future__ import annotations

from languages.words import Words
from reports.exchange.formats import ExportedFiles
from reports.released.released_folder import ReleasedFolder


def export(released: ReleasedFolder, words: Words) -> ExportedFiles:
    """Return every file of the release with its manifest, byte for byte."""
    files = {name: released.file(name) for name in released.files}
    return ExportedFiles({**files, "manifest.json": (released.path / "manifest.json").read_bytes()})
