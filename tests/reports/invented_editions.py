"""A small edition of every kind of block, in a left-to-right and a right-to-left language, for tests of renderers."""

from __future__ import annotations

from languages.words import Words
from reports.chapters.build_edition import labels
from reports.editions.edition import (
    Banner,
    Chapter,
    ChartBlock,
    ChartSeries,
    DefinedTerm,
    Edition,
    FrontPageAnswers,
    ItemList,
    MapBlock,
    MapPlace,
    Paragraph,
    ResultLine,
    ResultList,
    RowGroup,
    TableBlock,
    TableColumn,
    TableRow,
    TermList,
)
from reports.editions.printed_parts import PictureBlock, PictureRow, PrintedFigure

YEARS = ("2023", "2024", "2025")
_ARABIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
_PLACES = (
    "IQG01", "IQG02", "IQG03", "IQG04", "IQG05", "IQG06", "IQG06Q05", "IQG07", "IQG08", "IQG09", "IQG10", "IQG11",
    "IQG12", "IQG13", "IQG14", "IQG15", "IQG16", "IQG17", "IQG18",
)  # fmt: skip


def invented(language: str = "en") -> Edition:
    """Return the edition in `en`, or in `ar` with Arabic-Indic digits."""
    rtl = language != "en"

    def said(english: str, arabic: str) -> str:
        return arabic if rtl else english

    def count(value: float, mark: str = "") -> PrintedFigure:
        text = f"{value:,.0f}".replace(",", "٬" if rtl else ",")
        return PrintedFigure(
            text=text.translate(_ARABIC) if rtl else text, mark=mark, sign=f"[{mark}]" if mark else "", value=value
        )

    title = said("Presumed victims", "الضحايا المفترضون")
    years = tuple(year.translate(_ARABIC) if rtl else year for year in YEARS)
    table = TableBlock(
        id="four-ps-national-prt-01-sex",
        caption=said("Presumed victims, by sex and year", "الضحايا المفترضون حسب الجنس والسنة"),
        unit=said("victims", "ضحايا"),
        row_heading=said("Sex", "الجنس"),
        columns=tuple(TableColumn(text=text, code=code) for text, code in zip(years, YEARS, strict=True)),
        groups=(
            RowGroup(
                heading="",
                rows=(
                    TableRow(label=said("Female", "إناث"), cells=(count(1240), count(130), count(145, "p"))),
                    TableRow(
                        label=said("Male", "ذكور"),
                        cells=(count(40), PrintedFigure(mark="c", sign="[c]"), PrintedFigure(mark="low", sign="[low]")),
                    ),
                    TableRow(
                        label=said("Total", "المجموع"),
                        cells=(count(1280), PrintedFigure(mark="x", sign="[x]"), count(150)),
                        is_total=True,
                    ),
                ),
                alike=(said("[x] Not known", "[x] غير معروف"),),
            ),
        ),
        notes=(said("Rounded to a multiple of 5.", "مقرّبة إلى مضاعفات العدد ٥."),),
    )
    chart = ChartBlock(
        id="victims",
        shape="line",
        title=title,
        alternative=said("Presumed victims: 1,280 in 2023, 150 in 2025", "الضحايا المفترضون: ١٬٢٨٠ في ٢٠٢٣"),
        years=YEARS,
        year_labels=years,
        series=(
            ChartSeries(
                name=title,
                figures=(count(1280), PrintedFigure(mark="c", sign="[c]"), count(150)),
                broken_before=("2025",),
            ),
            ChartSeries(
                name=said("Children", "الأطفال"),
                figures=(count(200), count(30), PrintedFigure(mark="low", sign="[low]")),
            ),
        ),
        table=table.id,
        notes=(said("Trend, federal governorates: rising.", "الاتجاه، المحافظات الاتحادية: في تزايد."),),
    )
    places = tuple(
        MapPlace(
            code=code,
            name=said(f"Place {number}", f"المحافظة {number}".translate(_ARABIC)),
            figure=PrintedFigure(mark="c", sign="[c]") if number == 3 else count(5 * number),
            level=-1 if number == 3 else min(3, number // 5),
            is_provisional=code == "IQG06Q05",
        )
        for number, code in enumerate(_PLACES, start=1)
    )
    tiles = MapBlock(
        id="prt-01-map", title=title, alternative=said("Map of governorates", "خريطة المحافظات"), places=places,
        levels=(said("less than 25", "أقل من ٢٥"), "25–49", "50–74", said("75 or more", "٧٥ أو أكثر")),
        notes=(said("Halabja is provisional.", "حدود حلبجة مؤقتة."),),
        disclaimer=said("Boundaries imply no endorsement.", "لا تعني الحدود إقراراً بها."), table=table.id,
    )  # fmt: skip
    share = PrintedFigure(
        text=said("62%", "٦٢٪"), value=0.62, is_share=True, lower=0.55, upper=0.69,
        interval=said("55% to 69%", "من ٥٥٪ إلى ٦٩٪"),
    )  # fmt: skip
    shares = PictureBlock(
        id="shares-d1", form="funnel", title=said("One share lies above a half.", "نسبة واحدة فوق النصف."),
        alternative=said("Shelter: 62% (55% to 69%); refusals: [c]", "المأوى: ٦٢٪؛ حالات الرفض: [c]"),
        row_heading=said("Indicator", "المؤشر"), columns=(said("Share", "النسبة"),),
        rows=(PictureRow(label=said("Shelter", "المأوى"), figures=(share,), is_of_children=True),
              PictureRow(label=said("Refusals", "حالات الرفض"), figures=(PrintedFigure(mark="c", sign="[c]"),))),
        notes=(said("A square stands for children.", "المربع للأطفال."),),
    )  # fmt: skip
    results = ResultList(
        lines=(ResultLine(figure=count(150).text, sentence=said("150 victims in 2025.", "١٥٠ ضحية في ٢٠٢٥.")),)
    )
    reading = TermList(
        entries=(
            DefinedTerm(term="[c]", text=said("withheld to protect persons", "محجوب لحماية الأشخاص")),
            DefinedTerm(term=said("Version", "الإصدار"), text="2-0123456789ab", machine=True),
        )
    )
    protection = Chapter(
        id="protection",
        title=said("Protection", "الحماية"),
        blocks=(Paragraph(text=said("Who was found.", "من عُثر عليه."), tone="lead"), chart, tiles),
        chapters=(
            Chapter(
                id="prt-01-section",
                title=title,
                code="PRT-01",
                blocks=(
                    Paragraph(text=said("Persons that a body presumed to be victims.", "أشخاص افتُرض أنهم ضحايا.")),
                    table,
                    shares,
                    ItemList(label=said("Notes", "ملاحظات"), texts=(said("Rounded.", "مقرّبة."),)),
                ),
            ),
        ),
    )
    return Edition(
        report="2-0123456789ab",
        language=language,
        direction="rtl" if rtl else "ltr",
        numerals="arab" if rtl else "latn",
        title=said("Counter-trafficking report", "تقرير مكافحة الاتجار بالبشر"),
        subtitle="–".join((years[0], years[-1])),
        footer=said("Report 2-0123456789ab", "التقرير \u20662-0123456789ab\u2069"),
        publisher=said("Task force", "فريق العمل"),
        date="2026-06-30",
        banners=(Banner(kind="invented", text=said("Invented data.", "بيانات مختلقة.")),),
        answers=FrontPageAnswers(
            found=said("35 children were identified in 2025.", "تم تحديد ٣٥ طفلاً في ٢٠٢٥."),
            certainty=said("Rounded to 5.", "مقرّب إلى ٥."),
            silent=said("The Kurdistan Region did not report.", "لم يبلّغ إقليم كوردستان."),
        ),
        chapters=(
            Chapter(id="results", title=said("Key results", "أهم النتائج"), blocks=(results,)),
            protection,
            Chapter(id="reading", title=said("How to read", "كيف تُقرأ"), blocks=(reading,)),
        ),
        labels=labels(Words.load(language)),
    )
