"""A hook that notes each file of the checkout that a process opens, runs or starts: another witness than the imports.

Belongs here: the hook, which imports nothing of ours, so that every process can begin with it, as `sitecustomize`.
Does not belong here: what is asked of its notes (`stage_reads.py`).
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from traceback import walk_stack

ROOT = str(Path(os.environ["MARSAD_WITNESS_ROOT"])) + os.sep
_ASKING = str(Path("ingestion", "checkout_files.py"))  # it hashes every file, and asks nobody to do anything by it
_notes = os.open(os.environ["MARSAD_WITNESS_NOTES"], os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
_noted: set[str] = set()


def _note(event: str, arguments: tuple[object, ...]) -> None:
    if event == "open":
        names = (arguments[0],)
    elif event == "subprocess.Popen":
        names = tuple(arguments[1]) if isinstance(arguments[1], list | tuple) else ()
    else:
        return
    for name in names:
        path = name.decode(errors="replace") if isinstance(name, bytes) else str(name)
        if path.startswith(ROOT) and path not in _noted and not _is_hashed():
            _noted.add(path)
            os.write(_notes, f"{path.removeprefix(ROOT)}\n".encode())


def _is_hashed() -> bool:
    return any(frame.f_code.co_filename.endswith(_ASKING) for frame, _ in walk_stack(None))


sys.addaudithook(_note)
