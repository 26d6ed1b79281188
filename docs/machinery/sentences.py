"""One sentence a line: where the sentences of a Markdown text end, and the text laid out by them.

Prose laid out so is reviewed sentence by sentence: a change of one shows as one line. Only paragraphs are laid out
(also those in lists); code, tables, quotations, headings and forced line breaks stay as they are.
`python docs/machinery/sentences.py FILE...` rewrites files.
"""

from __future__ import annotations

import re
import sys
from itertools import pairwise
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token

ABBREVIATIONS = {"e.g", "i.e", "cf", "vs", "etc", "al", "no", "art", "p", "pp", "fig", "resp", "approx", "incl", "ca"}
"""Words with a full stop that end no sentence, in small letters."""

_WHOLE = re.compile(r"(`+)(?!`).*?(?<!`)\1(?!`)|!?\[[^\]]*\]\([^)]*\)|<[^>]*>")
_END = re.compile(r"(?P<word>\S*?)(?P<stop>[.!?؟…])(?P<close>[\"'”’)\]*_]*) +(?=(?P<next>\S))")
_STARTS_A_BLOCK = re.compile(r"[-+#>|~=]|\*\s|\d+[.)]\s|:\s")


def split_sentences(text: str) -> list[str]:
    """Return the sentences of one paragraph, whose lines were joined by spaces.

    A sentence ends with a full stop, a question or an exclamation mark before a space. It does not end inside code,
    a link or a tag, after an abbreviation, a single letter or a bare number, before a small Latin letter, or where
    the next line would begin with what Markdown takes for a list, a heading or a table.
    """
    masked = _WHOLE.sub(lambda match: "\0" * len(match.group()), text)
    ends = [match.end() for match in _END.finditer(masked) if _ends_sentence(match, text)]
    return [text[start:end].strip() for start, end in zip([0, *ends], [*ends, len(text)], strict=True)]


def _ends_sentence(match: re.Match[str], text: str) -> bool:
    word = match["word"].strip("\"'“”‘’()[]*_«»").casefold()
    if match["stop"] == "." and (word in ABBREVIATIONS or (len(word) == 1 and word.isalpha())):
        return False
    return not ("a" <= match["next"] <= "z") and not _STARTS_A_BLOCK.match(text[match.end() :])


def lay_out(text: str) -> str:
    """Return a Markdown text with one sentence a line in every paragraph."""
    lines = text.splitlines()
    for token, indent in reversed(_paragraphs(text)):
        start, end = token.map or [0, 0]
        first = lines[start]
        prefix = first[:indent]
        joined = " ".join(line.strip() for line in [first[indent:], *lines[start + 1 : end]])
        sentences = split_sentences(joined)
        lines[start:end] = [prefix + sentences[0], *(" " * indent + sentence for sentence in sentences[1:])]
    return "\n".join(lines) + "\n"


def _paragraphs(text: str) -> list[tuple[Token, int]]:
    """Return the inline token of each paragraph that is laid out, with the column at which its text begins."""
    lines = text.splitlines()
    paragraphs: list[tuple[Token, int]] = []
    quoted = 0
    tokens = MarkdownIt("commonmark").enable("table").parse(text)
    for before, token in pairwise(tokens):
        quoted += {"blockquote_open": 1, "blockquote_close": -1}.get(before.type, 0)
        if before.type != "paragraph_open" or quoted or not token.map:
            continue
        if any(child.type in {"hardbreak", "html_inline"} for child in token.children or []):
            continue
        line, start = lines[token.map[0]].rstrip(), token.content.splitlines()[0].rstrip()
        if line.endswith(start):
            paragraphs.append((token, len(line) - len(start)))
    return paragraphs


def main(names: list[str]) -> None:
    """Lay out the files that are named."""
    for name in names:
        path = Path(name)
        path.write_text(lay_out(path.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
