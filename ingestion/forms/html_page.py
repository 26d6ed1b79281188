"""Pages of the way in: one sheet without script that fetches nothing and takes the fonts of the machine.

Belongs here: how a template and its styles become one self-contained page. Does not belong here: what a page shows
(`receipt_page.py`, `quality_page.py`), the words (`languages`).
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from languages import page_policy

_FOLDER = Path(__file__).parent


def page(template: str, styles: Sequence[str], **content: object) -> str:
    """Return a page: the template with its content, its styles inside it, allowed by their hash and nothing else.

    Args:
        template: name of the file.
        styles: names of the files of styles, in order.
        content: what the template shows; `style` and `style_hash` are added.
    """
    style = "\n".join((_FOLDER / name).read_text(encoding="utf-8").strip() for name in styles)
    own = {"style": Markup(style), "style_hash": page_policy.source_of(style)}  # noqa: S704 - our own files
    return _environment().get_template(template).render(**content, **own)


def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(_FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
