"""Arabic script in print: what is drawn can be found, copied and read aloud, and looks as Typst has set it."""

from __future__ import annotations

import io
import json
import re
from datetime import date
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from fontTools.ttLib import TTFont
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from languages.catalogue import FOLDER
from languages.words import Words, languages
from reports.renderers import readable_text, tagging, two_pages
from reports.renderers.typesetting import Manuscript, typeset
from tests.reports.invented_summaries import with_summary
from tests.reports.pdf_readers import READERS, read, unread
from tests.reports.printed_text import fonts

pytestmark = pytest.mark.needs_poppler

ARABIC, SORANI = "ءآأؤإئابةتثجحخدذرزسشصضطظعغفقكلمنهوىي", "ئابپتجچحخدرڕزژسشعغفڤقکگلڵمنوۆهەیێ"
MARKS = ("", "ً", "ُ", "ِ", "ّ", "َّ")
FROM_RIGHT = [tag for tag in languages() if Words.load(tag).direction == "rtl"]
_TEMPLATE = """#set document(title: "t")
#set text(font: "IBM Plex Sans Arabic", size: 12pt, lang: "ar", dir: rtl, weight: WEIGHT)
#for words in json("texts.json") { par(words) }"""


def _words(alphabet: str) -> st.SearchStrategy[str]:
    letters = st.tuples(st.sampled_from(alphabet), st.sampled_from(MARKS)).map("".join)
    return st.lists(letters, min_size=1, max_size=8).map("".join)


def _manuscript(texts: list[str], weight: int = 400) -> Manuscript:
    template = _TEMPLATE.replace("WEIGHT", str(weight)).encode()
    said = json.dumps(readable_text.set_off(texts), ensure_ascii=False).encode()
    return Manuscript({"main": template, "texts.json": said}, date(2026, 6, 30), is_right_to_left=True)


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("weight", [400, 600])
def test_the_words_of_the_title_are_found(reader: str, weight: int, tmp_path: Path):
    words = [
        "الاتجار بالبشر",
        "في عام",
        "الضحايا المفترضين",
        "الإيواء",
        "لا",
        "بڵاوکراوەی",
        "یارمەتیی",
        "أكثر",
        "التقرير",
    ]
    text = read(reader, typeset(_manuscript(words, weight)), tmp_path)
    assert unread(reader, text, words, is_from_right=True) == []


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize(
    "sentence",
    [
        "تغيراً واضحاً: ٣٨٠ في عام ٢٠٢٥ ونحو ٤١٥ في عام ٢٠٢٤.",
        "كانوا أطفالاً، وهذا يعادل ٦٥٪.",
        "المادة ٦-١: الضحية لم يتم الثامنة عشرة؛ ٢٠ سنة",
        "من ٢٠١٦–٢٠٢٥، ونحو ١٬٢٨٠ و١٢٫٥٪!",
        "وُجّهت إليهم تهمة \u2067٢٠٢٤\u2069.",
        "لە ساڵی \u2067٢٠٢٥\u2069دا: ٢٨ی ساڵی ٢٠١٢، ٥٠٪.",
        "المادة ٥/أولاً (الأشخاص المعنوية) في ٢٠٢٤",
        "لم يُذكر غيره. «نحو»: مقرّب. (٣ نقاط)",
        "نحو \u2067٢٥\u2069 من \u2067٣٦٠\u2069 في \u2067٢٠٢٥\u2069 (\u2067\u2067٧٪\u2069؛ بين ٦٪ و٨٪\u2069).",
    ],
)
def test_numbers_signs_and_marks_over_letters_are_read_in_their_place(reader: str, sentence: str, tmp_path: Path):
    text = read(reader, typeset(_manuscript([sentence])), tmp_path)
    assert unread(reader, text, [sentence], is_from_right=True) == []


