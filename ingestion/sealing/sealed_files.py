"""Sealed files: opening one that arrived, and sealing one on the sender's machine.

Belongs here: what is done with a file. Does not belong here: the task force's key (`sealing_keys.py`), reading the file
from the disk (`files/uploads.py`), or what is in it (`entry/file_check.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from ingestion.files.guard import is_sealed
from ingestion.files.reader import read_workbook
from ingestion.files.safe_zip import Stop
from ingestion.files.template_sheets import stamp_on
from ingestion.files.uploads import SEALED_SUFFIX, Upload, read_upload
from ingestion.findings import Finding
from ingestion.home import write_new_bytes
from ingestion.sealing.age_keys import encrypt, is_public_key
from ingestion.sealing.sealing_keys import SealingKey
from ingestion.text.folding import printable
from languages.refusal import Refusal


def open_upload(upload: Upload, key: SealingKey | None) -> Upload:
    """Return a file that arrived with its plain bytes, in memory only; unchanged if it is not sealed.

    What is wrong with the seal becomes the upload's `fault`, which refuses the file.

    Args:
        upload: as it was read.
        key: the unlocked key; None if nobody has unlocked it.

    Raises:
        Refusal: `sealing_key_locked` for a sealed file without a key: nothing is known of it yet.
    """
    if not is_sealed(upload.data):
        is_named_so = upload.plain_path != upload.path and upload.data.strip()
        return replace(upload, fault=Finding("refuse", "not_sealed")) if is_named_so else upload
    if key is None:
        raise Refusal("sealing_key_locked", where=printable(upload.path.name))
    try:
        return replace(upload, data=key.open(upload.data), sealed_sha256=upload.sha256)
    except Stop as stop:
        return replace(upload, sealed_sha256=upload.sha256, fault=stop.finding)


def seal_file(path: Path, public_keys: Sequence[str]) -> Path:
    """Write a sealed copy of a file next to it, whole or not at all, and return its path.

    Args:
        path: the file; it stays as it is.
        public_keys: each of whose secret keys opens the copy.

    Raises:
        Refusal: `seal_already` for a sealed file, `seal_output` where something has the copy's name, and those of
            `read_upload`.
    """
    upload = read_upload(path)
    if is_sealed(upload.data):
        raise Refusal("seal_already", where=printable(path.name))
    output = path.with_name(path.name + SEALED_SUFFIX)
    try:
        write_new_bytes(output, encrypt(upload.data, public_keys))
    except FileExistsError as error:
        raise Refusal("seal_output", where=str(output)) from error
    return output


def keys_in_template(path: Path) -> tuple[str, ...]:
    """Return the public keys on the first sheet of a workbook that began as a template, filled in or not.

    Raises:
        Refusal: `seal_no_key` if there is none; those of `read_upload`.
    """
    sheets = read_workbook(read_upload(path).data, path.name).sheets
    guidance = [sheet for sheet in sheets if (stamp := stamp_on(sheet)) and stamp.kind == "template"]
    cells = (cell for sheet in guidance for row in sheet.rows for cell in row if isinstance(cell, str))
    keys = tuple(dict.fromkeys(text for cell in cells if is_public_key(text := cell.strip())))
    if not keys:
        raise Refusal("seal_no_key", where=printable(path.name))
    return keys
