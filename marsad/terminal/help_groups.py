"""The help of the command: its groups by user, its summaries in the reader's language.

Belongs here: the group of each command. A new command is added to `GROUPS` and its summary to the catalogues
(`command.<name>`); `tests/marsad` requires both. Does not belong here: what a command does, or its English summary,
which is the first line of its docstring.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, TypeAlias

from typer.core import TyperArgument, TyperCommand, TyperGroup, TyperOption

from ingestion.home import Home
from ingestion.stop_signals import stopped_in_words
from languages.refusal import Refusal
from marsad.terminal.chosen_language import words

if TYPE_CHECKING:
    from languages.words import Words

ParsedCommand: TypeAlias = Any
"""What typer passes to overridable methods: its context, its formatter. It has no public type."""

GROUPS = {
    "senders": ("check", "template", "pseudonymise", "seal"),
    "team": (
        "receive",
        "inbox",
        "submissions",
        "review",
        "quality",
        "build",
        "approve",
        "sign",
        "releases",
        "report",
        "trace",
        "doctor",
        "people",
        "log",
        "backup",
        "restore",
        "backup-key",
        "sealing-key",
        "upgrade",
    ),
    "readers": ("indicators", "dictionary", "verify", "export", "reconcile", "estimate"),
    "maintainers": ("demo", "new", "translations"),
}
"""The groups in the order of the help, with their commands in order."""

SPOKEN = ("check", "template", "pseudonymise", "seal", "receive", "submissions.status", "submissions.withdraw")
"""Commands for clerks, whose options are translated. Those of other commands are in English only."""

TRIED = {
    "publish": ("build", "approve", "report --publish"),
    "release": ("build", "approve", "releases"),
    "run": ("build",),
    "make": ("build",),
    "list": ("releases", "submissions status"),
    "status": ("submissions status", "releases", "doctor"),
    "show": ("releases", "indicators"),
    "import": ("receive",),
    "load": ("receive",),
    "upload": ("receive",),
    "send": ("check", "seal", "receive"),
    "encrypt": ("seal",),
    "validate": ("check",),
    "test": ("check", "doctor"),
    "fix": ("check FILE --mark", "review"),
    "correct": ("check FILE --mark", "review"),
    "delete": ("submissions withdraw", "releases withdraw"),
    "remove": ("submissions withdraw", "releases withdraw"),
    "unpublish": ("releases withdraw",),
    "search": ("dictionary", "indicators"),
    "catalogue": ("indicators",),
    "pdf": ("report",),
    "print": ("report",),
    "anonymise": ("pseudonymise",),
    "anonymize": ("pseudonymise",),
    "query": ("trace",),
    "translate": ("translations",),
    "version": ("--version",),
}
"""Words that people try, and the commands that do what they want. No command has such a name."""

_SHARED = ("language", "as_json")


class HintingCommands(TyperGroup):
    """A command group that answers a misspelt command with the nearest ones."""

    def resolve_command(self, ctx: ParsedCommand, args: list[str]) -> tuple[str | None, Any, list[str]]:
        """Find the command that was named.

        Raises:
            Refusal: `command_unknown`, with the commands that may be meant, or all commands.
        """
        word, names = args[0], self.list_commands(ctx)
        if word not in names and not word.startswith("-"):
            near = self.likely_commands(word) or get_close_matches(word, names) or names
            path = " ".join(("marsad", *([str(ctx.info_name)] if ctx.parent else [])))  # groups are not nested deeper
            listed = ", ".join(f"{path} {name}" for name in near)
            raise Refusal("command_unknown", where=f"{path} {word}", nearest=listed)
        return super().resolve_command(ctx, args)

    def likely_commands(self, word: str) -> Sequence[str]:
        """Return the commands that somebody may mean who tries this word; none here."""
        return ()


class GroupedCommands(HintingCommands):
    """The commands of `marsad` in groups; `help` works like `--help`."""

    def parse_args(self, ctx: ParsedCommand, args: list[str]) -> list[str]:
        """Parse the arguments; `marsad help check` means `marsad check --help`."""
        return super().parse_args(ctx, [*args[1:], "--help"] if args[:1] == ["help"] else args)

    def likely_commands(self, word: str) -> Sequence[str]:
        """Return the commands that somebody may mean who tries this word."""
        return TRIED.get(word.lower(), ()) or (("--help",) if get_close_matches(word, ["help"]) else ())

    def list_commands(self, ctx: ParsedCommand) -> list[str]:
        """Return the commands in the order of the groups."""
        grouped = [name for names in GROUPS.values() for name in names]
        return [*grouped, *(name for name in self.commands if name not in grouped)]

    def format_help(self, ctx: ParsedCommand, formatter: ParsedCommand) -> None:
        """Print the help with its groups, in the chosen language."""
        spoken = words()
        for group, names in GROUPS.items():
            for name in names:
                command = self.commands[name]
                if isinstance(command, TyperCommand | TyperGroup):
                    command.rich_help_panel = spoken.text(f"command.group.{group}")
        translate(self, spoken)
        super().format_help(ctx, formatter)

    def invoke(self, ctx: ParsedCommand) -> object:
        """Run the command; one that was stopped says so, whatever it was doing."""
        with stopped_in_words("command_stopped", Home.at().root):
            return super().invoke(ctx)

    def resolve_command(self, ctx: ParsedCommand, args: list[str]) -> tuple[str | None, Any, list[str]]:
        """Find the command that was named; its summary is in the chosen language."""
        translate(self, words())
        return super().resolve_command(ctx, args)


def summaries(group: TyperGroup) -> Iterator[tuple[str, TyperCommand | TyperGroup]]:
    """Yield a group and each command under it with the key of its summary, e.g. `command.submissions.status`."""
    yield "command.marsad", group
    yield from _summaries(group, "command")


def _summaries(group: TyperGroup, before: str) -> Iterator[tuple[str, TyperCommand | TyperGroup]]:
    for name, command in group.commands.items():
        key = f"{before}.{name.replace('-', '_')}"
        if isinstance(command, TyperCommand | TyperGroup):
            yield key, command
        if isinstance(command, TyperGroup):
            yield from _summaries(command, key)


def options(group: TyperGroup) -> Iterator[tuple[str, TyperOption | TyperArgument]]:
    """Yield each translated option and argument, with the key of its help.

    All of the commands in `SPOKEN`, e.g. `option.check.mark`; of other commands only those that many share.
    """
    for key, command in summaries(group):
        name = key.removeprefix("command.")
        for parameter in command.params:
            if not isinstance(parameter, TyperOption | TyperArgument):
                continue
            if parameter.name in _SHARED and (name, parameter.name) != ("template", "language"):
                yield f"option.{parameter.name}", parameter
            elif name in SPOKEN and parameter.name != "help":
                yield f"option.{name}.{parameter.name}", parameter


def translate(group: TyperGroup, spoken: Words) -> None:
    """Set the commands' help in a language; for English nothing changes, since it is the source and more detailed."""
    if spoken.tag == "en":
        return
    for key, command in summaries(group):
        command.help = command.short_help = spoken.text(key)
    for key, parameter in options(group):
        parameter.help = spoken.text(key)
