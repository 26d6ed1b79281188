"""The certificate of a release: one page on what is guaranteed, against whom, what is not, and at what cost.

Belongs here: its sentences and their order, as Markdown and as a page to print. Every figure on it is public or counts
printed figures. Never on it: how many questions the audit asked or how many whole tables answered them (both grow with
the number of small cells), and no day, so that the same release has the same certificate.
Does not belong here: the words (`certificate.…` in the catalogues), the manifest (`release_draft.py`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from expectations.cards.cells import LATE_CASES
from expectations.cards.dataset_card import DatasetCard
from expectations.cards.note_languages import NoteLanguage
from expectations.protection.constraint_systems import MINIMUM_VALUES, SENSITIVE_UNDER
from expectations.protection.late_cases import LateLine
from languages import html_page

ATTACKERS = ("stranger", "keeper", "body", "victim")
"""Attackers that a certificate may name: anybody, who kept every release, an agency that sent cases, a victim."""
INSIDERS = ATTACKERS[2:]
_LEAST_CELLS = 100  # a mean over fewer figures would reveal something about each of them
_COMMAND = "marsad verify --audit"
_FOLDER = Path(__file__).parent
_Lines = list[str]


@dataclass(frozen=True)
class Guarantee:
    """The facts of one release's certificate.

    Attributes:
        years: first and last year.
        rounded: number of printed counts by method; `exact`, `withheld` likewise.
        audited: number of printed or withheld figures in the joint audit, over all datasets of the same blocks.
        systems: number of blocks and years, each audited as one system of equations.
        earlier: number of releases that the audit assumed known, withdrawn ones too.
        against: those of `ATTACKERS` that the audit covered.
        frozen: number of years that print an earlier figure.
        loss: `mean_error` (persons per rounded figure), if protection measured it.
        needs_one_signature: whether the house has one person only, who signs alone.
    """

    card: DatasetCard
    sequence: int
    is_invented: bool
    years: tuple[str, str]
    rounded: int
    exact: int
    withheld: int
    audited: int
    systems: int
    earlier: int
    against: Sequence[str]
    frozen: int
    late: Sequence[LateLine]
    loss: Mapping[str, float]
    needs_one_signature: bool = False

    @property
    def base(self) -> int:
        """The greatest rounding base of the dataset; 0 if nothing is rounded."""
        return max(
            (protection.base for protection in self.card.protection.values() if protection.method == "rounding"),
            default=0,
        )


def certificate_markdown(facts: Guarantee, voice: NoteLanguage) -> str:
    """Return the certificate in one language as Markdown.

    Raises:
        Refusal: `message_missing` from the catalogue.
    """
    lines = ["# " + voice.text("certificate.title"), "", "**" + _about_section(facts, voice) + "**", ""]
    lines += [*(f"> {banner}" for banner in _banners(facts, voice)), ""]
    lines += [voice.text("certificate.promise"), ""]
    for heading, points in _sections(facts, voice):
        lines += ["## " + heading, "", *(f"- {point}" for point in points), ""]
    return "\n".join([*lines, voice.text("certificate.check") + f" `{_COMMAND}`", ""])


def page(facts: Guarantee, voice: NoteLanguage) -> str:
    """Return the certificate as a page to print: no script, nothing fetched, the machine's own fonts."""
    return html_page.page(
        _FOLDER / "certificate.html",
        [_FOLDER / "certificate.css"],
        voice,
        voice=voice,
        t=voice.text,
        about=_about_section(facts, voice),
        banners=_banners(facts, voice),
        command=_COMMAND,
        sections=list(_sections(facts, voice)),
    )


def _about_section(facts: Guarantee, voice: NoteLanguage) -> str:
    title = voice.text(f"dataset.{facts.card.name}.title")
    first, last = (voice.digits(year) for year in facts.years)
    return voice.text("certificate.about", title=title, sequence=facts.sequence, first=first, last=last)


def _banners(facts: Guarantee, voice: NoteLanguage) -> _Lines:
    keys = {
        "notes.invented": facts.is_invented,
        "edition.signed_by.one": facts.needs_one_signature,
        "page.awaits_review": not voice.is_reviewed,
    }
    return [voice.text(key) for key, is_so in keys.items() if is_so]


def _sections(facts: Guarantee, voice: NoteLanguage) -> Iterator[tuple[str, _Lines]]:
    for name, points in (
        ("guaranteed", _guarantee_lines(facts, voice)),
        ("against", [_attacker_line(attacker, voice) for attacker in ATTACKERS if attacker in facts.against]),
        ("not_guaranteed", _limit_lines(facts, voice)),
        ("cost", _cost(facts, voice)),
        ("examined", _examination_lines(facts, voice)),
    ):
        yield voice.text(f"certificate.{name}"), list(points)


def _guarantee_lines(facts: Guarantee, voice: NoteLanguage) -> Iterator[str]:
    text = voice.text
    if facts.base:
        yield text("certificate.rounded", base=facts.base, greatest=facts.base - 1)
        yield text("certificate.interval", greatest=SENSITIVE_UNDER - 1, values=MINIMUM_VALUES)
        yield text("certificate.whole")
    yield text("certificate.never")
    if facts.exact:
        least = max(protection.exact_from or 0 for protection in facts.card.protection.values())
        yield text("certificate.exact", least=least)
    yield text("certificate.past", least=LATE_CASES)


def _attacker_line(attacker: str, voice: NoteLanguage) -> str:
    return voice.text(f"certificate.against.{attacker}", greatest=SENSITIVE_UNDER - 1, values=MINIMUM_VALUES)


def _limit_lines(facts: Guarantee, voice: NoteLanguage) -> Iterator[str]:
    yield from (
        voice.text(f"certificate.not_against.{insider}") for insider in INSIDERS if insider not in facts.against
    )
    if "body" in facts.against:
        yield voice.text("certificate.open.together")
    yield from (voice.text(f"certificate.open.{topic}") for topic in ("elsewhere", "acquainted", "likely", "truth"))


def _cost(facts: Guarantee, voice: NoteLanguage) -> Iterator[str]:
    text, error = voice.text, facts.loss.get("mean_error")
    if facts.base:
        yield text("certificate.cost.rounded", cells=facts.rounded, greatest=facts.base - 1)
    if error is not None and facts.rounded >= _LEAST_CELLS:
        yield text("certificate.cost.error", error=round(float(error), 1))
    yield text(
        "certificate.cost.withheld" if facts.withheld else "certificate.cost.none_withheld", cells=facts.withheld
    )
    if facts.frozen:
        yield text("certificate.cost.frozen", years=facts.frozen)
    for line in facts.late:
        yield text(f"notes.past.late_{line.said}", unit=text(f"unit.{line.unit}"), **line.figures)


def _examination_lines(facts: Guarantee, voice: NoteLanguage) -> Iterator[str]:
    yield voice.text("certificate.examined.cells", cells=facts.audited, systems=facts.systems)
    yield voice.text(
        "certificate.examined.earlier" if facts.earlier else "certificate.examined.first", releases=facts.earlier
    )
    yield voice.text("certificate.examined.proof")