@settings(max_examples=12, deadline=None, phases=[Phase.explicit, Phase.generate])
@given(words=st.lists(_words(ARABIC) | _words(SORANI), min_size=1, max_size=40))
@pytest.mark.parametrize("reader", READERS)
def test_any_word_of_arabic_script_is_read_as_it_was_written(
    reader: str, words: list[str], tmp_path_factory: pytest.TempPathFactory
):
    text = read(reader, typeset(_manuscript(words)), tmp_path_factory.mktemp("words"))
    assert unread(reader, text, words, is_from_right=True) == []


@pytest.mark.parametrize("tag", FROM_RIGHT)
@pytest.mark.parametrize("reader", READERS)
def test_every_word_of_the_catalogue_is_found(tag: str, reader: str, tmp_path: Path):
    said = (FOLDER / f"{tag}.po").read_text(encoding="utf-8")
    words = sorted(set(re.findall(r"[\u0620-\u065f\u066e-\u06d5]+", said)))
    assert len(words) > 3000
    text = read(
        reader,
        typeset(_manuscript([" ".join(words[place : place + 8]) for place in range(0, len(words), 8)])),
        tmp_path,
    )
    assert unread(reader, text, words, is_from_right=True) == []


@given(st.lists(st.sampled_from([0x28, 0x29, 0x5C, 0x41, 0x0128, 0x2829]), min_size=1, max_size=12))
def test_brackets_in_a_string_of_a_page_are_codes_of_letters_whether_they_are_escaped_or_balance(codes: list[int]):
    operation = b"[" + _string_of(b"".join(code.to_bytes(2, "big") for code in codes)) + b"]TJ"
    found = readable_text._OPERATION.fullmatch(operation)  # pyright: ignore[reportPrivateUsage]
    assert found and found["shown"] == operation
    assert [*readable_text._parts(operation)] == codes  # pyright: ignore[reportPrivateUsage]


def _string_of(data: bytes) -> bytes:
    """Write a string with as few escapes as PDF 1.7 asks for: of brackets only those that no other one closes."""
    opened: list[int] = []
    balanced: set[int] = set()
    for place, sign in enumerate(data):
        if sign == ord("("):
            opened.append(place)
        elif sign == ord(")") and opened:
            balanced |= {opened.pop(), place}
    signs = (
        b"\\" + bytes([sign]) if sign in b"()\\" and place not in balanced else bytes([sign])
        for place, sign in enumerate(data)
    )
    return b"(" + b"".join(signs) + b")"


@pytest.mark.parametrize("weight", [400, 600])
def test_the_page_looks_as_typst_has_set_it(weight: int, monkeypatch: pytest.MonkeyPatch):
    manuscript = _manuscript(
        ["الاتجار بالبشر في العراق", "تغيراً واضحاً وُجّهت", "لأن الإيواء لا آلاف", "یارمەتیی بڵاو"], weight
    )
    after = _picture(typeset(manuscript))
    monkeypatch.setattr(tagging.readable_text, "make_readable", lambda _, **_more: None)
    before = _picture(typeset(manuscript))
    assert len(before) == len(after)
    assert sum(1 for shade in before if shade < 128) > 1000
    assert max(abs(one - other) for one, other in zip(before, after, strict=True)) < 20  # of 255: edges of letters


def _picture(document: bytes) -> bytes:
    """The first page in pixels of a third of a point, each the mean of those that it is made of."""
    large = pypdfium2.PdfDocument(document)[0].render(scale=24, crop=(300, 640, 50, 50), grayscale=True).to_pil()
    return large.reduce(8).tobytes()


@pytest.mark.parametrize("tag", FROM_RIGHT)
def test_what_is_drawn_has_one_character_a_glyph_and_no_second_text(tag: str):
    document = typeset(two_pages.pages(with_summary(tag)))
    for font in fonts(document):
        assert {font.texts[code] for code in font.codes if len(font.texts[code]) != 1} <= {"fi", "fl"}
    with pikepdf.open(io.BytesIO(document)) as opened:
        assert b"/ActualText" not in b"".join(page.Contents.read_bytes() for page in opened.pages)


