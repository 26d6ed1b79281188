"""The notes of a release: what a reader must know before using it, in one language, as Markdown.

Belongs here: the content of the notes and its order. Does not belong here: the words (the catalogue, keys `notes.…` and
`rule.…`), or anything that is not public: the notes are released.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from expectations.cards.adopted_standards import AdoptedStandard
from expectations.cards.cells import LATE_CASES
from expectations.cards.dataset_card import DatasetCard
from expectations.cards.indicator_card import IndicatorCard
from expectations.cards.note_languages import NoteLanguage
from expectations.cards.series_breaks import SeriesBreak
from expectations.gate.rule_result import RuleResult
from expectations.gate.waivers import UsedWaiver
from expectations.protection.late_cases import LateLine
from expectations.published.external import SetAsidePublication
from expectations.published.release_log import Withdrawal
from expectations.releases.carried_standards import NO_STANDARDS, CarriedStandards
from expectations.releases.missing_reports import MissingReports
from expectations.releases.release_difference import ReleaseDifference
from expectations.releases.warning_texts import warning_of_rule
from ingestion.people.acts import ACT, APPROVED, NAMESPACES, PREPARED, STATEMENT
from ingestion.people.openssh import line_to_verify
from languages.catalogue import SOURCE


@dataclass(frozen=True)
class ReleaseNoteFacts:
    """The facts that the notes report.

    Attributes:
        years: first and last year with a row; both empty if there is none.
        waived: the waivers that were used.
        frozen: years whose late cases are not in the figures yet, to their indicators.
        revised: years that were rounded again, to theirs.
        withheld: number of cells whose value is withheld.
        loss: what protection cost (`methods.disclosure.loss.PublicLoss`); empty if nothing is protected.
        to_quote: years and indicators with a count that was printed as two figures, and the indicator to quote.
        late: what may be published of the cases that the frozen years do not include, one line per unit of count.
        corrects: the withdrawn versions that this release replaces.
        set_aside: others' publications that turned out to count something else.
        breaks: breaks of the released series, each with the indicators and places it affects.
        standards: by which the report judges the figures, and those of the release before.
        needs_one_signature: whether the house has one person only, who signs alone.
        rests_on_links: whether records without a common pseudonymous ID were joined behind the totals.
        missing: whose reports are missing, and of which years.
    """

    card: DatasetCard
    sequence: int
    is_invented: bool
    indicators: Sequence[IndicatorCard]
    years: tuple[str, str]
    watched: Sequence[RuleResult]
    waived: Sequence[UsedWaiver]
    frozen: Mapping[str, Sequence[str]]
    revised: Mapping[str, Sequence[str]]
    withheld: int
    difference: ReleaseDifference
    loss: Mapping[str, Any] = field(default_factory=dict[str, Any])
    to_quote: Sequence[tuple[str, str, str]] = ()
    late: Sequence[LateLine] = ()
    corrects: Sequence[Withdrawal] = ()
    set_aside: Sequence[SetAsidePublication] = ()
    breaks: Sequence[SeriesBreak] = ()
    standards: CarriedStandards = NO_STANDARDS
    needs_one_signature: bool = False
    rests_on_links: bool = False
    missing: Sequence[MissingReports] = ()


def write(facts: ReleaseNoteFacts, voice: NoteLanguage) -> str:
    """Return the notes in the language of `voice`.

    Raises:
        Refusal: `message_missing` from the catalogue.
    """
    return "\n".join(_lines(facts, voice)) + "\n"


def _lines(facts: ReleaseNoteFacts, voice: NoteLanguage) -> Iterator[str]:
    text = voice.text
    yield "# " + text("notes.title", title=text(f"dataset.{facts.card.name}.title"), sequence=facts.sequence)
    if facts.is_invented:
        yield from ("", "**" + text("notes.invented") + "**")
    yield from _corrections(facts, voice)
    yield from _contents(facts, voice)
    yield from _marks(facts, voice)
    yield from _linked_lines(facts, voice)
    yield from _break_lines(facts, voice)
    yield from _standard_lines(facts.standards, voice)
    yield from _cost(facts, voice)
    yield from _watch(facts, voice)
    yield from _waivers(facts, voice)
    yield from _set_aside(facts, voice)
    yield from _past_year_lines(facts, voice)
    yield from _changes(facts, voice)
    yield from _signed(facts, voice)
    yield from _section(voice, "terms")
    yield "- " + text("notes.licence", name=facts.card.licence.name, address=facts.card.licence.path)
    yield "- " + text("notes.contact", contact=facts.card.contact.name)


def _section(voice: NoteLanguage, name: str) -> Iterator[str]:
    yield from ("", "## " + voice.text(f"notes.{name}.heading"), "")


def _signed(facts: ReleaseNoteFacts, voice: NoteLanguage) -> Iterator[str]:
    """Yield how a reader checks who released it. Who that is comes later: the reader's own tool finds the name."""
    file, key = (PREPARED, "notes.signed.by_one") if facts.needs_one_signature else (APPROVED, "notes.signed.by")
    signer = f"$(ssh-keygen -Y find-principals -f allowed_signers -s {STATEMENT[file]})"
    yield from _section(voice, "signed")
    yield voice.text(key)
    yield from ("", f"    {line_to_verify(signer, NAMESPACES[file], STATEMENT[file], STATEMENT[ACT])}", "")


