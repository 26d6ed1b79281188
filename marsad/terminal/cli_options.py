"""What every command of the house shares: the language it answers in, and the options that many have.

Does not belong here: commands (`command.py` and those it adds) and what they answer (`desk.py`).
"""

from __future__ import annotations

import math
import re
from itertools import zip_longest
from typing import TYPE_CHECKING, Annotated

import typer
from typer.core import TyperCommand

from languages.words import Words

if TYPE_CHECKING:
    from typer._click.core import Context

AsJson = Annotated[bool, typer.Option("--json", help="One JSON document on stdout.")]
Language = Annotated[str | None, typer.Option("--language", "-l", help="en, ar or ckb: the language of the answer.")]


class CommandThatWaits(TyperCommand):
    """A command with `--wait [SECONDS]`: without a number it waits for ever.

    Typer has no option whose value may lack.
    """

    def parse_args(self, ctx: Context, args: list[str]) -> list[str]:
        """Read the arguments, with the number that was left out."""
        whole: list[str] = []
        for argument, after in zip_longest(args, args[1:], fillvalue=""):
            whole.append(argument)
            if argument == "--wait" and not _NUMBER.fullmatch(after):
                whole.append(str(math.inf))
        return super().parse_args(ctx, whole)


_NUMBER = re.compile(r"-?[\d.]+|inf")
_language = {"tag": "en", "asked": ""}


def begin(tag: str | None) -> str | None:
    """Begin a command: English, unless a language is named. Returns the name, as an option's callback must."""
    _language.update(tag="en", asked="")
    speak(tag)
    return tag


def speak(tag: str | None) -> None:
    """Answer in a language from now on, if one is named.

    Raises:
        Refusal: what `Words.load` raises for a language that is not there.
    """
    if tag:
        _language["tag"] = _language["asked"] = Words.load(tag).tag


def asked() -> str | None:
    """Return the language that somebody named; None if nobody did, and a page then speaks its sender's."""
    return _language["asked"] or None


def words() -> Words:
    """Return the words of the language that was chosen."""
    return Words.load(_language["tag"])
