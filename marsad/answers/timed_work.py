"""What the machine's timers do by themselves: when they last did it, how that ended, when they do it next.

Belongs here: asking systemd about the two that a page shows. Does not belong here: the timers (`installation/units`),
or what they call.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

_WORK = ("inbox", "build")
"""Of `marsad-<work>.timer` and the service of that name."""
_PROPERTIES = "LoadState,ActiveState,LastTriggerUSec,NextElapseUSecRealtime,Result,ExecMainExitTimestamp"
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d")
_SECONDS = 5


@dataclass(frozen=True)
class TimedWork:
    """Work that a timer does.

    Attributes:
        name: `inbox` or `build`.
        last: when it was last begun, on the machine's clock; empty before the first time.
        outcome: how that ended; `unknown` if the machine was started anew since.
        next: when it is begun next; empty while its timer is switched off.
    """

    name: str
    last: str
    outcome: Literal["done", "failed", "running", "unknown"]
    next: str


def list_timed_work() -> list[TimedWork]:
    """Return the work of our timers; empty on a machine that has none of them."""
    units = [f"marsad-{work}.{kind}" for work in _WORK for kind in ("timer", "service")]
    blocks = _ask_systemd(units)
    if len(blocks) != len(units):
        return []
    pairs = zip(_WORK, blocks[::2], blocks[1::2], strict=True)
    return [_work_of(name, timer, service) for name, timer, service in pairs if timer["LoadState"] == "loaded"]


def _ask_systemd(units: Sequence[str]) -> list[dict[str, str]]:
    """Return the properties of units, in their order; empty where systemd does not answer."""
    program = shutil.which("systemctl")
    if program is None:
        return []
    try:
        ended = subprocess.run(  # noqa: S603 - our own words
            [program, "show", f"--property={_PROPERTIES}", *units],
            env={"LC_ALL": "C"},  # no TZ: the desk's own is not that of the machine
            capture_output=True,
            text=True,
            timeout=_SECONDS,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return []
    return [dict(line.split("=", 1) for line in block.splitlines()) for block in ended.stdout.strip().split("\n\n")]


def _work_of(name: str, timer: dict[str, str], service: dict[str, str]) -> TimedWork:
    following = _moment(timer, "NextElapseUSecRealtime") if timer["ActiveState"] == "active" else ""
    return TimedWork(name, _moment(timer, "LastTriggerUSec"), _outcome(service), following)


def _outcome(service: dict[str, str]) -> Literal["done", "failed", "running", "unknown"]:
    if service["ActiveState"] == "activating":
        return "running"
    if not _moment(service, "ExecMainExitTimestamp"):
        return "unknown"
    return "done" if service["Result"] == "success" else "failed"


def _moment(properties: dict[str, str], name: str) -> str:
    """Return day and minute of a property, in the time zone of the machine; empty where it has none."""
    found = _MOMENT.search(properties.get(name, ""))
    return found.group() if found else ""
