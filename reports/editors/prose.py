"""Editors' texts: Markdown at the head of a chapter, parsed strictly, its numbers checked against the release.

Belongs here: reading `prose/<chapter id>.<language>.md` of the home, and finding numbers in it that the chapter does
not print. No word of an editor's text is changed: paragraphs and lists are placed, emphasis is dropped, anything else
is refused by name (`docs/report.md`).
Does not belong here: how serious a problem is (`checklist.py`), or where a text is placed (`build_edition.py`).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token

from ingestion.home import Home
from languages.refusal import Refusal
from languages.words import Words
from reports.editors import text_numbers
from reports.editors.text_numbers import TextNumber, readable

Part = str | tuple[str, ...]
"""A paragraph, or the entries of a list."""
YEARS = range(1900, 2101)
_NAME = re.compile(r"(?P<chapter>[a-z0-9-]+)\.(?P<language>[a-z]+)\.md")
_KEY = re.compile(r"\{[^{}\s]+\}")
_END = re.compile(r"[.!?؟]+[\"'»”)]*\s+")
_PLAIN = {"paragraph_open", "paragraph_close", "inline", "bullet_list_open", "bullet_list_close", "ordered_list_open",
          "ordered_list_close", "list_item_open", "list_item_close"}  # fmt: skip
_INLINE = {"text", "em_open", "em_close", "strong_open", "strong_close", "softbreak", "hardbreak"}


@dataclass(frozen=True)
class EditorText:
    """One text of an editor.

    Attributes:
        name: of its file.
        chapter: id of the chapter that it opens.
        language: tag.
        parts: in their order.
        lines: text and line of each run without a line break.
        sentences: with the line on which each begins, to check and to show them.
        refused: line and Markdown term of each forbidden element; a text with any is not placed.
    """

    name: str
    chapter: str
    language: str
    parts: tuple[Part, ...] = ()
    lines: tuple[tuple[str, int], ...] = ()
    sentences: tuple[tuple[str, int], ...] = ()
    refused: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True)
class UnprintedNumber:
    """A number that the chapter does not print: as written, its line, the nearest printed figure, its sentence."""

    number: str
    line: int
    nearest: str
    sentence: str = ""


def read_texts(home: Home, drafts: Mapping[str, str] | None = None) -> tuple[EditorText, ...]:
    """Return the texts of a home by file name, including files whose name is not `<chapter id>.<language>`.

    Args:
        home: whose texts they are.
        drafts: Markdown by file name that counts instead of the file; an empty one, as if there were no file.

    Raises:
        Refusal: `prose_encoding` for a file that is not written in UTF-8.
    """
    files = {path.name: path for path in home.prose.glob("*.md")}
    own = drafts or {}
    markdown = {name: _read_markdown(path) for name, path in files.items() if name not in own}
    markdown |= {name: text for name, text in own.items() if text}
    return tuple(parse_file(name, markdown[name]) for name in sorted(markdown))


def parse_file(name: str, markdown: str) -> EditorText:
    """Return the text of a file by its name and content."""
    match = _NAME.fullmatch(name)
    chapter, language = (match["chapter"], match["language"]) if match else (name.removesuffix(".md"), "")
    return parse_text(name, chapter, language, markdown)


def _read_markdown(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise Refusal("prose_encoding", where=path.name) from error


def parse_text(name: str, chapter: str, language: str, markdown: str) -> EditorText:
    """Return the text of a Markdown source; forbidden content is listed, not dropped."""
    tokens = MarkdownIt("commonmark").parse(markdown)
    refused = tuple(sorted(set(_refused_markup(tokens))))
    lines = tuple(run for token in tokens if token.type == "inline" for run in _runs(token))
    parts = () if refused else tuple(_parts(tokens))
    sentences = tuple(sentence for token in tokens if token.type == "inline" for sentence in _sentences(token))
    return EditorText(name, chapter, language, parts, lines, sentences, refused)


def unprinted_numbers(
    text: EditorText, printed: Collection[str], words: Words, years: Collection[int] = YEARS, least: int = 0
) -> list[UnprintedNumber]:
    """Return the numbers of a text, in digits or words, that its place does not print.

    Years, days, ordinals, names of laws and keys of figures are none.

    Args:
        text: of the editor.
        printed: every figure of the place as printed, and every sentence made from figures.
        words: of the language: names of months, and the words that precede a number which is not a count.
        years: that count as such.
        least: a smaller number counts as printed nowhere: among hundreds of figures there is each small one.
    """
    figures = (number for figure in printed for number in text_numbers.numbers_in(readable(figure)))
    known = {(number.value, number.is_percent) for number in figures if number.is_percent or number.value >= least}
    return [
        UnprintedNumber(text_numbers.as_typed(plain, number), line, _nearest_figure(number, known), sentence)
        for sentence, line in text.sentences
        for plain in [_KEY.sub(lambda key: " " * len(key[0]), sentence)]
        for number in text_numbers.counting_numbers_in(readable(plain), years, words)
        if not _is_known(number, known) or (number.value < least and not number.is_percent)
    ]


def _refused_markup(tokens: Iterable[Token]) -> Iterator[tuple[int, str]]:
    for token in tokens:
        line = token.map[0] + 1 if token.map else 0
        if token.type not in _PLAIN and token.nesting >= 0:
            yield line, token.type.removesuffix("_open")
        for child in token.children or ():
            if child.type not in _INLINE and child.nesting >= 0:
                yield line, child.type.removesuffix("_open")


def _runs(token: Token) -> Iterator[tuple[str, int]]:
    line, run = (token.map[0] + 1 if token.map else 0), ""
    for child in token.children or ():
        if child.type in ("softbreak", "hardbreak"):
            yield run, line
            line, run = line + 1, ""
        else:
            run += child.content
    yield run, line


def _parts(tokens: Sequence[Token]) -> Iterator[Part]:
    """Yield paragraphs, and each list as a whole; a nested list is merged into the outer one."""
    items: list[str] = []
    depth = 0
    for token in tokens:
        if token.type.endswith("_list_open"):
            depth += 1
        elif token.type.endswith("_list_close"):
            depth -= 1
            if not depth:
                yield tuple(items)
                items = []
        elif token.type == "inline":
            text = " ".join(run.strip() for run, _ in _runs(token))
            if depth:
                items.append(text)
            else:
                yield text


def _sentences(token: Token) -> Iterator[tuple[str, int]]:
    """Yield each sentence of a paragraph or entry of a list, with the line on which it begins."""
    text, lines = "", list[tuple[int, int]]()
    for run, line in _runs(token):
        lines.append((len(text), line))
        text += f"{run.strip()} "
    start = 0
    for end in [*(match.end() for match in _END.finditer(text)), len(text)]:
        if sentence := text[start:end].strip():
            yield sentence, max(line for begin, line in lines if begin <= start)
        start = end


def _is_known(number: TextNumber, known: Collection[tuple[float, bool]]) -> bool:
    return any(number.value == value and (is_percent or not number.is_percent) for value, is_percent in known)


def _nearest_figure(number: TextNumber, known: Collection[tuple[float, bool]]) -> str:
    """Return the printed figure nearest to a number, of its own kind if there is one; empty if the place has none."""
    alike = [figure for figure in known if figure[1] == number.is_percent] or list(known)
    nearest = min(alike, key=lambda figure: (abs(figure[0] - number.value), figure[0]), default=None)
    return f"{nearest[0]:,g}{'%' if nearest[1] else ''}" if nearest else ""
