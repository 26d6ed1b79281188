"""Printing the answer of `marsad estimate`, as text or as JSON.

Does not belong here: the answer (`methods.multiple_systems`), or the options (`estimating.py`).
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from time import monotonic

from languages.refusal import Refusal
from languages.words import Words
from marsad.answers.overlap_counts import read_overlaps
from marsad.terminal import console
from methods.multiple_systems.bootstrap_limits import Span
from methods.multiple_systems.hidden_part import (
    LEAST_OVERLAPS,
    MOST_SECONDS,
    EstimateOrder,
    HiddenPart,
    estimate_hidden_part,
)

_SECONDS_BETWEEN_WORDS = 2.0


def estimate_and_print(file: Path, order: EstimateOrder, words: Words, *, as_json: bool) -> bool:
    """Print the estimate of a table, and return whether it may be published.

    Raises:
        Refusal: the file is no overlap table; with `as_json` a document that says so is printed first.
    """
    begun = monotonic()
    try:
        table = read_overlaps(file)
    except Refusal as refusal:
        if as_json:
            console.document({**dict.fromkeys(_KEYS), "status": "refused", "reasons": [refusal.code], "model": []})
        raise
    with console.progress() as tell:
        hidden_part = estimate_hidden_part(table, order, _slow_teller(tell, words))
    if as_json:
        console.document(_as_json(hidden_part, monotonic() - begun))
    else:
        _print_estimate(hidden_part, words)
    return hidden_part.status != "refused"


_KEYS = (
    *("status", "reasons", "observed", "estimate", "hidden", "ci95", "ci80", "bic", "model", "chao_lower"),
    *("replicates", "z0", "seconds"),
)


def _slow_teller(tell: Callable[[str], None], words: Words) -> Callable[[int, int], None]:
    """Return a function that reports progress, but only of slow work."""
    reported = monotonic()

    def progress(done: int, of: int) -> None:
        nonlocal reported
        if monotonic() - reported > _SECONDS_BETWEEN_WORDS:
            reported = monotonic()
            tell(words.text("estimate.progress", done=done, of=of))

    return progress


def _as_json(hidden_part: HiddenPart, seconds: float) -> dict[str, object]:
    values = {key: getattr(hidden_part, key) for key in _KEYS if key != "seconds"}
    return {**values, "seconds": round(seconds, 3)}


def _print_estimate(hidden_part: HiddenPart, words: Words) -> None:
    console.say(words.text("estimate.title"))
    console.say(words.text("estimate.observed", observed=hidden_part.observed, overlaps=hidden_part.overlaps))
    if hidden_part.status == "refused":
        console.say(words.text("estimate.refused"))
    else:
        _print_figure(hidden_part, words)
    for reason in hidden_part.reasons:
        console.say(f"  {reason}: {words.text(f'estimate.reason.{reason}', **_arguments(hidden_part))}")


def _print_figure(hidden_part: HiddenPart, words: Words) -> None:
    persons, unseen = round(hidden_part.estimate or 0), round(hidden_part.hidden or 0)
    console.say(words.text("estimate.persons", estimate=persons, hidden=unseen))
    for level, span in ((95, hidden_part.ci95), (80, hidden_part.ci80)):
        if span is not None:
            console.say(words.text("estimate.interval", level=level, **_range_ends(span)))
    if hidden_part.chao_lower is not None:
        console.say(words.text("estimate.chao", persons=round(hidden_part.chao_lower)))
    if hidden_part.bic is not None:
        model = ", ".join(hidden_part.model) or words.text("estimate.independent")
        console.say(words.text("estimate.model", model=model, bic=round(hidden_part.bic, 2)))
    if hidden_part.z0 is not None and hidden_part.spread is not None:
        moved = {"replicates": hidden_part.replicates, "failed": hidden_part.failed, "z": round(hidden_part.z0, 2)}
        console.say(words.text("estimate.replicates", **moved, **_range_ends(hidden_part.spread)))
    if hidden_part.is_stable is not None:
        console.say(words.text("estimate.stable" if hidden_part.is_stable else "estimate.unstable"))
    console.say(words.text("estimate.of_others"))


def _range_ends(span: Span) -> dict[str, int]:
    return {"lower": round(span.lower), "upper": round(span.upper)}


def _arguments(hidden_part: HiddenPart) -> dict[str, str | float]:
    minutes = max(1, round(hidden_part.cost.seconds / 60)) if hidden_part.cost else 0
    return {
        "least": LEAST_OVERLAPS,
        "overlaps": hidden_part.overlaps,
        "merged": ", ".join(hidden_part.merged),
        "minutes": minutes,
        "most_minutes": round(MOST_SECONDS / 60),
        "fits": hidden_part.cost.fits if hidden_part.cost else 0,
        "failed": hidden_part.failed,
        "replicates": hidden_part.replicates,
    }
