"""The invented country: what truly happened, which no single agency ever sees whole.

Belongs here: the truth as frames (persons, cases, victim-events, charges, accused) and the one call that invents it.
Does not belong here: trials (`courts.py`), shelter (`shelters.py`), who sees what of it (`views.py`), how it is typed.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, NamedTuple

import pandas as pd

from samples.life import courts, profile, shelters
from samples.life.chance import RandomStream
from samples.life.story import LIFE, RevisionStory

# the holders' key of the invented country; real holders keep theirs secret from Marsad
DEMO_KEY = b"marsad demo holders' key: public"
_KEYS = {
    "k01": DEMO_KEY,
    "k02": b"marsad demo key of the mission: public",
}  # a real home accepts no key whose number begins with 0
Row = dict[str, Any]


class Person(NamedTuple):
    """A victim or an accused. The number never leaves this package; agencies write the pseudonymous ID."""

    person_number: int
    person_token: str
    sex_code: str
    birth_year: int
    citizenship_code: str


class CaseFile(NamedTuple):
    """A case file; `form_code` is its main form of exploitation."""

    case_number: int
    case_token: str
    reported_date: date
    governorate_code: str
    is_federal: bool
    form_code: str
    recruitment_code: str


class Episode(NamedTuple):
    """A victim-event: one person in one exploitation episode. Lists of codes are sorted and joined with `;`."""

    event_number: int
    person_number: int
    case_number: int
    contact_date: date
    exploitation_codes: str
    act_codes: str
    means_codes: str
    detected_by_code: str
    referred_to_code: str
    identified_date: date | None


class Charge(NamedTuple):
    """A charge against a victim."""

    event_number: int
    law_code: str


class Accused(NamedTuple):
    """An accused person in a case; still at large without `arrest_date`."""

    accused_number: int
    person_number: int
    case_number: int
    arrest_date: date | None


@dataclass(frozen=True)
class Country:
    """The truth. One row of `episodes` is one victim-event, of `accused` one accused person in one case.

    `story` says which years' files change after the year is over.
    """

    seed: int
    first_year: int
    last_year: int
    persons: pd.DataFrame
    cases: pd.DataFrame
    episodes: pd.DataFrame
    charges: pd.DataFrame
    accused: pd.DataFrame
    proceedings: pd.DataFrame
    shelter_requests: pd.DataFrame
    facilities: pd.DataFrame
    story: RevisionStory = LIFE


def invent_country(
    seed: int = 28, first_year: int = 2016, last_year: int = 2025, *, size: float = 1.0, story: RevisionStory = LIFE
) -> Country:
    """Return the country of that seed: the same arguments give the same country on every machine.

    Args:
        seed: seed of all draws.
        first_year: year of the first cases.
        last_year: last year of which anything is known.
        size: number of victims as a share of that of a country of Iraq's size.
        story: which years' files change later.
    """
    inventor = _Inventor(seed, last_year)
    for year in range(first_year, last_year + 1):
        target = round(size * profile.FEDERAL_EVENTS.get(year, profile.OTHER_YEAR_EVENTS))
        inventor.add_year(year, "federal", target)
        inventor.add_year(year, "region", round(target * profile.REGION_SHARE))
    cases, episodes = frame(inventor.cases, CaseFile), frame(inventor.episodes, Episode)
    persons, accused = frame(inventor.persons, Person), frame(inventor.accused, Accused)
    events = episodes.merge(persons, on="person_number").merge(cases, on="case_number").sort_values("event_number")
    trials = courts.try_all(RandomStream(seed, "courts"), rows_of(accused), rows_of(events), last_year)
    requests = shelters.ask_all(RandomStream(seed, "shelters"), rows_of(events), last_year)
    return Country(
        seed=seed,
        first_year=first_year,
        last_year=last_year,
        persons=persons,
        cases=cases,
        episodes=episodes,
        charges=frame(_charges(RandomStream(seed, "charges"), rows_of(events)), Charge),
        accused=accused,
        proceedings=frame(trials, courts.Proceeding),
        shelter_requests=frame(requests, shelters.Request),
        facilities=frame(shelters.facilities(first_year, last_year), shelters.Facility),
        story=story,
    )


def frame(rows: Iterable[tuple[Any, ...]], kind: Any) -> pd.DataFrame:  # noqa: ANN401 - the class of a named tuple
    """Return the rows as a frame with the fields of `kind`; whole numbers with gaps stay whole (Int64)."""
    made = pd.DataFrame(list(rows), columns=list(kind._fields))
    gaps = {name: "Int64" for name in made.columns if made[name].dtype == "float64" and name != "sentence_years"}
    return made.astype(gaps)


def rows_of(table: pd.DataFrame) -> list[Row]:
    """Return the rows of a frame as plain dicts; missing values are None."""
    plain = table.astype(object)
    return plain.where(table.notna(), None).to_dict("records")  # pyright: ignore[reportReturnType] - keys are names


def make_token(kind: str, number: int, *, version: str = "k01") -> str:
    """Return the pseudonymous ID of a person or a case number: the key's version, a shortened HMAC-SHA256."""
    digest = hmac.new(_KEYS[version], f"{kind}:{number}".encode(), hashlib.sha256).hexdigest()
    return f"{version}:{digest[:32]}"


