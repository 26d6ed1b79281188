"""Long work that a page follows: begun once by clicks that come at once, and told as it ended."""

from __future__ import annotations

import subprocess
import threading
from pathlib import Path

import pytest

from ingestion.home import Home
from marsad.answers import followed_work
from marsad.answers.followed_work import FollowedWork


class EndlessWork:
    """A process that never ends."""

    def poll(self) -> None:
        """Say that it goes on."""
        return

    def wait(self) -> int:
        """Wait for ever."""
        threading.Event().wait()
        return 0


def test_of_clicks_that_come_at_once_one_begins_the_work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home, together = Home.at(tmp_path / "home").open(invented=True), threading.Barrier(8)
    begun: list[bool] = []
    monkeypatch.setattr(subprocess, "Popen", lambda *_, **__: EndlessWork())

    def click() -> None:
        together.wait()
        begun.append(followed_work.begin(home, "work", "module", "asked"))

    clicks = [threading.Thread(target=click) for _ in range(8)]
    for thread in clicks:
        thread.start()
    for thread in clicks:
        thread.join()
    assert sorted(begun) == [False] * 7 + [True]
    assert followed_work.begin(home, "other", "module", "asked")


@pytest.mark.parametrize(("code", "is_done"), [("0", True), ("1", False), ("-9", False), ("", False), (None, False)])
def test_work_that_another_desk_began_has_ended_as_its_code_says(
    tmp_path: Path, code: str | None, is_done: bool
) -> None:
    home = Home.at(tmp_path / "home").open(invented=True)
    assert followed_work.state(home, "work") == FollowedWork(is_running=False, is_done=False, lines=())
    folder = home.build / "desk"
    (folder / "work.txt").write_text("first\nlast\n")
    if code is not None:
        (folder / "work.code").write_text(code)
    assert followed_work.state(home, "work") == FollowedWork(is_running=False, is_done=is_done, lines=("first", "last"))