def _contents(facts: ReleaseNoteFacts, voice: NoteLanguage) -> Iterator[str]:
    yield from _section(voice, "contents")
    first, last = facts.years
    yield voice.text("notes.period", first=voice.digits(first), last=voice.digits(last))
    yield ""
    for indicator in facts.indicators:
        title = voice.text(f"indicator.{indicator.code.lower().replace('-', '_')}.title")
        yield f"- {indicator.code}: {title}"


def _marks(facts: ReleaseNoteFacts, voice: NoteLanguage) -> Iterator[str]:
    yield from _section(voice, "marks")
    rounded = [protection for protection in facts.card.protection.values() if protection.method == "rounding"]
    yield "- `A` " + voice.text("notes.mark.normal")
    yield "- `O` " + voice.text("notes.mark.missing")
    yield "- `Q` " + voice.text("notes.mark.withheld", cells=facts.withheld)
    if any("age" in indicator.dimensions for indicator in facts.indicators):
        yield "- `AMBIGUOUS` " + voice.text("notes.mark.ambiguous")
    for base in sorted({protection.base for protection in rounded}):
        yield f"- `ROUNDED_{base}` " + voice.text("notes.method.rounded", base=base, greatest=base - 1)
    for least in sorted({protection.exact_from for protection in rounded if protection.exact_from}):
        yield f"- `EXACT_{least}` " + voice.text("notes.method.exact", least=least)
    yield "- `DERIVED` " + voice.text("notes.method.derived", minimum=facts.card.minimum_base)
    yield "- `WITHHELD` " + voice.text("notes.method.withheld")
    yield "- `NONE`, `PUBLISHED` " + voice.text("notes.method.none")


def _linked_lines(facts: ReleaseNoteFacts, voice: NoteLanguage) -> Iterator[str]:
    """Yield that totals rest on links, without a number; nothing if they do not."""
    if facts.rests_on_links:
        yield from _section(voice, "linked")
        yield voice.text("notes.linked.text")


def _break_lines(facts: ReleaseNoteFacts, voice: NoteLanguage) -> Iterator[str]:
    """Yield where figures before and after are not comparable; nothing if there is no break."""
    if facts.breaks:
        yield from _section(voice, "breaks")
        yield from (voice.text("notes.breaks.intro"), "")
    for series_break in facts.breaks:
        first, last = (voice.digits(year) for year in series_break.years)
        kind, what = voice.text(f"break.kind.{series_break.kind}"), voice.text(f"break.{series_break.code}")
        places = {"areas": ", ".join(series_break.areas), "indicators": ", ".join(series_break.indicators)}
        yield "- " + voice.text("notes.breaks.item", first=first, last=last, kind=kind, what=what, **places)


def _standard_lines(standards: CarriedStandards, voice: NoteLanguage) -> Iterator[str]:
    """Yield by which standards figures are judged, and which of them changed; nothing if there never was one."""
    if standards.now or standards.before:
        yield from _section(voice, "standards")
        yield from (voice.text("notes.standards.intro"), "")
    for question, standard in standards.now.items():
        line = [voice.text(f"answer.{question}.question"), _numbers(standard, voice)]
        line.append(
            voice.text(
                "notes.standards.adopted",
                date=voice.digits(standard.adopted.isoformat()),
                source=standard.source.get(voice.tag, standard.source[SOURCE]),
            )
        )
        if standard.first_year:
            line.append(voice.text("notes.standards.first_year", year=voice.digits(standard.first_year)))
        if question in standards.changed:
            before = _numbers(standards.changed[question], voice)
            line.append(voice.text("notes.standards.changed", before=before))
        yield "- " + " ".join(line)
    for question, standard in standards.dropped.items():
        yield "- " + voice.text("notes.standards.dropped", question=question, before=_numbers(standard, voice))


