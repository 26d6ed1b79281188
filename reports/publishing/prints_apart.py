"""Typeset the prints of a report in a separate process, while this one makes the other forms.

Belongs here: which prints are typeset again, and the process. Does not belong here: the call of Typst
(`reports/renderers/typesetting.py`).

Typst takes half a gigabyte for a hundred pages and holds it as long as its process lives: a separate process gives it
back. Reports that are issued at the same time typeset one after the other, so that only one of them takes that much
memory.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from expectations.protection.parallel_blocks import Apart
from reports.renderers.kept_drawings import draw_unless_kept, is_kept
from reports.renderers.typesetting import Manuscript, typeset_in_turn


def begin_prints(manuscripts: Mapping[str, Manuscript], turn: Path | None = None) -> Callable[[], dict[str, bytes]]:
    """Start typesetting the prints that are not stored from the last report.

    Args:
        manuscripts: by the name of the resulting file.
        turn: as of `typeset_in_turn`.

    Returns:
        A function that waits for all prints and returns them by name; it raises what `typeset` raises, and
        `worker_lost` if
            the process was killed.
    """
    shown = {name: manuscript.shows() for name, manuscript in manuscripts.items()}
    fresh = {name: manuscript for name, manuscript in manuscripts.items() if not is_kept(shown[name])}
    waited = typeset_apart(fresh, turn) if fresh else dict[str, bytes]

    def finish_prints() -> dict[str, bytes]:
        prints = waited()
        return {name: draw_unless_kept(shows, partial(prints.__getitem__, name)) for name, shows in shown.items()}

    return finish_prints


def typeset_apart(manuscripts: Mapping[str, Manuscript], turn: Path | None = None) -> Callable[[], dict[str, bytes]]:
    """Start typesetting manuscripts in a separate process; arguments and result as of `begin_prints`."""
    work = partial(typeset_in_turn, turn=turn)
    return Apart[Mapping[str, Manuscript], dict[str, bytes]](
        work, dict(manuscripts), where=", ".join(manuscripts)
    ).answer