class _Inventor:
    """Builds persons, cases, events and accused year by year."""

    def __init__(self, seed: int, last_year: int) -> None:
        self.persons: list[Person] = []
        self.cases: list[CaseFile] = []
        self.episodes: list[Episode] = []
        self.accused: list[Accused] = []
        self._seed, self._last_day = seed, date(last_year, 12, 31)
        self._victims_before: dict[tuple[str, str, str], list[Person]] = {}
        self._offenders_before: list[Person] = []
        self._looking = RandomStream(seed, "a governorate looks more")

    def add_year(self, year: int, side: str, target: int) -> None:
        """Add cases of one year and side until there are `target` victim-events."""
        chance = RandomStream(self._seed, f"cases of {year}, {side}")
        end = len(self.episodes) + target
        while len(self.episodes) < end:
            case = self._add_case(chance, year, side == "federal")
            count = 1 if case.form_code == "CHILD_SALE" else chance.pick(profile.VICTIMS_PER_CASE)
            victims = [self._victim(chance, case, side) for _ in range(min(count, end - len(self.episodes)))]
            for person in dict.fromkeys(victims):  # a person is in a case only once
                self._add_episode(chance, case, person)
            for person in victims:
                self._victims_before.setdefault((side, case.form_code, person.sex_code), []).append(person)
            for _ in range(chance.pick(profile.ACCUSED_PER_CASE)):
                self._add_accused(chance, case)
            self._offenders_before.extend(self.persons[-1:])

    def _add_case(self, chance: RandomStream, year: int, is_federal: bool) -> CaseFile:
        number = len(self.cases) + 1
        form = chance.pick(profile.FORMS)
        case = CaseFile(
            case_number=number,
            case_token=make_token("case", number),
            reported_date=chance.day_of(year),
            governorate_code=chance.pick(_areas(year) if is_federal else profile.REGION_AREAS),
            is_federal=is_federal,
            form_code=form,
            recruitment_code=chance.pick(profile.RECRUITMENTS.get(form, profile.OTHER_RECRUITMENTS)),
        )
        self.cases.append(case)
        return case

    def _person(self, chance: RandomStream, sex: str, birth_year: int, citizenships: Mapping[str, float]) -> Person:
        number = len(self.persons) + 1
        person = Person(number, make_token("person", number), sex, birth_year, chance.pick(citizenships))
        self.persons.append(person)
        return person

    def _victim(self, chance: RandomStream, case: CaseFile, side: str) -> Person:
        kind = chance.pick(profile.VICTIMS[case.form_code])
        may_be_male = case.form_code == "SEXUAL" and case.governorate_code == profile.MALE_SEXUAL_AREA
        if may_be_male and chance.flip(profile.MALE_SEXUAL_SHARE):
            kind = profile.MALE_SEXUAL_AGES
        sex, youngest, oldest = kind
        before = self._victims_before.get((side, case.form_code, sex), [])
        is_rare = case.form_code == "SEXUAL" and sex == "M"
        if before and not is_rare and chance.flip(profile.AGAIN_SHARE):
            return chance.one_of(before)
        birth_year = case.reported_date.year - chance.between(youngest, oldest)
        return self._person(
            chance, sex, birth_year, profile.CITIZENSHIPS.get(case.form_code, profile.OTHER_CITIZENSHIPS)
        )

    def _add_episode(self, chance: RandomStream, case: CaseFile, person: Person) -> None:
        contact = min(case.reported_date + timedelta(days=chance.between(0, 9)), self._last_day)
        episode = Episode(
            event_number=len(self.episodes) + 1,
            person_number=person.person_number,
            case_number=case.case_number,
            contact_date=contact,
            exploitation_codes=_forms(chance, case.form_code, person.sex_code),
            act_codes=_acts(chance),
            means_codes=_draw_means(chance, case.recruitment_code, contact.year - person.birth_year),
            detected_by_code=_draw_detection(chance, self._looking, case),
            referred_to_code=chance.pick(profile.VICTIM_REFERRALS),
            identified_date=_draw_identified(chance, contact, self._last_day),
        )
        self.episodes.append(episode)

    def _add_accused(self, chance: RandomStream, case: CaseFile) -> None:
        if self._offenders_before and chance.flip(0.02):
            person = chance.one_of(self._offenders_before[:-1] or self._offenders_before)
        else:
            ages = (15, 17) if chance.flip(profile.ACCUSED_JUVENILE_SHARE) else (18, 60)
            birth_year = case.reported_date.year - chance.between(*ages)
            sex = "F" if chance.flip(profile.ACCUSED_WOMEN_SHARE) else "M"
            person = self._person(chance, sex, birth_year, profile.ACCUSED_CITIZENSHIPS)
        if self.accused and any(
            accused.person_number == person.person_number and accused.case_number == case.case_number
            for accused in self.accused[-5:]
        ):
            return
        arrest = case.reported_date + timedelta(days=int(chance.between(0, 11) ** 2))
        is_at_large = chance.flip(profile.AT_LARGE_SHARE) or arrest > self._last_day
        number = len(self.accused) + 1
        self.accused.append(Accused(number, person.person_number, case.case_number, None if is_at_large else arrest))


