"""What takes long the first time is computed when the desk starts, before anybody asks for a page that shows it.

Does not belong here: remembering it (`reports/released/release_memo.py`, `reports/editors/report_inputs.py`), which is
done by content: what has changed since is computed anew when a page asks. Nothing of a record is remembered.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from threading import Thread

from ingestion.home import Home
from languages.words import Words, languages
from marsad.answers import checklist_lines, edited_texts, printed_figures, read_sentences, release_changes
from marsad.answers.previewed_page import TWO_PAGES, preview


def read_ahead(home: Home) -> Thread:
    """Begin to compute what pages of a home are made of; what cannot be, its page says when it is asked for."""
    reader = Thread(target=_read, args=(home,), daemon=True)
    reader.start()
    return reader


def _read(home: Home) -> None:
    for step in _steps(home):
        with suppress(Exception):  # a desk serves every other page
            step()


def _steps(home: Home) -> Iterator[Callable[[], object]]:
    """Yield what is computed: first what most people ask for."""
    yield partial(printed_figures.printed_datasets, home)
    yield partial(edited_texts.list_slots, home)
    yield partial(checklist_lines.checklist_lines, home, Words.load(languages()[0]))
    yield partial(_read_changes, home)
    for tag in languages():
        yield partial(preview, home, "index", tag, {})
        yield partial(read_sentences.list_sentences, home, tag)
        yield partial(preview, home, TWO_PAGES, tag, {})


def _read_changes(home: Home) -> None:
    for dataset in printed_figures.printed_datasets(home):
        release_changes.release_changes(home, dataset.name)
