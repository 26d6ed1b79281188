"""Citations of law as courts write them, and back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingestion.text.citations import parse_citation

LAW = "قانون مكافحة الاتجار بالبشر رقم 28 لسنة 2012"
ORDINALS = ("أولا", "ثانيا", "ثالثا", "رابعا", "خامسا", "سادسا", "سابعا", "ثامنا", "تاسعا")
ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX")


@pytest.mark.parametrize(
    ("typed", "laws", "articles"),
    [
        ("6/أولا/خامسا/تاسعا", "L28_2012", "A6_1 A6_5 A6_9"),
        ("٦/١", "L28_2012", "A6_1"),
        ("6/1/5/9", "L28_2012", "A6_1 A6_5 A6_9"),
        ("م 6/ف1", "L28_2012", "A6_1"),
        ("م6/ف1", "L28_2012", "A6_1"),
        ("المادة 5/ثانيا", "L28_2012", "A5_2"),
        ("5-I", "L28_2012", "A5_1"),
        ("5-II(a)", "L28_2012", "A5_2"),
        ("المادة 5", "L28_2012", "A5_1"),
        ("المادة 6", "L28_2012", "A6"),
        ("المادة (6/أولا) من القانون 28 لسنة 2012", "L28_2012", "A6_1"),
        ("الفقرة (أولا) من المادة (6)", "L28_2012", "A6_1"),
        ("6/أولا وخامسا", "L28_2012", "A6_1 A6_5"),
        (f"المادة 6/أولا/خامسا/تاسعا من {LAW}", "L28_2012", "A6_1 A6_5 A6_9"),
        (f"المادتين 6/أولا و7 من {LAW}", "L28_2012", "A6_1 A7"),
        (LAW, "L28_2012", ""),
        ("المادة 393 عقوبات", "PC_OTHER", ""),
        ("المواد 390-392 عقوبات", "PC_390_392", ""),
        ("6/أولا و 393 عقوبات", "L28_2012 PC_OTHER", "A6_1"),
        ("م 4 من قانون مكافحة البغاء رقم 8 لسنة 1988", "L08_1988", ""),
        ("المادة 10 من قانون إقامة الأجانب رقم 76 لسنة 2017", "L76_2017", ""),
        ("المادة 18 من قانون عمليات زرع الأعضاء البشرية ومنع الاتجار بها رقم 11 لسنة 2016", "L11_2016", ""),
        ("المادة 21 من قانون المخدرات رقم 50 لسنة 2017", "OTHER", ""),
        (f"المادة 6/أولا من {LAW} والمادة 393 من قانون العقوبات", "L28_2012 PC_OTHER", "A6_1"),
        ("المادة 5 من قانون مكافحة البغاء", "L08_1988", ""),
        ("Law 28 art. 6/9", "L28_2012", "A6_9"),
    ],
)
def test_citations_as_courts_write_them(typed: str, laws: str, articles: str):
    cited = parse_citation(typed)
    assert cited is not None
    assert (" ".join(cited.law_codes), " ".join(cited.article_codes)) == (laws, articles)


@pytest.mark.parametrize("typed", ["سمسرة", "", "6/12/2024", "123/ج/2024", "حسب القانون"])
def test_what_cites_nothing_is_not_guessed(typed: str):
    assert parse_citation(typed) is None


ARTICLES = st.dictionaries(
    st.sampled_from([5, 6, 7, 8, 9]), st.sets(st.integers(min_value=1, max_value=9)), min_size=1, max_size=5
)


@given(ARTICLES, st.sampled_from(["words", "digits", "roman"]), st.sampled_from([" و", "، ", " و "]), st.booleans())
def test_a_written_list_of_articles_reads_as_that_list(
    articles: dict[int, set[int]], style: str, joint: str, with_law: bool
):
    spelled = [_spelled(article, sorted(_known(article, chosen)), style) for article, chosen in articles.items()]
    typed = joint.join(spelled) + (f" من {LAW}" if with_law else "")
    cited = parse_citation(typed)
    assert cited is not None
    assert cited.law_codes == ("L28_2012",)
    assert set(cited.article_codes) == {code for article in articles for code in _codes(article, articles[article])}


def _known(article: int, chosen: set[int]) -> set[int]:
    return {number for number in chosen if number <= {5: 2, 6: 9}.get(article, 0)}


def _spelled(article: int, paragraphs: list[int], style: str) -> str:
    names = {"words": ORDINALS, "roman": ROMAN}.get(style)
    return "/".join([str(article), *(names[number - 1] if names else str(number) for number in paragraphs)])


def _codes(article: int, chosen: set[int]) -> set[str]:
    codes = {f"A{article}_{number}" for number in _known(article, chosen)}
    return codes or {"A5_1" if article == 5 else f"A{article}"}
