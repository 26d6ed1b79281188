"""The trend of a series stands under its chart in words."""

from __future__ import annotations

from reports.renderers import site
from tests.reports.invented_editions import invented

NOTE = "Trend, federal governorates: rising."


def test_on_the_site() -> None:
    page = site.render(invented("en"), [("en", "ltr", "English")])["protection.html"].decode("utf-8")
    figure = page.partition('figure id="chart-victims"')[2].partition("</figure>")[0]
    assert f'<p class="note">{NOTE}</p>' in figure
