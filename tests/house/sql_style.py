"""Which models sqlfluff has yet to look at: all but those that it found in style with the very same input.

Belongs here: what the answer about one model depends on. A model is rendered from its own file and card, the macros,
the settings and the names of models and code lists, by the versions of the lock. Where all of that has the bytes of an
earlier run that found nothing, there is nothing to ask again. A fresh clone remembers nothing and asks about every one.

sqlfluff tells nothing of the style of what a macro wrote (`ignore_templated_areas`). So a model that is calls of macros
alone is read with each macro standing for a short query: all that it holds itself is asked, and of the long text that
it becomes, which only takes time, nothing would be told. Whether that text is SQL, DuckDB says in each build.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable
from pathlib import Path

from sqlfluff.core import FluffConfig, Linter

HOUSE = Path(__file__).resolve().parents[2]
_SHARED = ("macros/**/*", "tests/**/*", "*.yml", ".sqlfluff", "models/*.yml", "seeds/*.yml")
_MORE = re.compile(r"\b(run_query|statement|load_result)\s*\(|\bgraph\.|\bephemeral\b")
"""By these a text that is rendered would depend on data, on cards of others, or on the text of another model."""
_TEMPLATE = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)
_MACRO = re.compile(r"\{%-?\s*macro\s+(\w+)\(")


def keys(project: Path) -> dict[str, str]:
    """Return for each model, by its path in the project, a hash of all that its rendered text depends on."""
    models = sorted(project.glob("models/**/*.sql"))
    shared = sorted({path for pattern in _SHARED for path in project.glob(pattern) if path.is_file()})
    named = [*models, *sorted(project.glob("seeds/*.csv"))]
    names = "\n".join(_name(path, project) for path in named).encode()
    common = _hash(names, *(path.read_bytes() for path in (*shared, HOUSE / "requirements.lock", Path(__file__))))
    return {_name(model, project): _hash(common.encode(), model.read_bytes(), _card_of(model)) for model in models}


def is_calls_alone(text: str) -> bool:
    """Return whether a model holds no SQL beside calls of macros and what is said to them."""
    return not _TEMPLATE.sub("", text).strip()


def faults_of_calls(project: Path, models: Iterable[str]) -> list[str]:
    """Return what is out of style in models that are calls of macros alone, one line a fault."""
    config = FluffConfig.from_path(str(project), overrides={"templater": "jinja"})
    written = "".join(path.read_text(encoding="utf-8") for path in sorted(project.glob("macros/**/*.sql")))
    stands_for = "{{% macro {}() %}}{{% set _ = (varargs, kwargs) %}}select 1 as one{{% endmacro %}}"
    for name in _MACRO.findall(written):
        config.set_value(["templater", "jinja", "macros", name], stands_for.format(name))
    linter = Linter(config=config)
    found = (
        (model, linter.lint_string((project / model).read_text(encoding="utf-8"), fname=model)) for model in models
    )
    return [
        f"{model}:{one.line_no}: {one.rule_code()} {one.desc()}" for model, told in found for one in told.violations
    ]


def reading_more(project: Path) -> list[str]:
    """Return the files by which a model may depend on more than its key holds."""
    texts = [*project.glob("macros/**/*.sql"), *project.glob("models/**/*.sql"), project / "dbt_project.yml"]
    return [path.name for path in texts if _MORE.search(path.read_text(encoding="utf-8"))]


def remembered(memory: Path) -> set[str]:
    """Return the keys of models that were found in style; none if the memory cannot be read."""
    try:
        return set(json.loads(memory.read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return set()


def remember(memory: Path, found: Iterable[str]) -> None:
    """Write the keys of all models that are in style; those of other texts are forgotten."""
    memory.parent.mkdir(exist_ok=True)
    memory.write_text(json.dumps(sorted(found), indent=0), encoding="utf-8")


def _name(model: Path, project: Path) -> str:
    return model.relative_to(project).as_posix()


def _card_of(model: Path) -> bytes:
    card = model.with_suffix(".yml")
    return card.read_bytes() if card.is_file() else b""


def _hash(*parts: bytes) -> str:
    """Return the hash of some texts: the length of each tells where it ends."""
    return hashlib.sha256(b"".join(len(part).to_bytes(8, "big") + part for part in parts)).hexdigest()