def _numbers(standard: AdoptedStandard, voice: NoteLanguage) -> str:
    met, below = (f"{number:g}" for number in (standard.met_from, standard.not_met_below))
    return voice.text(f"notes.standards.{standard.unit}", met=voice.digits(met), below=voice.digits(below))


def _cost(facts: ReleaseNoteFacts, voice: NoteLanguage) -> Iterator[str]:
    """Yield what this release lost by its protection, and what other methods would lose."""
    if not facts.loss and not facts.card.choice:
        return
    yield from _section(voice, "cost")
    if facts.loss:
        yield lost(facts.loss, voice.text)
    if facts.card.choice:
        choice = facts.card.choice
        yield from ("", voice.text(f"dataset.{facts.card.name}.choice"), "")
        yield voice.text("notes.cost.alternatives", date=choice.measured.isoformat())
        yield ""
        for alternative in choice.alternatives:
            lost_to_readers = voice.text("notes.cost.lost", error=alternative.mean_error)
            yield f"- {voice.text(f'notes.cost.{alternative.method}')}: {lost_to_readers}"


def lost(loss: Mapping[str, Any], text: Callable[..., str]) -> str:
    """Return a sentence on what protection cost (`methods.disclosure.loss.PublicLoss`)."""
    values = {
        "figures": loss["figures"],
        "below": loss["error_below"],
        "hidden": _share_in_percent(loss["hidden_share"]),
    }
    if loss["mean_error"] is None:
        return text("notes.cost.here_without_mean", **values)
    return text("notes.cost.here", error=loss["mean_error"], **values)


def _share_in_percent(share: float) -> float:
    return round(share * 100, 1)


def _watch(facts: ReleaseNoteFacts, voice: NoteLanguage) -> Iterator[str]:
    yield from _section(voice, "watch")
    if not facts.watched:
        yield voice.text("notes.watch.none")
    for rule in facts.watched:
        yield "- " + warning_of_rule(rule.id, rule.unexpected, rule.evaluated, facts.missing, voice)


def _waivers(facts: ReleaseNoteFacts, voice: NoteLanguage) -> Iterator[str]:
    """Yield the rules that were waived; nothing if there are none."""
    if facts.waived:
        yield from _section(voice, "waivers")
    for waiver in facts.waived:
        rule = voice.text(f"rule.{waiver.rule}")
        days = {"date": waiver.date, "expires": waiver.expires}
        yield "- " + voice.text(
            "notes.waivers.item", rule=rule, signed_by=waiver.signed_by, reason=waiver.reason, **days
        )


def _set_aside(facts: ReleaseNoteFacts, voice: NoteLanguage) -> Iterator[str]:
    """Yield others' figures that must not be compared with ours; nothing if there are none."""
    if facts.set_aside:
        yield from _section(voice, "set_aside")
    for publication in facts.set_aside:
        yield "- " + voice.text("notes.set_aside.item", **asdict(publication))


def _corrections(facts: ReleaseNoteFacts, voice: NoteLanguage) -> Iterator[str]:
    """Yield the withdrawn versions that this one replaces; nothing if there are none."""
    if facts.corrects:
        yield from _section(voice, "corrects")
    for withdrawal in facts.corrects:
        date = voice.digits(withdrawal.date)
        yield "- " + voice.text("notes.corrects.item", version=withdrawal.version, date=date, reason=withdrawal.reason)


def _past_year_lines(facts: ReleaseNoteFacts, voice: NoteLanguage) -> Iterator[str]:
    yield from _section(voice, "past")
    if not facts.frozen and not facts.revised and not facts.to_quote:
        yield voice.text("notes.past.none")
    for year, codes in facts.frozen.items():
        names = ", ".join(codes)
        yield "- " + voice.text("notes.past.frozen", year=voice.digits(year), indicators=names, least=LATE_CASES)
    for line in facts.late:
        unit = voice.text(f"unit.{line.unit}")
        yield "- " + voice.text(f"notes.past.late_{line.said}", unit=unit, **line.figures)
    for year, codes in facts.revised.items():
        yield "- " + voice.text("notes.past.revised", year=voice.digits(year), indicators=", ".join(codes))
    for year, own, quoted in facts.to_quote:
        yield "- " + voice.text("notes.past.to_quote", year=voice.digits(year), indicator=own, quoted=quoted)


def _changes(facts: ReleaseNoteFacts, voice: NoteLanguage) -> Iterator[str]:
    yield from _section(voice, "changes")
    if facts.difference.is_first:
        yield voice.text("notes.changes.first")
        return
    for kind, cells in facts.difference.counts().items():
        yield "- " + voice.text(f"notes.changes.{kind}", cells=cells)
