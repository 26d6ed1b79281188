"""The checkout: which of its files decide what a module does, and a hash of each.

Belongs here: the import graph; which module reads which card, template or word list, names which messages, and loads
which locked libraries. Does not belong here: at which module a stage begins (`assets/stages.py`), or any file of a
home.

In doubt a file counts, so that too much is rebuilt rather than too little: an import inside a function counts like one
at the top, a module loaded by its name like an imported one, and a file that no line of `READERS` names counts for
every module. A catalogue counts message by message, the lock library by library.
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from functools import cache, lru_cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FLOORS = ("assets", "reports", "expectations", "ingestion", "methods", "languages")
"""The packages whose modules produce what a home holds; `marsad` only calls them."""
LOCK = "requirements.lock"
FOLDERS = (*FLOORS, "dbt_project")

_DBT = "assets.dbt_events"
READERS: Mapping[str, tuple[str, ...]] = {
    "dbt_project/*": (_DBT,),
    "dbt_project/seeds/*.csv": ("expectations.cards.codes",),
    "dbt_project/models/indicators/*.yml": ("expectations.cards.indicator_messages",),
    "expectations/base_suite.yml": ("expectations.cards.suite_card",),
    "expectations/datasets/*.yml": ("expectations.cards.dataset_card",),
    "expectations/series_breaks.yml": ("expectations.cards.series_breaks",),
    "expectations/waivers.yml": ("expectations.gate.waivers",),
    "expectations/releases/certificate.*": ("expectations.releases.certificate",),
    "expectations/dictionary/dictionary.*": ("expectations.dictionary",),
    "ingestion/sources/*/source.yml": ("ingestion.cards.source_card",),
    "ingestion/sources/*/corrections.yml": ("ingestion.entry.corrections",),
    "ingestion/sources/*/templates.yml": ("ingestion.tables.template_versions",),
    "ingestion/sources/*/sample.xlsx": (),
    "ingestion/shapes/*.yml": ("ingestion.cards.source_card",),
    "ingestion/shapes/templates/*.yml": ("ingestion.tables.template_versions",),
    "ingestion/codes/*.yml": ("ingestion.cards.source_card",),
    "ingestion/cards/headings.yml": ("ingestion.cards.headings",),
    "ingestion/cards/nationalities.yml": ("ingestion.cards.nationalities",),
    "ingestion/cards/spellings.yml": ("ingestion.cards.loose_words",),
    "ingestion/holidays/*.yml": ("ingestion.cards.working_days",),
    "ingestion/sources/*/labels.yml": ("ingestion.cards.source_card",),
    "ingestion/keeping/retention.yml": ("ingestion.keeping.retention",),
    "ingestion/quality/*": ("ingestion.quality",),
    "ingestion/submissions/receipt_page.*": ("ingestion.submissions.receipt_page",),
    "methods/disclosure/*.py": ("expectations.gate.disclosure_audit",),  # it hashes them: a changed audit runs again
    "languages/agency_page.html": ("ingestion.quality", "ingestion.submissions.receipt_page", "reports.senders"),
    "languages/page.html": ("languages.html_page",),
    "languages/glossary.yml": ("languages.glossary",),
    "languages/desk_glossary.yml": (),
    "reports/senders/*.html": ("reports.senders",),
    "reports/templates/*": ("reports.renderers", "reports.explorer"),
    "reports/questions/*.yml": ("reports.questions.question_card",),
}
"""Data files -> the modules that read them; a package stands for all of its modules, an empty tuple for none.

