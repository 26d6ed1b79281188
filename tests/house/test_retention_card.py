"""A new class of file in the home needs a decision: how long it is kept, and whether a backup holds it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from ingestion.home import Home
from ingestion.keeping import retention
from tests.packages import PACKAGES, tree_of

HOUSE = Path(__file__).resolve().parents[2]


def _named_paths() -> Iterator[str]:
    """Paths that `Home` names as properties."""
    home = Home(Path("root"))
    for name, value in vars(Home).items():
        if isinstance(value, property) and value.fget and value.fget.__annotations__.get("return") == "Path":
            yield getattr(home, name).relative_to(home.root).as_posix()


def _written_out() -> Iterator[str]:
    """First parts of paths that code puts together by hand: `home.root / "name"`, `root / "name"`."""
    for path in (file for floor in PACKAGES for file in (HOUSE / floor).rglob("*.py")):
        for node in ast.walk(tree_of(path)):
            if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div) and isinstance(node.right, ast.Constant):
                left = getattr(node.left, "attr", getattr(node.left, "id", ""))
                if left == "root" and path.stem not in ("backup_folder", "code_version"):  # roots of other trees
                    yield str(node.right.value)


def _has_class(name: str) -> bool:
    return any(
        retention.class_of(PurePosixPath(path), lambda _path: False) for path in (name, f"{name}/x", f"{name}/x.key")
    )


def test_every_place_of_a_home_that_the_code_names_has_a_class() -> None:
    named = {*_named_paths(), *_written_out()}
    assert {"receipts.jsonl", "backups.jsonl", "warehouse.duckdb", "ledger.head", "geography", "inbox.lock"} <= named
    assert {name for name in named if not _has_class(name)} == set(), "decide in ingestion/keeping/retention.yml"


def test_the_card_says_of_every_class_by_which_rule_and_why() -> None:
    card = retention.card()
    assert len(card.classes) > 15
    assert all(one.reason.endswith(".") for one in [*card.classes.values(), card.backups])
    assert card.backups.kept_days > card.backups.every_days
    documents = [word.strip(',"') for one in card.classes.values() for word in one.rule.split() if word.endswith(".md")]
    assert documents
    assert all((HOUSE / name).exists() for name in documents)