def _areas(year: int) -> dict[str, float]:
    """Return the weights of the federal governorates in a year."""
    more = profile.LOOKING_TIMES if year >= profile.LOOKING_FROM else 1
    return {
        area: weight * more if area == profile.LOOKING_AREA else weight
        for area, weight in profile.FEDERAL_AREAS.items()
    }


def _draw_detection(chance: RandomStream, looking: RandomStream, case: CaseFile) -> str:
    """Return who found a victim: often inspectors, in the governorate where they inspect more."""
    usual = chance.pick(profile.DETECTIONS)
    looks = case.governorate_code == profile.LOOKING_AREA and case.reported_date.year >= profile.LOOKING_FROM
    is_found = looks and case.form_code == "FORCED_LABOUR" and looking.flip(profile.LOOKING_FOUND_SHARE)
    return "LABOUR_INSPECTION" if is_found else usual


def _forms(chance: RandomStream, form: str, sex: str) -> str:
    codes = {form}
    if chance.flip(profile.SECOND_FORM_SHARE):
        # a male victim never gets the sexual form as his second one: see `profile.py`
        second = {code: weight for code, weight in profile.SECOND_FORMS.items() if sex == "F" or code != "SEXUAL"}
        codes.add(chance.pick(second))
    return ";".join(sorted(codes))


def _acts(chance: RandomStream) -> str:
    if not chance.flip(profile.ACT_SHARE):
        return ""
    return ";".join(sorted({chance.pick(profile.ACTS), chance.pick(profile.ACTS)}))


def _draw_means(chance: RandomStream, recruitment: str, age: int) -> str:
    if not chance.flip(profile.MEANS_SHARE_ADULT if age >= 18 else profile.MEANS_SHARE_CHILD):
        return "NONE" if chance.flip(profile.MEANS_NONE_SHARE) else ""
    codes = {chance.pick(profile.MEANS)}
    if recruitment == "ABDUCTION":
        codes.add("MEANS_ABDUCTION")
    if chance.flip(0.25):
        codes.add(chance.pick(profile.MEANS))
    return ";".join(sorted(codes))


def _draw_identified(chance: RandomStream, contact: date, last_day: date) -> date | None:
    days = chance.between(*chance.pick(profile.IDENTIFIED_DELAYS))
    identified = contact + timedelta(days=days)
    return identified if chance.flip(profile.IDENTIFIED_SHARE) and identified <= last_day else None


def _charges(chance: RandomStream, events: list[Row]) -> list[Charge]:
    charges: list[Charge] = []
    for event in events:
        law, share = _charge_of(event)
        if chance.flip(share):
            charges.append(Charge(int(event["event_number"]), law))
    return charges


def _charge_of(event: Row) -> tuple[str, float]:
    form, is_foreign = event["form_code"], event["citizenship_code"] != "IRQ"
    if form == "SEXUAL" and event["sex_code"] == "M":
        return "PC_OTHER", 0.0  # see the profile: a published share must not give a male victim away
    if form == "SEXUAL":
        return "L08_1988", profile.CHARGE_SHARES["SEXUAL"]
    if form == "BEGGING":
        return "PC_390_392", profile.CHARGE_SHARES["BEGGING"]
    if form == "ORGAN":
        return "L11_2016", profile.CHARGE_SHARES["ORGAN"]
    if is_foreign:
        return "L76_2017", profile.CHARGE_SHARES["FOREIGN"]
    return "PC_OTHER", profile.OTHER_CHARGE_SHARE
