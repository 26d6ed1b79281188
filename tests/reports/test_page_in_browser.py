"""What a browser makes of the pages: our font only, no word cut off into another one, nothing fetched."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

QUIET = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
         "--disable-background-networking", "--disable-component-update", "--disable-sync")  # fmt: skip


def browse(page: Path, folder: Path, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    """Open a page and return what the browser printed; a cold start under load takes more than one try."""
    command = [shutil.which("chromium") or "chromium", *QUIET, *arguments, f"file://{page}"]
    for attempt in range(3):
        profile = f"--user-data-dir={folder / f'profile{attempt}'}"
        try:
            return subprocess.run([*command[:1], profile, *command[1:]], capture_output=True, check=True, timeout=120)
        except subprocess.TimeoutExpired:
            if attempt == 2:
                raise
    raise AssertionError


@pytest.mark.needs_browser
@pytest.mark.parametrize("tag", ["en", "ar", "ckb"])
def test_a_browser_sets_the_page_in_our_font_alone(pages: dict[str, Path], tmp_path: Path, tag: str):
    out = tmp_path / "page.pdf"
    browse(pages[tag], tmp_path, "--no-pdf-header-footer", f"--print-to-pdf={out}")
    names = set(re.findall(rb"/BaseFont */[A-Z]+\+([A-Za-z0-9-]+)", out.read_bytes()))
    assert names == {b"IBMPlexSansArabic-Regular", b"IBMPlexSansArabic-SemiBold"}


@pytest.mark.needs_browser
def test_a_browser_reads_every_table_and_chart(pages: dict[str, Path], tmp_path: Path):
    source = pages["ckb"].read_text(encoding="utf-8")
    seen = browse(pages["ckb"], tmp_path, "--dump-dom").stdout.decode("utf-8")
    for tag in ("table", "caption", "svg", "section"):
        assert seen.count(f"<{tag}") == source.count(f"<{tag}")
    # end tags of cells are left out in the source; the browser must find each of them where we meant it
    assert seen.count("</td>") == len(re.findall(r"<td[ >]", source))
