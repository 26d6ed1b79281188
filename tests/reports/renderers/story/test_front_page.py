"""The front page of a site tells the story: leading answers with their charts, the demands with their verdicts."""

from __future__ import annotations

from reports.renderers import site
from tests.reports.invented_stories import told_story, with_story

OTHERS = [site.OtherLanguage("en", "ltr", "English")]


def test_the_front_page_tells_leading_answers_with_their_charts_and_each_demand_with_its_verdict():
    story = told_story()
    (chapter,) = story.chapters
    first, second = chapter.answers
    second = second.model_copy(update={"chart": first.chart})
    told = with_story().model_copy(update={"story": story.model_copy(update={"leading": (first, second)})})
    text = site.render(told, OTHERS)["index.html"].decode("utf-8")
    lead, findings, states = (
        text.partition(f'<section id="{name}"')[2].partition("</sec")[0] for name in ("lead", "findings", "states")
    )
    assert [one.sentence in lead for one in (first, second)] == [True, False]
    assert [one.sentence in findings for one in (first, second)] == [False, True]
    assert lead.count("<svg") == findings.count("<svg") == 1
    assert text.index('id="lead"') < text.index("<div data-answer") < text.index('id="findings"')
    assert all(part in states for part in (chapter.title, chapter.verdict))
    assert chapter.sentence and chapter.sentence not in states  # a key result is said once, as an answer