def test_a_glyph_is_as_wide_as_its_font_says():
    for font in fonts(typeset(two_pages.pages(with_summary("ar")))):
        program = TTFont(io.BytesIO(font.program))
        advances = [program["hmtx"][name][0] for name in program.getGlyphOrder()]
        assert {code: round(font.widths[code]) for code in font.codes} == {code: advances[code] for code in font.codes}


def test_text_and_marked_content_end_in_the_order_in_which_they_begin():
    document = typeset(_manuscript(["تغيراً واضحاً وُجّهت إليهم", "قُبلوا في ٢٠٢٥"]))
    with pikepdf.open(io.BytesIO(document)) as opened:
        for page in opened.pages:
            begun: list[str] = []
            shapes = 0
            for _, operator in pikepdf.parse_content_stream(page):
                name = str(operator)
                shapes += name == "f"
                if name in ("BT", "BDC", "BMC", "q"):
                    begun.append({"BT": "ET", "q": "Q"}.get(name, "EMC"))
                elif name in ("ET", "EMC", "Q"):
                    assert begun.pop() == name
            assert begun == []
            assert shapes >= 4  # the marks over letters


def test_a_print_without_a_letter_from_the_right_stays_as_typst_made_it(monkeypatch: pytest.MonkeyPatch):
    manuscript = two_pages.pages(with_summary("en"))
    after = typeset(manuscript)
    monkeypatch.setattr(tagging.readable_text, "make_readable", lambda _, **_more: None)
    assert typeset(manuscript) == after


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("٢٠٢٤.", "٢٠٢٤|."), ("٢٠٢٤", "٢٠٢٤"), ("٢٠٢٤ ونحو", "٢٠٢٤ ونحو"), ("٦٥٪", "٦٥|٪"), ("٦-١", "٦|-|١"),
        ("\u2067٢٠٢٤\u2069.", "\u2067٢٠٢٤\u2069|."), ("أطفالاً.", "أطفالاً|."), ("واضحاً: ٣٨٠", "واضحاً|:| ٣٨٠"),
        ("١٢٫٥", "١٢٫٥"),
        ("١٬٢٨٠", "١٬٢٨٠"), ("١٢:٣٠", "١٢:٣٠"), ("٢٠٢٤/٥", "٢٠٢٤/٥"), ("2024.", "2024."), ("عام.", "عام."),
        ("(٦)", "(٦|)"), ("الأربعة (4Ps) في", "الأربعة (4Ps|) في"), ("(4Ps)", "(4Ps)"), ("٦٥٪.", "٦٥|٪|."),
        ("٦٥%.", "٦٥|%|."), ("٢٠٢٥ (٧٪)", "٢٠٢٥| (٧|٪|)"),
        ("\u2067٢٠٢٥\u2069 (\u2067٧\u2069", "\u2067٢٠٢٥\u2069| (\u2067٧\u2069"),
        ("٢٠٢٤ ٢٠٢٥", "٢٠٢٤| ٢٠٢٥"), ("٥(٦", "٥|(٦"), ("٢٠٢٥ (عام ٧", "٢٠٢٥ (عام ٧"), ("2025 (7", "2025 (7"),
        ("عام. «نحو»", "عام.| «نحو»"), ("أطفالاً: (٦)", "أطفالاً|:| (٦|)"), ("year. (7)", "year. (7)"),
        ("(15%; 13–18% by rounding)", "(15%; 13–18% by rounding)"),
    ],
)  # fmt: skip
def test_a_mark_stands_between_a_number_and_a_sign_that_is_no_part_of_it(text: str, marked: str):
    assert readable_text.set_off({"a": [text, 1, None]}) == {"a": [marked.replace("|", readable_text.MARK), 1, None]}


def test_what_is_said_aloud_and_what_the_file_tells_of_itself_have_no_marks():
    told = {"alternative": "٢٠٢٤.", "title_plain": "٢٠٢٤.", "publisher_plain": "٢٠٢٤."}
    assert readable_text.set_off(told) == told
