"""The options that many commands share.

Does not belong here: commands (`command.py` and those it adds), their answers (`answers`), or the language that an
option chose (`chosen_language.py`).
"""

from __future__ import annotations

import math
import re
from itertools import zip_longest
from typing import Annotated

import typer
from typer.core import TyperCommand, TyperGroup

from marsad.terminal.chosen_language import speak, words
from marsad.terminal.help_groups import ParsedCommand, translate

AsJson = Annotated[bool, typer.Option("--json", help="One JSON document on stdout.")]
Looker = Annotated[str, typer.Option("--as", help="Who looks: the log names it; by default the account.")]
Actor = Annotated[str, typer.Option("--as", help="Short name in the roster of who prepares it.")]
Wait = Annotated[
    float,
    typer.Option(
        metavar="[SECONDS]",
        min=0,
        show_default=False,
        help="Wait until another writer of this home has finished, so many seconds at most; without it, refuse.",
    ),
]
"""For commands of the class `CommandThatWaits`."""


def _speak_at_once(ctx: typer.Context, tag: str | None) -> str | None:
    """Use the named language at once, so that a later `--help` is in it too."""
    speak(tag)
    group = ctx.find_root().command
    if isinstance(group, TyperGroup):
        translate(group, words())
    return tag


Language = Annotated[
    str | None,
    typer.Option(
        "--language", "-l", is_eager=True, callback=_speak_at_once, help="en, ar or ckb: the language of the answer."
    ),
]


class CommandThatWaits(TyperCommand):
    """A command with `--wait [SECONDS]`: without a number it waits for ever.

    Typer has no option with an optional value.
    """

    def parse_args(self, ctx: ParsedCommand, args: list[str]) -> list[str]:
        """Parse the arguments, adding the number if it was left out."""
        whole: list[str] = []
        for argument, after in zip_longest(args, args[1:], fillvalue=""):
            whole.append(argument)
            if argument == "--wait" and not _NUMBER.fullmatch(after):
                whole.append(str(math.inf))
        return super().parse_args(ctx, whole)


_NUMBER = re.compile(r"-?[\d.]+|inf")
