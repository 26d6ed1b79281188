"""What a marked test needs of the machine, asked of the programs themselves: a name on the PATH proves little.

Belongs here: one question a mark, answered once a process. Does not belong here: what happens to a test whose program
is missing (`conftest.py`).
"""

from __future__ import annotations

import importlib.util
import re
import shutil
import subprocess
from collections.abc import Callable
from functools import cache
from pathlib import Path

OLDEST_JAVA = 17
_PATIENCE = 120  # seconds, on a busy machine
_OFFICE_PARTS = {"Calc": "libsclo.so", "Impress": "libsdlo.so"}
_VERSION_OF_AGE = re.compile(r"v?1\.\d+\.\d+\S*")
_VERSION_OF_JAVA = re.compile(r'version "(?:1\.)?(\d+)')


def has_office_with(part: str) -> bool:
    """Return whether LibreOffice is here with Calc or Impress: each is a package of its own."""
    program = shutil.which("soffice")
    return bool(program) and (Path(program).resolve().parent / _OFFICE_PARTS[part]).exists()


@cache
def has_browser() -> bool:
    """Return whether Chromium starts and shows a page."""
    page = "data:text/html,<p>there</p>"
    return "there" in _answer("chromium", "--headless", "--no-sandbox", "--disable-gpu", "--dump-dom", page)


@cache
def has_java() -> bool:
    """Return whether a Java that Spark runs on is here."""
    version = _VERSION_OF_JAVA.search(_answer("java", "-version"))
    return version is not None and int(version[1]) >= OLDEST_JAVA


@cache
def has_poppler() -> bool:
    """Return whether Poppler's `pdftotext` runs; Xpdf's, of the same name, gives texts in another order."""
    return "Poppler" in _answer("pdftotext", "-v")


@cache
def has_systemd() -> bool:
    """Return whether `systemd-analyze` runs."""
    return _answer("systemd-analyze", "--version").startswith("systemd")


@cache
def has_age() -> bool:
    """Return whether `age` and `age-keygen` run; other programs have such a short name too."""
    return all(_VERSION_OF_AGE.fullmatch(_answer(program, "--version").strip()) for program in ("age", "age-keygen"))


@cache
def has_proxy() -> bool:
    """Return whether nginx runs, and openssl, which makes the certificate of a test."""
    return "nginx version" in _answer("nginx", "-v") and "OpenSSL" in _answer("openssl", "version")


def has_packages(*names: str) -> bool:
    """Return whether the packages of an extra are installed."""
    return all(importlib.util.find_spec(name) for name in names)


def _answer(program: str, *words: str) -> str:
    """Return what a program prints; nothing if it is missing, fails or does not end."""
    if not (path := shutil.which(program)):
        return ""
    try:
        outcome = subprocess.run([path, *words], capture_output=True, text=True, timeout=_PATIENCE, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return outcome.stdout + outcome.stderr if outcome.returncode == 0 else ""


NEEDS: dict[str, tuple[Callable[[], bool], str]] = {
    "needs_browser": (has_browser, "needs Chromium that starts"),
    "needs_calc": (lambda: has_office_with("Calc"), "needs LibreOffice with Calc"),
    "needs_impress": (lambda: has_office_with("Impress"), "needs LibreOffice with Impress"),
    "needs_poppler": (has_poppler, "needs Poppler (pdftotext)"),
    "needs_systemd": (has_systemd, "needs systemd-analyze"),
    "needs_age": (has_age, "needs age"),
    "needs_proxy": (has_proxy, "needs nginx and openssl"),
    "needs_java": (
        lambda: has_java() and has_packages("pyspark"),
        f"needs Java {OLDEST_JAVA} or later, and the extra of make spark",
    ),
}
"""Mark -> whether what it needs is here, and what is missing else."""