`*` also matches folders. A file that matches several lines is read by all of their modules.
"""

_LIBRARIES = {
    "dbt": "dbt-duckdb",
    "pptx": "python-pptx",
    "vl_convert": "vl-convert-python",
    "yaml": "pyyaml",
}
"""Libraries whose import name differs from their name in the lock."""

_USED_WHERE_INSTALLED = {
    "mashumaro": ("msgpack",),
    "pandas": ("pyarrow",),
    "rich": ("attrs",),
    "sqlglot": ("sqlglotc", "sqlglotrs"),
    "urllib3": ("brotli",),
}
"""Libraries that load others without declaring them as dependencies."""

_TEXT = re.compile(r"""["']([A-Za-z_][\w.-]*)(["'{])""")
_ASKS_GAPS = re.compile(r"^from languages\.words import .*\bgaps\b", re.MULTILINE)
_LABELS = "code"  # the prefix of keys that `Words.label` looks up
_WORD = re.compile(r"[a-z_]+\.[\w.]+")
_NAMES_MESSAGES = (".yml", ".html", ".typ", ".js")
_LABEL = re.compile(r"""\.label\(\s*(?:["'](\w+)["'])?""")
_ENGLISH = "languages/en.yml"
_ENGLISH_ENTRY, _ENTRY = re.compile(r"\n(?=\S)"), re.compile(r"\n\n")
_ENGLISH_KEY, _KEY = re.compile(r"^([^\s:#]+):"), re.compile(r'^msgctxt "([^"]*)"', re.MULTILINE)
_LOCKED = re.compile(r"^([a-z0-9._-]+)==", re.MULTILINE)
_NEEDS = re.compile(r"^Requires-Dist: ([A-Za-z0-9._-]+)(?!.*\bextra\b)", re.MULTILINE)
_LOADS_BY_NAME = re.compile(r"^(?:import|from) (?:importlib|runpy|subprocess)\b", re.MULTILINE)
_UNTRANSLATED = re.compile(r'^msgstr(?:\[\d+\])? ""$(?!\n")', re.MULTILINE)


@dataclass(frozen=True)
class Catalogues:
    """What a module reads of the catalogues.

    Attributes:
        keys: whole keys that it names; keys below one (`<key>.remedy`) are included.
        beginnings: prefixes of keys that it puts together.
        asks_gaps: whether it asks which languages are complete.
    """

    keys: frozenset[str] = frozenset()
    beginnings: frozenset[str] = frozenset()
    asks_gaps: bool = False

    def __or__(self, other: Catalogues) -> Catalogues:
        """Return what two modules read together."""
        return Catalogues(
            self.keys | other.keys,
            self.beginnings | other.beginnings,
            self.asks_gaps or other.asks_gaps,
        )

    @property
    def named(self) -> bool:
        """Whether any message is named."""
        return bool(self.keys or self.beginnings)

    def names(self, key: str) -> bool:
        """Return whether a message is among the named ones."""
        parts = key.split(".")
        wholes = (".".join(parts[:end]) for end in range(2, len(parts) + 1))
        return not self.keys.isdisjoint(wholes) or key.startswith(tuple(self.beginnings))


@dataclass(frozen=True)
class Checkout:
    """The files of this program as this process first found them: it keeps running that code if they change later.

    Attributes:
        changed: file name under the checkout -> bytes to assume instead of the real ones, to ask what would be rebuilt.
            Imports are still read from the real files.
    """

    changed: Mapping[str, bytes] = field(default_factory=dict[str, bytes])

    @property
    def fingerprint(self) -> str:
        """A hash of all files that decide anything; quick, because it does not ask which module reads which file."""
        files = [LOCK, *(path for folder in FOLDERS for path in authored_files(folder))]
        return _sha256("\n".join(f"{path} {self._hash_of(path)}" for path in sorted(files)))

    def decides(self, *modules: str) -> dict[str, str]:
        """Return what decides the work of these modules: a name -> its hash.

        Args:
            modules: where the work begins; the modules that they import are found.
        """
        closure = _import_closure(modules)
        return {
            **{path: self._hash_of(path) for path in closure.files},
            **self._messages(closure.catalogues),
            **self._libraries(closure.libraries),
        }

    def _read_file(self, path: str) -> bytes:
        return self.changed[path] if path in self.changed else _bytes_on_disk(path)

    def _hash_of(self, path: str) -> str:
        return _sha256(self.changed[path]) if path in self.changed else _hash_on_disk(path)

    def _messages(self, read: Catalogues) -> dict[str, str]:
        files = tuple((path, self._read_file(path)) for path in _catalogue_files())
        return {
            **({f"{path}: messages": _messages(path, data, read) for path, data in files} if read.named else {}),
            **({"languages: gaps": _states(files)} if read.asks_gaps else {}),
        }

    def _libraries(self, names: Iterable[str]) -> dict[str, str]:
        locked = _locked_hashes(self._read_file(LOCK))
        return {f"{LOCK}: {name}": locked.get(name, "") for name in names}


@cache
def checkout() -> Checkout:
    """Return the checkout as it is."""
    return Checkout()


@cache
def _bytes_on_disk(path: str) -> bytes:
    return (ROOT / path).read_bytes()


@cache
def _hash_on_disk(path: str) -> str:
    return _sha256((ROOT / path).read_bytes())


def authored_files(folder: str) -> Iterator[str]:
    """Yield the files in a folder of the checkout that people wrote, by their names under the checkout."""
    for path in (ROOT / folder).rglob("*"):
        if path.is_file() and path.suffix != ".pyc" and not {"target", "logs"} & set(path.parts):
            yield path.relative_to(ROOT).as_posix()


@dataclass(frozen=True)
class _Closure:
    """The files that modules and their imports consist of or read, the locked libraries behind them, their messages."""

    files: tuple[str, ...]
    libraries: frozenset[str]
    catalogues: Catalogues


@cache
def _import_closure(begin: tuple[str, ...]) -> _Closure:
    graph = _imports()
    seen: set[str] = set()
    waiting = list(begin)
    while waiting:
        name = waiting.pop()
        if name not in seen:
            seen.add(name)
            waiting += graph.get(name, ())
    modules = frozenset(seen & graph.keys())
    data = frozenset(path for path, readers in _data_files().items() if readers is None or readers & modules)
    read = Catalogues()
    for named in (*map(_messages_of_module, modules), *map(_messages_in_file, data)):
        read |= named
    files = tuple(sorted({*map(_path_of, modules), *data}))
    return _Closure(files, _libraries_behind(seen - modules), read)


@cache
def _imports() -> Mapping[str, set[str]]:
    """Module -> the modules and libraries that it imports, names in a string, or lies in as in a package."""
    import grimp  # imported late: a command that asks for none of this need not load it

    graph = grimp.build_graph(
        *FLOORS, include_external_packages=True, exclude_type_checking_imports=True, cache_dir=None
    )
    ours = {module for module in graph.modules if module.partition(".")[0] in FLOORS}
    imports: dict[str, set[str]] = {}
    for module in ours:
        package = module.rpartition(".")[0]
        named = set(_modules_in_texts(module, ours)) | ({package} if package else set())
        imports[module] = graph.find_modules_directly_imported_by(module) | named
    return imports


def _modules_in_texts(module: str, ours: set[str]) -> Iterator[str]:
    """Yield what a module loads by a name in a string: a file next to it, a module, a whole package, a library."""
    package = module.rpartition(".")[0]
    yield from (f"{package}.{text.removesuffix('.py')}" for text, _ in _texts(module) if text.endswith(".py"))
    if not _LOADS_BY_NAME.search(_source_of(module)):
        return
    for text, end in _texts(module):
        if end == "{" and text.endswith(".") and text[:-1] in ours:
            yield from (other for other in ours if other.startswith(text))
        elif text in ours or _library(text) in _library_needs():
            yield text


@cache
def _texts(module: str) -> frozenset[tuple[str, str]]:
    return frozenset(_TEXT.findall(_source_of(module)))


@cache
def _source_of(module: str) -> str:
    return (ROOT / _path_of(module)).read_text(encoding="utf-8")


@cache
def _path_of(module: str) -> str:
    place = module.replace(".", "/")
    return f"{place}/__init__.py" if (ROOT / place).is_dir() else f"{place}.py"


@cache
def _data_files() -> dict[str, frozenset[str] | None]:
    """Data file -> the modules that read it; None where `READERS` does not say and it is no module."""
    files = (path for folder in FOLDERS for path in authored_files(folder) if path not in _catalogue_files())
    readers = {path: _readers_of(path) for path in sorted(files)}
    return {path: modules for path, modules in readers.items() if not path.endswith(".py") or modules}


def _readers_of(path: str) -> frozenset[str] | None:
    named = [readers for pattern, readers in READERS.items() if fnmatchcase(path, pattern)]
    if not named:
        return None
    wanted = {reader for readers in named for reader in readers} if all(named) else set[str]()
    return frozenset(m for m in _imports() for reader in wanted if m == reader or m.startswith(f"{reader}."))


# The catalogues


@cache
def _catalogue_files() -> list[str]:
    return [_ENGLISH, *sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "languages").glob("*.po"))]


