"""Names of twelve peoples in the forms an office writes them in, each planted alone in an ordinary file.

Belongs here: the names (`names_of_twelve.yml`), their forms, the places where the door must judge words, and the
question whether a file with one name in it is accepted. Does not belong here: floors (`test_names_of_twelve.py`),
templates of the house (`planted_templates.py`).

Whoever wrote the names had read neither the lists of the house nor its rules.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

import yaml

from ingestion.entry import file_check
from ingestion.files.noncell_text import NonCellText
from ingestion.files.reader import Workbook
from tests.ingestion import workbooks

Half = Literal["first", "second"]
TODAY = datetime.date(2025, 6, 1)
PARTS = 12  # given names, and family names, of a half
PAIRS_OF_A_GIVEN_NAME = 4


@dataclass(frozen=True)
class TwoPartName:
    """An invented person's name in one script."""

    people: str
    script: Literal["latin", "arabic"]
    given: str
    family: str


def names(half: Half) -> Iterator[TwoPartName]:
    """Each people's 48 names of a half, in Latin and in Arabic letters; the halves share no part."""
    text = Path(__file__).with_name("names_of_twelve.yml").read_text(encoding="utf-8")
    start = 0 if half == "first" else PARTS
    for people, parts in yaml.safe_load(text).items():
        givens = list(parts["given"].items())[start : start + PARTS]
        families = list(parts["family"].items())[start : start + PARTS]
        for place, (latin, arabic) in enumerate(givens):
            for step in range(PAIRS_OF_A_GIVEN_NAME):
                family_latin, family_arabic = families[(5 * place + 3 * step) % PARTS]
                yield TwoPartName(people, "latin", str(latin), str(family_latin))
                yield TwoPartName(people, "arabic", str(arabic), str(family_arabic))


SENTENCES = {
    "first": {
        "arabic": [
            "المتهم هو {} من بغداد",
            "تم القاء القبض على {} في المطار",
            "الضحية {} كانت تعمل في منزل الكفيل منذ سنتين",
            "پاسپۆرتەکە لای {} بوو لە هەولێر",
        ],
        "latin": [
            "Interviewed {} at the shelter on Monday",
            "The victim said that {} took her passport",
            "File of {} was sent to the court in 2024",
            "{} ڕادەستی دادگا کرا",
        ],
    },
    "second": {
        "arabic": [
            "افادت الضحية بان {} استلم المبلغ",
            "يرجى عدم كتابة اسم {} في هذا الجدول",
            "احيل {} الى محكمة الجنايات في البصرة",
            "قوربانییەکە لەگەڵ {} هاتە پەناگە",
        ],
        "latin": [
            "Please check the row of {} again",
            "Case worker: {} will call the shelter",
            "she was recruited by {} in Dubai",
            "تم نقل {} الى دار الايواء",
        ],
    },
}


def sentence(name: TwoPartName, half: Half, number: int) -> str:
    """A sentence that names a person."""
    sentences = SENTENCES[half][name.script]
    return sentences[number % len(sentences)].format(f"{name.given} {name.family}")


def with_initial(name: TwoPartName, number: int) -> str:
    """A name whose given or family part is one letter."""
    if number % 2:
        return f"{name.given} {name.family.removeprefix('Al-').removeprefix('ال')[0]}."
    return f"{name.given[0]}. {name.family}"


def unspaced(name: TwoPartName) -> str:
    """A name whose space was forgotten."""
    return f"{name.given}{name.family}".replace(" ", "").replace("-", "")


def nationality(text: str) -> tuple[str, Workbook]:
    """A good file with one more row whose nationality is the text."""
    rows = [workbooks.victim(1), workbooks.victim(2, citizenship=text)]
    return "iraq_interior_ministry", workbooks.read({"الضحايا": workbooks.victims(*rows)})


def referral(text: str) -> tuple[str, Workbook]:
    """A good file of the Kurdistan Region with one more row whose agency of referral is the text."""
    header = ["No", "Governorate", "Case type", "Date", "Victim sex", "Victim age group", "Nationality", "Referred to"]
    good = [1, "هەولێر", "سواڵکردن", "24/1/2024", "نێر", "18+", "عێراقی", "پەناگە"]
    return "kurdistan_interior_ministry", workbooks.read({"Victims": [header, good, [2, *good[1:-1], text]]})


def governorate(text: str) -> tuple[str, Workbook]:
    """A good file with one more row whose governorate is the text."""
    rows = [workbooks.victim(1), workbooks.victim(2, governorate=text)]
    return "iraq_interior_ministry", workbooks.read({"الضحايا": workbooks.victims(*rows)})


