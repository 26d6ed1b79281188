"""Damage of good files, drawn by Hypothesis so that what fails is made small: bytes, words, numbers, parts, nodes."""

from __future__ import annotations

import io
import json
import re
import warnings
import zipfile
import zlib
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from hypothesis import strategies as st

Draw = Callable[[st.SearchStrategy[Any]], Any]

_WORD = re.compile(rb'[\w.+:-]+|"[^"\n]*"|[^\x00-\x7f]+')
_ODD_WORDS = (
    *(b"", b"0", b"-1", b"1.5", b"1e999", b"NaN", b"7" * 5_000, b"0x1f", b"1_000", b"1:30", b"true", b"null", b"<5"),
    *(b"2024-13-45", b"0000-00-00", b"9999-12-31T99:99", b"A0", b"XFD1048577", b"A1:XFD1048576", b",", b";", b"\t"),
    *(b'"', b"'", b"<", b">", b"&#0;", b"&x;", b"]]>", b"<!--", b"[]", b"{}", b"[", b"[" * 5_000, b"{a: " * 5_000),
    *(b"!!python/name:os.system", b"&a [*a]", b"*a", b"<<", b"? x", b"- - -", b"\\ud800", b"\\u0000", b"%s", b"{0}"),
    *(b"!!bool x", b"!!timestamp x", b"!!int ''", b"!!binary x"),
    *(
        b"../../x",
        b"/etc/hostname",
        b"\x00",
        b"\xff\xfe",
        b"\xed\xa0\x80",
        b"\r",
        b"\n\n",
        b"\xe2\x80\xae",
        b"\xd9\xa3",
    ),
    *(b"=1+1", b"-----BEGIN", b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"age-encryption.org/v1\n"),
)
_ODD_NUMBERS = (0, 1, 2, 0x7F, 0xFF, 0x7FFF, 0xFFFE, 0xFFFF, 0x7FFFFFFF, 0xFFFFFFFD, 0xFFFFFFFE, 0xFFFFFFFF)
_ODD_NODES: tuple[Any, ...] = (
    *(None, True, False, 0, -1, 1.5, 1e308, float("inf"), 10**30, "", "x", "../x", "/etc/hostname", "\x00", "\ud800"),
    *([], {}, [[]], [None], {"x": 1}, {"": None}, ["x", "x"], "9" * 5_000, "2024-13-45", "2024-02-30T25:00"),
)
_ODD_NAMES = ("", "x", "../x.xml", "/x", "xl/workbook.xml", "content.xml", "xl/vbaProject.bin", "a\\b", "\u202ex.xml")


def damaged(seeds: Sequence[bytes], *, is_packed: bool = False) -> st.SearchStrategy[bytes]:
    """Return one of the seeds with up to three damages.

    Args:
        seeds: good files.
        is_packed: the seeds are folders packed into a zip: their files are damaged, never the zip.
    """

    @st.composite
    def damaged_seed(draw: Draw) -> bytes:
        data = seeds[draw(st.integers(0, len(seeds) - 1))]
        for _ in range(draw(st.integers(1, 3))):
            data = _damage_part(draw, data) if is_packed else _damage(draw, data)
        return data

    return damaged_seed()


def _damage(draw: Draw, data: bytes) -> bytes:
    """Damage a file of any kind in a way that fits it."""
    if data.startswith(b"PK") and draw(st.integers(0, 5)):
        return _damage_part(draw, data)
    if data[:1] in (b"{", b"[") and draw(st.booleans()):
        return _damage_node(draw, data)
    return draw(st.sampled_from(_WAYS))(draw, data)