@lru_cache(maxsize=8)
def _entries_of(path: str, catalogue: bytes) -> Mapping[str, str]:
    """Key -> entry; entries without a key, such as the header, under the empty key."""
    between, begin = (_ENGLISH_ENTRY, _ENGLISH_KEY) if path == _ENGLISH else (_ENTRY, _KEY)
    entries: defaultdict[str, str] = defaultdict(str)
    for entry in between.split(catalogue.decode("utf-8", errors="replace")):
        match = begin.search(entry)
        entries[match[1] if match else ""] += f"{entry}\n\n"
    return entries


@lru_cache(maxsize=64)
def _messages(path: str, catalogue: bytes, read: Catalogues) -> str:
    """Return the hash of the header and of the named messages."""
    entries = _entries_of(path, catalogue).items()
    return _sha256("".join(entry for key, entry in entries if not key or read.names(key)))


@lru_cache(maxsize=8)
def _states(catalogues: tuple[tuple[str, bytes], ...]) -> str:
    """Return the hash of what decides which messages are gaps: key, English, marks, and whether a text is missing."""
    entries = (entry for path, catalogue in catalogues for entry in _entries_of(path, catalogue).values())
    return _sha256("\n".join(line for entry in entries for line in _state_of(entry)))


def _state_of(entry: str) -> Iterator[str]:
    head = entry.partition("\nmsgstr")[0]
    yield from (line for line in head.splitlines() if not line.startswith("# "))
    yield str(bool(_UNTRANSLATED.search(entry)))