def sex(text: str) -> tuple[str, Workbook]:
    """A good file with one more row whose sex is the text."""
    rows = [workbooks.victim(1), workbooks.victim(2, sex=text)]
    return "iraq_interior_ministry", workbooks.read({"الضحايا": workbooks.victims(*rows)})


def title(text: str) -> tuple[str, Workbook]:
    """A good file whose title is the text."""
    grid = workbooks.victims(workbooks.victim(1), workbooks.victim(2))
    return "iraq_interior_ministry", workbooks.read({"الضحايا": [[text, *grid[0][1:]], *grid[1:]]})


def remark(text: str) -> tuple[str, Workbook]:
    """A good file whose last line, under the table, is the text."""
    grid = workbooks.victims(workbooks.victim(1), workbooks.victim(2))
    return "iraq_interior_ministry", workbooks.read({"الضحايا": [*grid[:-1], [text, *grid[-1][1:]]]})


def label(text: str) -> tuple[str, Workbook]:
    """A good file of activities of which one more is called by the text: a column whose words are kept."""
    header = ["ت", "رمز النشاط", "نوع النشاط", "تاريخ النشاط", "المحافظة", "عدد الأيام"]
    good: list[Any] = ["حملة توعية", "11/1/2024", "بغداد", 3]
    return "task_force_activities", workbooks.read({"الأنشطة": [header, [1, "TF24-044", *good], [2, text, *good]]})


def notes(text: str) -> tuple[str, Workbook]:
    """A good file with a column of notes, which no card wants."""
    header = ["ت", "رمز النشاط", "نوع النشاط", "تاريخ النشاط", "المحافظة", "ملاحظات"]
    good: list[Any] = ["حملة توعية", "11/1/2024", "بغداد"]
    return "task_force_activities", workbooks.read({"الأنشطة": [header, [1, "TF24-044", *good, text]]})


def beside(text: str) -> tuple[str, Workbook]:
    """A good file with the text in no cell: a comment, a page header, a property."""
    source, workbook = title("جدول يبين الحالات المسجلة")
    return source, replace(workbook, beside=[NonCellText("text", text, "الضحايا")])


PLACES = {
    place.__name__: place for place in (nationality, referral, governorate, sex, title, remark, label, notes, beside)
}


def examination(place: str, text: str) -> file_check.Examination:
    """The answer to a file with the text in that place; read from memory, so that thousands may be asked."""
    source, workbook = PLACES[place](text)
    read = file_check.read_workbook
    file_check.read_workbook = lambda *_: workbook
    try:
        return file_check.examine(b"", "file.xlsx", source, today=TODAY)
    finally:
        file_check.read_workbook = read


def passes(place: str, text: str) -> bool:
    """Whether a file with the text in that place is accepted."""
    return examination(place, text).verdict == "accepted"


FORMS: dict[str, tuple[Callable[[TwoPartName, Half, int], str], tuple[str, ...]]] = {
    "alone": (lambda name, _half, _number: f"{name.given} {name.family}", ("nationality", "label", "remark")),
    "in a sentence": (sentence, ("title", "beside", "label")),
    "with an initial": (lambda name, _half, number: with_initial(name, number), ("nationality", "title")),
    "without spaces": (lambda name, _half, _number: unspaced(name), ("nationality", "label")),
}
"""How a name is written -> the text, and the places where it is asked of."""


def planted(half: Half, form: str, every: int = 1) -> Iterator[tuple[TwoPartName, str, str]]:
    """Each name of a half in a form with its text, and one of the form's places after the other."""
    write, places = FORMS[form]
    for number, name in enumerate(names(half)):
        if number // 2 % every == 0:
            yield name, write(name, half, number // 2), places[(number // (2 * every)) % len(places)]


def single_parts(half: Half, every: int = 1) -> Iterator[str]:
    """Given and family names of a half, each once."""
    parts = {part: None for name in names(half) for part in (name.given, name.family)}
    yield from list(parts)[::every]


def ordinary_pairs(language: str) -> list[str]:
    """Twenty pairs of ordinary words that stand like a given and a family name."""
    text = Path(__file__).with_name("ordinary_pairs.yml").read_text(encoding="utf-8")
    return yaml.safe_load(text)[language]


NEAR_CODES = {
    "nationality": ["Omar", "Ali", "Indra", "Susan", "Hana", "Malik", "Iman", "Nigel", "Malti", "سوزي", "قمر", "بنان"],
    "governorate": ["باسل", "ميسون", "Basma", "Basira", "وسيم", "Wasim"],
    "sex": ["ذكرى", "Femi", "Mala"],
}
"""Place -> names of persons that are one letter from a country, a governorate, a sex."""
