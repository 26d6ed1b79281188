"""Which code made an edition: read from the files of git, whatever form its reference has."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path

import pytest

from reports.editors.code_version import code_version, commit

COMMIT = "0123456789abcdef0123456789abcdef01234567"


def write(root: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    return root


@pytest.mark.parametrize(
    "files",
    [
        {".git/HEAD": f"{COMMIT}\n"},
        {".git/HEAD": "ref: refs/heads/main\n", ".git/refs/heads/main": f"{COMMIT}\n"},
        {".git/HEAD": "ref: refs/heads/main\n", ".git/packed-refs": f"# pack-refs\n{COMMIT} refs/heads/main\n"},
        {
            ".git": "gitdir: store/worktrees/second\n",
            "store/worktrees/second/HEAD": "ref: refs/heads/second\n",
            "store/worktrees/second/commondir": "../..\n",
            "store/refs/heads/second": f"{COMMIT}\n",
        },
    ],
    ids=["detached", "loose", "packed", "second working tree"],
)
def test_the_commit_is_read_without_git(tmp_path: Path, files: dict[str, str]):
    assert commit(write(tmp_path, files)) == COMMIT
    assert code_version(tmp_path) == f"{version('marsad')}+{COMMIT[:12]}"


def test_without_a_checkout_the_version_stands_alone(tmp_path: Path):
    assert commit(tmp_path) == ""
    assert code_version(tmp_path) == version("marsad")
