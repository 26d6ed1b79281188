"""The frame of every page: `page.html` around a template of another package, with inline style and policy.

Belongs here: how templates are read and filled, and how a page without script is put together; every package may import
this one. Does not belong here: what a page shows, its texts, its style.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Protocol

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from languages import page_policy

_SHELL = Path(__file__).parent


class Language(Protocol):
    """The language of a page; `Words` is one."""

    @property
    def tag(self) -> str:
        """Such as `ckb`."""
        ...

    @property
    def direction(self) -> str:
        """`ltr` or `rtl`."""
        ...


def page(template: Path, styles: Sequence[Path], language: Language, **content: object) -> str:
    """Return a page without script that loads nothing and uses the machine's fonts.

    Args:
        template: extends `page.html`, with the blocks `title` and `body`.
        styles: in order.
        language: of the page.
        content: what the template shows.
    """
    style = "\n".join(path.read_text(encoding="utf-8").strip() for path in styles)
    shell = {
        "page_language": language.tag,
        "page_direction": language.direction,
        "policy": Markup(page_policy.policy(page_policy.source_of(style))),  # noqa: S704 - our own words
        "style": Markup(style),  # noqa: S704 - our own files
    }
    return environment(template.parent).get_template(template.name).render(**content, **shell)


@cache
def environment(folder: Path) -> Environment:
    """Return the template environment of a folder: texts are escaped, and a missing name is an error."""
    return Environment(
        loader=FileSystemLoader([folder, _SHELL]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
