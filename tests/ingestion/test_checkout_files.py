"""What of the checkout decides what a module does: imports, cards, messages, libraries."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase

import pytest

from ingestion import checkout_files
from ingestion.checkout_files import FOLDERS, LOCK, READERS, ROOT, Checkout, authored_files

LANDING = "ingestion.submissions.landing"
NOTES = "expectations.releases.release_notes"
REPORT = "reports.publishing.issue_report"


def _changes(path: str, data: bytes, module: str) -> set[str]:
    """Return what a module reads otherwise where a file holds other bytes."""
    before, after = Checkout().decides(module), Checkout({path: data}).decides(module)
    return {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}


def _text(path: str) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


def _with_word(key: str) -> bytes:
    """Return the Arabic catalogue with one more word in a message."""
    text = _text("languages/ar.po")
    at = text.index('msgstr "', text.index(f'msgctxt "{key}"')) + len('msgstr "')
    return (text[:at] + "وكلمة " + text[at:]).encode()


def test_an_import_inside_of_a_function_a_package_and_a_child_process_count() -> None:
    files = Checkout().decides("assets.report_assets").keys()
    assert {"reports/publishing/issue_report.py", "reports/publishing/__init__.py", "reports/__init__.py"} <= files
    assert "ingestion/files/workbook_child.py" in Checkout().decides(LANDING)


def test_a_module_of_a_package_that_is_loaded_by_a_name_put_together_counts() -> None:
    files = Checkout().decides("reports.exchange.formats").keys()
    assert {path for path in authored_files("reports/exchange") if path.endswith(".py")} <= files


def test_an_import_for_the_type_checker_alone_counts_for_nothing() -> None:
    assert "if TYPE_CHECKING:\n    from expectations.releases" in _text("assets/release_assets.py")
    assert "ingestion/keeping/backup.py" not in Checkout().decides("assets.release_assets")


@pytest.mark.parametrize(
    ("key", "landing", "notes", "report"),
    [
        ("page.title", False, False, True),
        ("notes.title", False, True, False),
        ("notes.breaks.intro", False, True, True),
        ("desk.refuse", False, False, False),
        ("source.iraq_interior_ministry.title", True, False, True),
        ("refusal.file_missing", False, False, False),
    ],
)
def test_a_word_counts_where_its_message_is_named(key: str, landing: bool, notes: bool, report: bool) -> None:
    data = _with_word(key)
    modules = {LANDING: landing, NOTES: notes, REPORT: report}
    assert {name: bool(_changes("languages/ar.po", data, name)) for name in modules} == modules


def test_a_message_that_becomes_a_gap_counts_where_somebody_asks_which_languages_are_complete() -> None:
    text = _text("languages/ar.po")
    fuzzy = text.replace('msgctxt "refusal.file_missing"', '#, fuzzy\nmsgctxt "refusal.file_missing"').encode()
    assert _changes("languages/ar.po", fuzzy, REPORT) == {"languages: gaps"}
    assert _changes("languages/ar.po", fuzzy, LANDING) == set()


def test_an_empty_translation_is_a_gap_and_one_that_goes_on_in_the_next_line_is_none() -> None:
    gap, whole = '\n\nmsgctxt "a.b"\nmsgid "x"\nmsgstr ""\n', '\n\nmsgctxt "a.b"\nmsgid "x"\nmsgstr ""\n"y"\n'
    states = [checkout_files._states((("ar.po", text.encode()),)) for text in (gap, whole, whole.replace('"y"', '"z"'))]
    assert states[0] != states[1] == states[2]


@pytest.mark.parametrize(
    ("library", "landing", "report"),
    [
        ("python-calamine", True, False),
        ("pydantic", True, True),
        ("typst", False, True),
        ("highspy", False, False),
        ("uv", False, False),
    ],
)
def test_another_version_counts_where_the_library_is_loaded(library: str, landing: bool, report: bool) -> None:
    lock = re.sub(rf"^{library}==\S+", f"{library}==99", _text(LOCK), flags=re.MULTILINE).encode()
    assert _changes(LOCK, lock, LANDING) == ({f"{LOCK}: {library}"} if landing else set())
    assert _changes(LOCK, lock, REPORT) == ({f"{LOCK}: {library}"} if report else set())


def test_a_remark_in_the_lock_counts_for_nothing() -> None:
    assert _changes(LOCK, b"# a remark\n" + _text(LOCK).encode(), REPORT) == set()


def test_of_every_file_that_is_no_module_a_line_says_who_reads_it() -> None:
    unnamed = [path for path, readers in checkout_files._data_files().items() if readers is None]
    assert unnamed == [], "add a line to READERS in ingestion/checkout_files.py"


@pytest.mark.parametrize("pattern", READERS)
def test_a_line_of_the_readers_names_files_and_modules_that_are_there(pattern: str) -> None:
    assert [path for folder in FOLDERS for path in authored_files(folder) if fnmatchcase(path, pattern)]
    modules = checkout_files._imports().keys()
    assert [name for name in READERS[pattern] if name not in modules] == []


def test_a_file_that_no_line_names_is_read_by_every_module(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checkout_files, "_data_files", lambda: {"reports/new.bin": None})
    monkeypatch.setattr(checkout_files, "_hash_on_disk", lambda path: path)
    checkout_files._import_closure.cache_clear()
    try:
        assert "reports/new.bin" in Checkout().decides("languages.digits")
    finally:
        checkout_files._import_closure.cache_clear()


def test_any_file_that_counts_changes_the_fingerprint_of_the_checkout_and_a_document_does_not() -> None:
    before = Checkout().fingerprint
    for path in ("reports/templates/site.css", "languages/ar.po", LOCK, "ingestion/keeping/backup.py"):
        assert Checkout({path: b"x"}).fingerprint != before
    assert Checkout({"README.md": b"x"}).fingerprint == before