@cache
def _messages_of_module(module: str) -> Catalogues:
    if module.partition(".")[0] == "languages":  # it looks up keys that other modules name
        return Catalogues()
    keys, beginnings = set[str](), set[str]()
    for text, end in _texts(module):
        if text in _known_beginnings():
            (beginnings if end == "{" or text.endswith(".") else keys).add(text)
    source = _source_of(module)
    beginnings |= {f"{_LABELS}.{code_list}." if code_list else f"{_LABELS}." for code_list in _LABEL.findall(source)}
    return Catalogues(frozenset(keys), frozenset(beginnings), asks_gaps=bool(_ASKS_GAPS.search(source)))


@cache
def _messages_in_file(path: str) -> Catalogues:
    """Return the messages that a template or a card names by whole keys."""
    if not path.endswith(_NAMES_MESSAGES) or path.startswith("dbt_project/"):
        return Catalogues()
    return Catalogues(frozenset(_WORD.findall(_bytes_on_disk(path).decode())) & _known_beginnings())


@cache
def _known_beginnings() -> frozenset[str]:
    """Return every prefix, ending in a dot, with which a key begins."""
    keys = _entries_of(_ENGLISH, _bytes_on_disk(_ENGLISH))
    return frozenset(key[:end] for key in keys for end in range(key.find(".") + 1, len(key) + 1))


# The lock


@lru_cache(maxsize=8)
def _locked_hashes(lock: bytes) -> Mapping[str, str]:
    """Library -> the hash of its locked versions and their hashes; comments in the lock do not count."""
    lines_of: defaultdict[str, str] = defaultdict(str)
    name = ""
    for line in lock.decode().splitlines():
        match = _LOCKED.match(line)
        name = match[1] if match else name if line.startswith(" ") else ""
        if name:
            lines_of[name] += f"{line}\n"
    return {name: _sha256(lines) for name, lines in lines_of.items()}


def _libraries_behind(names: Iterable[str]) -> frozenset[str]:
    """Return the locked libraries that are loaded along with the named ones."""
    needs = _library_needs()
    seen: set[str] = set()
    waiting = [_library(name) for name in names]
    while waiting:
        name = waiting.pop()
        if name in needs and name not in seen:
            seen.add(name)
            waiting += needs[name]
    return frozenset(seen)


@cache
def _library_needs() -> dict[str, frozenset[str]]:
    """Locked library -> the libraries that it needs, or uses where they are installed."""
    from importlib.metadata import distributions

    needs = dict.fromkeys(_LOCKED.findall(_bytes_on_disk(LOCK).decode()), frozenset[str]())
    for distribution in distributions():
        if (name := _normal(distribution.name)) in needs:
            head = (distribution.read_text("METADATA") or "").partition("\n\n")[0]
            needs[name] = frozenset([*map(_normal, _NEEDS.findall(head)), *_USED_WHERE_INSTALLED.get(name, ())])
    return needs


def _library(name: str) -> str:
    top = name.partition(".")[0]
    return _normal(_LIBRARIES.get(top, top))


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _sha256(content: bytes | str) -> str:
    return hashlib.sha256(content if isinstance(content, bytes) else content.encode()).hexdigest()
