"""What the invented country writes by hand: standards, calendar, contact, texts of chapters, comments of agencies.

Belongs here: invented texts without a figure of the country, in every language of Marsad.
Does not belong here: the rules for such texts (`reports/editors/prose.py`), or any real date, role or text.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping
from pathlib import Path

STANDARDS = Path(__file__).with_name("invented_standards.yml")
"""What its task force adopted before its first release."""
_ROLES = (
    {"en": "Minister of Interior", "ar": "وزير الداخلية", "ckb": "وەزیری ناوخۆ"},
    {"en": "Chair of the task force", "ar": "رئيس فريق العمل", "ckb": "سەرۆکی تیمی کار"},
)
_TEXTS: dict[str, Mapping[str, str]] = {
    "results": {
        "en": (
            "This country is invented, and so is this comment. A shelter for men and a further shelter for women "
            "in the south were opened *in the course of the year before*: figures on shelters are not compared "
            "across it.\n"
        ),
        "ar": (
            "هذا البلد مختلَق، وكذلك هذا التعليق. افتُتحت *خلال السنة السابقة* دار إيواء للرجال وأخرى للنساء في الجنوب: "
            "فلا تُقارن أرقام الإيواء بما قبلها.\n"
        ),
        "ckb": (
            "ئەم وڵاتە داهێنراوە، ئەم لێدوانەش هەروەها. *لە ماوەی ساڵی پێشوودا* پەناگەیەک بۆ پیاوان و یەکێکی تر بۆ "
            "ژنان لە باشوور کرانەوە: ژمارەکانی پەناگە لەگەڵ پێش ئەوە بەراورد ناکرێن.\n"
        ),
    },
    "coverage": {
        "en": (
            "What the agencies were asked to do until the next edition:\n\n"
            "- send every year whole\n- name what is missing\n"
        ),
        "ar": "ما طُلب من الجهات حتى النشرة التالية:\n\n- إرسال كل سنة كاملة\n- تسمية ما ينقص\n",
        "ckb": (
            "ئەوەی داوا لە لایەنەکان کراوە تا چاپی داهاتوو:\n\n"
            "- هەموو ساڵێک بە تەواوی بنێرن\n- ناوی ئەوە بهێنن کە کەمە\n"
        ),
    },
}

_COMMENT = "comment-iraq-labour-ministry"
_RECOMMENDATION = "recommendation-is-a-condition-imposed"
_OF_THE_LAW: dict[str, Mapping[str, str]] = {
    _COMMENT: {
        "en": (
            "We take in those who ask as far as the regulation allows. It requires the order of a judge, and we have "
            "asked for its amendment. This ministry is invented, and so is its comment.\n"
        ),
        "ar": (
            "نستقبل من يطلب الإيواء بقدر ما يسمح به النظام. والنظام يشترط قرار قاضٍ، وقد طلبنا تعديله. هذه الوزارة "
            "مختلَقة، وكذلك تعليقها.\n"
        ),
        "ckb": (
            "ئەوانەی داوای پەناگە دەکەن وەریان دەگرین، تا ئەو ئەندازەیەی پەیڕەوەکە ڕێگەی پێ دەدات. پەیڕەوەکە بڕیاری "
            "دادوەری دەوێت، و داوای هەموارکردنیمان کردووە. ئەم وەزارەتە داهێنراوە، لێدوانەکەشی هەروەها.\n"
        ),
    },
    _RECOMMENDATION: {
        "en": "Take a victim in first, and ask for the order afterwards. This recommendation is invented.\n",
        "ar": "تُقبل الضحية أولاً ثم يُطلب القرار. هذه التوصية مختلَقة.\n",
        "ckb": "سەرەتا قوربانی وەربگیرێت، پاشان داوای بڕیارەکە بکرێت. ئەم پێشنیارە داهێنراوە.\n",
    },
}
_SENT_DAYS_BEFORE: Mapping[str, int] = {
    "iraq_labour_ministry": 35,
    "iraq_judicial_council": 35,  # sent no comment
    "iraq_residence_directorate": 7,  # fewer than ten working days
}

_CONTACT: Mapping[str, str] = {
    "en": "An office of the invented country, from which no answer comes",
    "ar": "مكتب في البلد المختلَق: لا أحد يجيب هناك",
    "ckb": "نووسینگەیەکی وڵاتە داهێنراوەکە: لەوێ کەس وەڵام ناداتەوە",
}


def write(folder: Path, published: datetime.date) -> None:
    """Write the days of an edition, and texts that do not exist yet: nobody's text is overwritten.

    Args:
        folder: `prose` of the invented home.
        published: the day of the edition; the next one is due a year later.
    """
    (folder / "calendar.yml").write_text(_calendar(published), encoding="utf-8")
    sent = {agency: published - datetime.timedelta(days=days) for agency, days in _SENT_DAYS_BEFORE.items()}
    (folder / "sent_for_comment.yml").write_text(
        "".join(f"{agency}: {day.isoformat()}\n" for agency, day in sent.items()), encoding="utf-8"
    )
    contact = folder / "contact.yml"
    if not contact.exists():
        contact.write_text(
            "".join(f"{tag}: {json.dumps(text, ensure_ascii=False)}\n" for tag, text in _CONTACT.items()), "utf-8"
        )
    for chapter, by_language in (_TEXTS | _OF_THE_LAW).items():
        for language, text in by_language.items():
            path = folder / f"{chapter}.{language}.md"
            if not path.exists():
                path.write_text(text, encoding="utf-8")


def _calendar(published: datetime.date) -> str:
    following = published.replace(year=published.year + 1)
    roles = ("{" + ", ".join(f"{tag}: {text}" for tag, text in role.items()) + "}" for role in _ROLES)
    lines = [
        f"published: {published.isoformat()}",
        f"next_release: {following.isoformat()}",
        "pre_release_access:",
        *(f"  - {role}" for role in roles),
    ]
    return "\n".join(lines) + "\n"
