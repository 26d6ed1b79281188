"""What code, documents, tests and cards cite is in the repository: no file of elsewhere, and no issue.

Python is asked for its comments and its docstrings: any other string may name a file that a program writes. Files of
other kinds are read whole.
"""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house import what_changed
from tests.packages import HOUSE, tree_of

READ_WHOLE = {".md", ".yml", ".yaml", ".sql", ".toml", ".po", ".html", ".css", ".js", ".typ", ".cff"}
"""Kinds of files that are read whole, as the Makefile is."""

FILES = sorted(HOUSE / path for path in what_changed.hashes())
DOCUMENTS = {path.name.casefold() for path in FILES if path.suffix == ".md"}
_NAMED = re.compile(r"[^\s\"'`“”()\[\],;:|=]+\.md\b")
_PATTERN = re.compile(r"[<>*{}$%#…]")
_WRITTEN = re.compile(r"\.(?:en|ar|ckb)\.md$")
_ISSUE = re.compile(r"\bissues? (?:#|no\. ?)?\d+|\bissues? [\"“]", re.IGNORECASE)


def cited_documents(text: str) -> list[str]:
    """Return the Markdown files that a text names; not a pattern, an address, or a file that a program writes.

    What Marsad writes as Markdown carries its language: `notes.en.md`.
    """
    names = (name for name in _NAMED.findall(text) if not name.startswith("//"))
    return [name for name in names if not _PATTERN.search(name) and not _WRITTEN.search(name)]


def cited_issues(text: str) -> list[str]:
    """Return the issues that a text names by their number or their title."""
    return _ISSUE.findall(text)


def is_there(name: str, citing: Path) -> bool:
    """Tell whether a document is in the repository, named from its top, from `docs/` or from beside the citing file."""
    if "/" not in name:
        return name.casefold() in DOCUMENTS  # the site of documents names CONTRIBUTING.md in small letters
    return any((folder / name).is_file() for folder in (HOUSE, HOUSE / "docs", citing.parent))


def _texts() -> Iterator[tuple[Path, str]]:
    for path in FILES:
        if path.suffix not in {*READ_WHOLE, ".py"} and path.name != "Makefile":
            continue
        text = path.read_text(encoding="utf-8")
        if cited_documents(text) or cited_issues(text):
            yield path, _comments_and_docstrings(path, text) if path.suffix == ".py" else text


def _comments_and_docstrings(path: Path, text: str) -> str:
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    comments = [token.string for token in tokens if token.type == tokenize.COMMENT]
    statements = [node.value for node in ast.walk(tree_of(path)) if isinstance(node, ast.Expr)]
    docstrings = [
        value.value for value in statements if isinstance(value, ast.Constant) and isinstance(value.value, str)
    ]
    return "\n".join([*comments, *docstrings])


def test_every_document_that_is_cited_is_in_the_repository() -> None:
    gone = {
        f"{path.relative_to(HOUSE)}: {name}"
        for path, text in _texts()
        for name in cited_documents(text)
        if not is_there(name, path)
    }
    assert gone == set(), "cite a page of docs/reference, a record of docs/decisions, or what was published"


def test_no_issue_is_cited() -> None:
    cited = {f"{path.relative_to(HOUSE)}: {name}" for path, text in _texts() for name in cited_issues(text)}
    assert cited == set(), "an issue is not in the repository: cite the decision record that came of it"


@pytest.mark.parametrize(
    ("text", "documents"),
    [
        ("Sources: domain.md 1.2, docs/privacy.md.", ["domain.md", "docs/privacy.md"]),
        ("see [the law](reference/law.md#article-6)", ["reference/law.md"]),
        ("`reports/<id>.<language>.md` and docs/*.md", []),
        ("notes.en.md beside certificate.ckb.md", []),
        ("https://example.org/readme.md", []),
    ],
)
def test_the_check_finds_the_documents_that_a_text_cites(text: str, documents: list[str]) -> None:
    assert cited_documents(text) == documents


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("docs/decisions/0040; " + "issue 11 A.2", 1),
        ("the closing note of " + "Issue 11", 1),
        ("issue " + '"Less to own"', 1),
        ("the report is not issued in 2025", 0),
        ("github.com/apache/arrow/issues/33975", 0),
    ],
)
def test_the_check_finds_the_issues_that_a_text_cites(text: str, count: int) -> None:
    assert len(cited_issues(text)) == count


def test_a_document_that_is_nowhere_is_not_there() -> None:
    here = Path(__file__)
    assert is_there("docs/reference/law.md", here)
    assert is_there("law.md", here)
    assert is_there("reference/law.md", here)
    assert not is_there("docs/reference/domain.md", here)
    assert not is_there("domain.md", here)