def _damage_part(draw: Draw, data: bytes) -> bytes:
    """Damage, rename, remove or double one part of a zip; what is no zip any more is damaged as bytes."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = [(member.filename, archive.read(member)) for member in archive.infolist()]
    except (zipfile.BadZipFile, zlib.error, ValueError, OSError, EOFError, NotImplementedError, RuntimeError):
        parts = []
    if not parts:
        return _replace_bytes(draw, data)
    number = draw(st.integers(0, len(parts) - 1))
    name, content = parts[number]
    way = draw(st.sampled_from(["damage"] * 8 + ["rename", "remove", "double", "swap"]))
    if way == "damage":
        parts[number] = name, _damage(draw, content)
    elif way == "rename":
        parts[number] = draw(st.sampled_from(_ODD_NAMES)), content
    elif way == "remove":
        del parts[number]
    elif way == "double":
        parts.append((draw(st.sampled_from([*_ODD_NAMES, name])), content))
    else:
        parts[number] = name, parts[draw(st.integers(0, len(parts) - 1))][1]
    return pack(parts)


def pack(parts: Iterable[tuple[str, bytes]]) -> bytes:
    """Return parts as a zip; two may have one name."""
    stream = io.BytesIO()
    with warnings.catch_warnings(action="ignore"), zipfile.ZipFile(stream, "w") as archive:
        for name, content in parts:
            archive.writestr(zipfile.ZipInfo(name), content)
    return stream.getvalue()


def _damage_node(draw: Draw, data: bytes) -> bytes:
    """Replace, remove, rename or double one node of a JSON text."""
    try:
        whole = json.loads(data)
    except (ValueError, RecursionError):
        return _replace_word(draw, data)
    places = _places_in(whole)
    if not places:
        return json.dumps(draw(st.sampled_from(_ODD_NODES))).encode()
    holder, key = places[draw(st.integers(0, len(places) - 1))]
    way = draw(st.sampled_from(["replace", "replace", "remove", "double"]))
    if way == "replace":
        holder[key] = draw(st.sampled_from(_ODD_NODES))
    elif way == "remove":
        del holder[key]
    elif isinstance(holder, list):
        holder.append(holder[key])
    else:
        holder[draw(st.sampled_from(["", "x", key.upper(), f"{key}_"]))] = holder[key]
    return json.dumps(whole).encode()


def _places_in(whole: Any) -> list[tuple[Any, Any]]:  # noqa: ANN401 - whatever JSON can hold
    """Return each node below the whole as its holder and its key there."""
    places: list[tuple[Any, Any]] = []
    waiting = [whole]
    while waiting:
        node = waiting.pop()
        keys = list(node) if isinstance(node, dict) else range(len(node)) if isinstance(node, list) else ()
        places += [(node, key) for key in keys]
        waiting += [node[key] for key in keys]
    return places


def _replace_bytes(draw: Draw, data: bytes) -> bytes:
    start, end = _stretch(draw, data, 40)
    return data[:start] + draw(st.binary(max_size=20)) + data[end:]


def _replace_word(draw: Draw, data: bytes) -> bytes:
    words = list(_WORD.finditer(data))
    if not words:
        return draw(st.sampled_from(_ODD_WORDS))
    word = words[draw(st.integers(0, len(words) - 1))]
    return data[: word.start()] + draw(st.sampled_from(_ODD_WORDS)) + data[word.end() :]


def _swap_words(draw: Draw, data: bytes) -> bytes:
    """Put a word of the file in the place of another one."""
    words = list(_WORD.finditer(data))
    if not words:
        return data
    word, other = (words[draw(st.integers(0, len(words) - 1))] for _ in range(2))
    return data[: word.start()] + other[0] + data[word.end() :]


def _replace_number(draw: Draw, data: bytes) -> bytes:
    """Put an odd number of one, two or four bytes in the place of others, as binary formats count and point."""
    width = draw(st.sampled_from([1, 2, 4]))
    start = draw(st.integers(0, max(len(data) - width, 0)))
    number = draw(st.sampled_from(_ODD_NUMBERS)) % 256**width
    return data[:start] + number.to_bytes(width, "little") + data[start + width :]


def _repeat(draw: Draw, data: bytes) -> bytes:
    start, end = _stretch(draw, data, 200)
    return data[:start] + data[start:end] * draw(st.sampled_from([0, 2, 3, 300])) + data[end:]


def _cut(draw: Draw, data: bytes) -> bytes:
    return data[: draw(st.integers(0, len(data)))]


def _stretch(draw: Draw, data: bytes, longest: int) -> tuple[int, int]:
    start = draw(st.integers(0, len(data)))
    return start, draw(st.integers(start, min(len(data), start + longest)))


_WAYS = (_replace_bytes, _replace_word, _replace_word, _replace_word, _swap_words, _replace_number, _repeat, _cut)
