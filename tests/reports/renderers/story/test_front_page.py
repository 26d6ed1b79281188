"""The front page of a site tells the story: findings with their charts, the demands with their states."""

from __future__ import annotations

from reports.renderers import site
from tests.reports.invented_stories import told_story, with_story

OTHERS = [site.OtherLanguage("en", "ltr", "English")]


def test_the_front_page_tells_findings_with_their_charts_and_each_demand_with_its_state():
    story, text = told_story(), site.render(with_story(), OTHERS)["index.html"].decode("utf-8")
    findings, states = (
        text.partition(f'<section id="{name}"')[2].partition("</sec")[0] for name in ("findings", "states")
    )
    assert [one.sentence in findings for one in story.findings] == [one.key in story.leading for one in story.findings]
    assert findings.count("<svg") == len(story.leading)
    assert all(one.state_name in states and one.demanded in states for one in story.demands)
