"""What the site of documents needs beside its files: pages of the top folder, decisions, right-to-left texts.

MkDocs calls the functions by their names (its hooks). What a page says belongs into its Markdown file, never here.
"""

from __future__ import annotations

import re
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

HOUSE = Path(__file__).resolve().parents[2]
FROM_THE_TOP = {"CONTRIBUTING.md": "contributing.md", "SECURITY.md": "security.md", "CHANGELOG.md": "changelog.md"}
"""Documents that a repository keeps in its top folder, and the pages they are here."""


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Put every decision record into the navigation, under its own number and title.

    Args:
        config: The configuration as read, whose entry `Decisions: decisions/` stands for all of them.

    Returns:
        The same configuration.
    """
    for entry in config.nav or []:
        for pages in entry.values():
            for page in pages if isinstance(pages, list) else []:
                if page.get("Decisions") == "decisions/":
                    page["Decisions"] = sorted(f"decisions/{path.name}" for path in _decisions())
    return config


def _decisions() -> list[Path]:
    return list((HOUSE / "docs" / "decisions").glob("*.md"))


def on_files(files: Files, *, config: MkDocsConfig) -> Files:
    """Add the documents of the top folder.

    Args:
        files: The files of `docs/`.
        config: The configuration.

    Returns:
        The same files and those of the top folder.
    """
    for name, page in FROM_THE_TOP.items():
        text = (HOUSE / name).read_text(encoding="utf-8").replace("](docs/", "](")
        files.append(File.generated(config, page, content=_link_own_pages(text)))
    return files


def on_page_markdown(markdown: str, *, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Return a page's text with links that lead to pages, and Markdown read inside right-to-left parts.

    Args:
        markdown: The text of the file.
        page: The page.
        config: The configuration.
        files: All files.

    Returns:
        The text as Python-Markdown shall read it.
    """
    del config, files
    language = Path(page.file.src_uri).stem.rpartition(".")[2]
    return _link_own_pages(markdown).replace('<div dir="rtl">', f'<div dir="rtl" lang="{language}" markdown>')


def _link_own_pages(text: str) -> str:
    for name, page in FROM_THE_TOP.items():
        text = re.sub(rf"\]\((?:\.\./)*{re.escape(name)}", f"]({page}", text)
    return text
