"""The front page of a site tells the story: findings with their charts, the demands with their states."""

from __future__ import annotations

from reports.renderers import site
from tests.reports.invented_stories import told_story, with_story

OTHERS = [site.OtherLanguage("en", "ltr", "English")]


def test_the_front_page_tells_findings_with_their_charts_and_each_demand_with_its_state():
    story = told_story()
    story = story.model_copy(update={"leading": tuple(one.key for one in story.findings[:2])})
    told = with_story().model_copy(update={"story": story})
    text = site.render(told, OTHERS)["index.html"].decode("utf-8")
    lead, findings, states = (
        text.partition(f'<section id="{name}"')[2].partition("</sec")[0] for name in ("lead", "findings", "states")
    )
    assert [one.sentence in lead for one in story.findings] == [True, False, False]
    assert [one.sentence in findings for one in story.findings] == [False, True, False]
    assert lead.count("<svg") == findings.count("<svg") == 1
    assert text.index('id="lead"') < text.index("<div data-answer") < text.index('id="findings"')
    assert all(one.state_name in states and one.demanded in states for one in story.demands)
