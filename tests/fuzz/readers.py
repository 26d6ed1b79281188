"""The readers of what others send, write or hand back, each with good files to damage and the way they come in.

`READERS` is the list: a new reader of foreign files stands here, beside the test of its own. A reader gets the bytes of
a file and an empty folder; it returns, or raises a `Refusal`. Where a file is one of several that vouch for each other
by hashes, the forger mends the hashes, because a reader behind them would else be reached by nobody.
"""

from __future__ import annotations

import datetime
import io
import json
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import yaml

from expectations.published import external, publications, report_versions
from expectations.published.release_log import ReleaseLog
from expectations.releases import home_standards
from ingestion import hash_chain
from ingestion.entry.file_check import Examination, examine
from ingestion.files.uploads import read_upload
from ingestion.findings import finding_in_words
from ingestion.forms import templates
from ingestion.holders import codes_files, key_files
from ingestion.holders.pseudonymise import tokenise
from ingestion.home import Home, json_bytes, sha256_of_bytes
from ingestion.home_settings import read_settings
from ingestion.keeping.backup import back_up
from ingestion.keeping.backup_register import read_register
from ingestion.keeping.restoration import restore
from ingestion.people.acts import Act, parse_act
from ingestion.people.roster import parse_roster
from ingestion.persons import pair_sheets
from ingestion.sealing.age_keys import DEMO_PUBLIC, encrypt
from ingestion.sealing.sealed_files import keys_in_template, open_upload
from ingestion.sealing.sealing_keys import DEMO_KEY
from ingestion.storage import parse_json
from ingestion.submissions import decisions, files_in_force, receipts
from languages.refusal import Refusal
from languages.words import Words, languages
from marsad.answers import checked_file, overlap_counts, verified_folder
from reports.answers.law_duties import named_agencies
from reports.editors import agency_comments, contact, prose, release_calendar
from reports.released.released_folder import read_release
from reports.renderers import outlines
from samples import editorial_texts
from tests.expectations import toy_home
from tests.fuzz.damage import pack
from tests.ingestion import hostile_cases, open_documents
from tests.ingestion.keeping.forging import forge
from tests.ingestion.keeping.small_homes import KeyFiles, small_home
from tests.ingestion.keeping.small_homes import key_files as make_key_files
from tests.ingestion.old_excel_files import xls
from tests.ingestion.workbooks import TODAY, case, cases, csv, squared, victim, victims, xlsx

Read = Callable[[bytes, Path], object]
SOURCE = hostile_cases.SOURCE
_GRID = {"الضحايا": victims(victim(1), victim(2)), "القضايا": cases(case(1))}
_KEY = b"an invented key of the holders"
PEOPLE = Path(editorial_texts.__file__).with_name("people") / "people.yml"


@dataclass(frozen=True)
class Reader:
    """One reader.

    Attributes:
        seeds: good files, and a few that are nearly good.
        read: the reader, for the bytes of a file and an empty folder.
        is_packed: a file is a zip of several that belong together.
    """

    seeds: Callable[[], Sequence[bytes]]
    read: Read
    is_packed: bool = False


# A sender's file


def _examine(data: bytes, _folder: Path) -> Examination:
    """Examine a file; every row is landed or waits, and every finding can be said in each language."""
    answer = examine(data, "الضحايا.csv", SOURCE, today=TODAY)
    assert answer.rows_in == answer.rows_landed + answer.rows_quarantined
    assert answer.verdict == "accepted" or not answer.rows_in
    assert answer.verdict == "accepted" or answer.findings
    for table in answer.tables:
        numbers = [*table.columns["row_number"], *{row.row_number for row in table.quarantined}]
        assert len(set(numbers)) == len(numbers) == table.rows_in
    for finding in answer.findings:
        assert all(all(finding_in_words(finding, words)) for words in _all_words())
    return answer


@cache
def _all_words() -> tuple[Words, ...]:
    return tuple(map(Words.load, languages()))


@cache
def _xlsx() -> list[bytes]:
    named = hostile_cases.cases()
    good = {case.build(): None for case in named.values() if case.verdict == "accepted" and case.group != "file name"}
    return [xlsx(_GRID), _template(), *(data for data in good if data.startswith(b"PK"))]


@cache
def _template() -> bytes:
    """The template of the source as the house writes it, with the key that a sender seals for."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "template.xlsx"
        templates.write_template(SOURCE, path, Words.load("ar"), rows=3, keys=(DEMO_PUBLIC,))
        return path.read_bytes()


def _ods() -> list[bytes]:
    meta = {"meta.xml": open_documents.meta("قسم الإحصاء")}
    return [
        open_documents.package(open_documents.tables(_GRID)),
        open_documents.package(open_documents.tables(_GRID), parts=meta),
    ]


def _csv() -> list[bytes]:
    grid = _GRID["الضحايا"]
    return [
        *(csv(grid, encoding=encoding) for encoding in ("windows-1256", "utf-8", "utf-8-sig", "utf-16")),
        *(csv(grid, delimiter=delimiter, encoding="utf-8") for delimiter in ",\t"),
    ]


def _check_and_mark(data: bytes, folder: Path) -> None:
    checked = _checked(data, folder)
    checked_file.mark_findings(checked, folder / "marked.xlsx", Words.load("ar"))


def _checked(data: bytes, folder: Path) -> checked_file.CheckedFile:
    path = _put(folder, "export.xlsx", data)
    return checked_file.CheckedFile(path, data, SOURCE, _examine(data, folder))


def _open_sealed(data: bytes, folder: Path) -> object:
    return open_upload(read_upload(_put(folder, "export.xlsx.age", data)), DEMO_KEY)


# A holder's file, and what is measured by hand


def _with_names() -> list[bytes]:
    header = ["ت", "رقم القضية", "اسم الضحية", "اسم الأم", "الجنس", "تاريخ الميلاد"]
    rows = [
        [1, "12/ج/2024", "زينب كريم حسن", "هناء علي", "أنثى", "1990-01-02"],
        [2, "13/ج/2024", "سعد", None, "ذكر", 1991],
    ]
    grid = squared([["سجل"], header, *rows, ["المجموع", 2]])
    return [xlsx({"الضحايا": grid}), csv(grid, encoding="utf-8"), xls({"الضحايا": grid})]


def _tokenise(data: bytes, folder: Path) -> None:
    path = _put(folder, "in.xlsx", data)
    tokenise(path, folder / "out.xlsx", _KEY, codes=codes_files.CodesOrder(folder / "codes.json", 2026))


def _codes() -> list[bytes]:
    with TemporaryDirectory() as folder:
        _tokenise(_with_names()[0], Path(folder))
        return [(Path(folder) / "codes.json").read_bytes()]


def _pairs() -> list[bytes]:
    return [
        b"item,holder,kinds,answer\r\n1,iraq_interior_ministry,x,same\r\n2,my_list,y,\r\n".decode().encode("utf-8-sig")
    ]


def _overlaps() -> list[bytes]:
    grid = [
        ["police", "shelter", "court", "count"],
        [1, 0, 1, 12],
        [0, 1, 1, "1,204"],
        [1, 1, 1, "٣"],
        ["1.0", 0, 0, 40],
    ]
    return [csv(grid, encoding="utf-8"), xlsx({"1": grid})]


# What editors and analysts write into a home


def _card_of_others() -> list[bytes]:
    row = {"ref_area": "IQG02", "time_period": "2024", "sex": "F", "value": 12, "printed": "exact"}
    rows = [row, row | {"value": 20, "printed": "rounded", "within": 4}]
    definition = {
        "id": "detected_victims",
        "same_as": "PRT-01/COUNT",
        "decided_by": "Secretariat",
        "reason": "the same list",
    }
    card = {"source": "An invented body", "citation": "Table 3", "published": datetime.date(2025, 1, 31)}
    aside = {
        "not_comparable": {"decided_by": "Secretariat", "decided": datetime.date(2026, 1, 2), "reason": "another year"}
    }
    return [_yaml(card | {"definition": definition, "rows": rows} | more) for more in ({}, aside)]


def _read_external(data: bytes, folder: Path) -> None:
    home = _home_with(folder, "ledger/external/x.yml", data)
    external.external_rows(home)
    external.set_aside(home)
    publications.publications(home)


def _publication() -> list[bytes]:
    figure = {"ref_area": "IQG02", "time_period": "2024", "printed": "masked", "below": 5, "about": "victims"}
    figures = [figure | {"compare": "PRT-01/COUNT", "start": datetime.date(2024, 1, 1), "crimes": ["TIP"]}]
    return [
        _yaml({"source": "A body", "citation": "Table 1", "published": datetime.date(2025, 1, 31), "figures": figures})
    ]


def _read_publication(data: bytes, folder: Path) -> None:
    for publication in publications.publications(_home_with(folder, "publications/x.yml", data)):
        for figure in publication.figures:
            _ = figure.codes, figure.is_small, figure.first_day, figure.last_day


def _editorial(name: str) -> list[bytes]:
    with TemporaryDirectory() as folder:
        editorial_texts.write(Path(folder), datetime.date(2026, 6, 30))
        return [path.read_bytes() for path in sorted(Path(folder).glob(name))][:6]


def _contact() -> list[bytes]:
    return [_yaml({"en": "Statistics office, Baghdad", "ar": "مكتب الإحصاء، بغداد", "ckb": "نووسینگەی ئامار، بەغدا"})]


def _read_calendar(data: bytes, folder: Path) -> None:
    calendar = release_calendar.read_calendar(_home_with(folder, "prose/calendar.yml", data))
    if calendar:
        calendar.roles("ar")


def _read_prose(data: bytes, folder: Path) -> None:
    for text in prose.read_texts(_home_with(folder, "prose/protection.ar.md", data)):
        prose.unprinted_numbers(text, ["12", "٪٤٠"], Words.load("ar"))


def _outlines() -> list[bytes]:
    ring = [[44, 33], [45, 33], [45, 34], [44, 34], [44, 33]]
    shapes = {"IQG01": ("Polygon", [ring]), "IQG02": ("MultiPolygon", [[[[x + 1, y] for x, y in ring]]])}
    features = [
        {"type": "Feature", "properties": {"code": code}, "geometry": {"type": kind, "coordinates": points}}
        for code, (kind, points) in shapes.items()
    ]
    return [json.dumps({"type": "FeatureCollection", "features": features}).encode()]


# A home that came from elsewhere: a backup, a disk, another installation


def _settings() -> list[bytes]:
    groups = {"readers": "readers", "inbox": {SOURCE: "sender-interior"}}
    return [json_bytes({"format_version": 3, "invented": True, "groups": groups})]


def _logs() -> list[bytes]:
    with TemporaryDirectory() as folder:
        home = Home(Path(folder) / "home").open(invented=True)
        receipts.append(home, toy_home.receipt())
        receipts.append(
            home,
            toy_home.receipt(
                b"another",
                covers={"victims": {"2024": {"start": "2024-01-01", "end": "2024-06-30", "completeness": None}}},
            ),
        )
        lines = [json.loads(line) for line in home.receipts.read_text(encoding="utf-8").splitlines()]
    return [
        json.dumps(
            [{key: value for key, value in line.items() if key not in ("n", "prev", "hash")} for line in lines]
        ).encode()
    ]


def _read_logs(data: bytes, folder: Path) -> None:
    """Read a log that a forger has chained anew, as each of the logs that a home has."""
    try:
        lines = [line for line in parse_json(data) if isinstance(line, dict)]  # a lone surrogate cannot be chained
        texts = "".join(json.dumps(line) + "\n" for line in lines).encode()
    except (ValueError, TypeError):
        lines, texts = [], data
    home = Home(folder / "home").open(invented=True)
    for path in (home.receipts, home.decisions, home.root / "backups.jsonl"):
        path.write_bytes(b"" if lines else texts)
        hash_chain.append_all(path, lines, 0, "")
    _put(home.root, "ledger/log.jsonl", texts)
    for read in (
        _read_receipts,
        decisions.read_decisions,
        read_register,
        ReleaseLog.read_log,
    ):
        try:
            read(home)
        except Refusal:
            continue


def _read_receipts(home: Home) -> None:
    receipts.verify_files(home)
    files_in_force.counting_receipts(home)


def _backup() -> list[bytes]:
    _disk()
    files = {"home.json": _settings()[0], "receipts.jsonl": b"", "standards.yml": b"x", "ledger/log.jsonl": b""}
    return [pack([*files.items(), ("list", b"{}"), ("mark", b"{}")])]


@cache
def _disk() -> tuple[bytes, KeyFiles, TemporaryDirectory[str]]:
    """A folder of backups, packed, and the keys of it; the keys' folder lives as long as the process."""
    made = TemporaryDirectory()
    folder = Path(made.name)
    keys = make_key_files(folder / "keys")
    back_up(small_home(folder / "home"), folder / "disk", keys.public)
    files = [path for path in sorted((folder / "disk").rglob("*")) if path.is_file()]
    return pack([(path.relative_to(folder / "disk").as_posix(), path.read_bytes()) for path in files]), keys, made


def _restore(data: bytes, folder: Path) -> None:
    """Restore a backup that somebody forged who has the folder and the public keys."""
    disk, keys, _ = _disk()
    _unpack(disk, folder / "disk")
    parts = _parts_of(data)
    changes = [parts.pop(name, b"{}") for name in ("list", "mark")]
    changed, mark = (change if isinstance(change := _json(text), dict) else {} for text in changes)
    forge(folder / "disk", parts, changed)
    path = folder / "disk" / "marsad-backup.json"
    path.write_bytes(json_bytes(json.loads(path.read_bytes()) | mark))
    restore(folder / "disk", folder / "new", keys.task_force)


def _broken_backup(data: bytes, folder: Path) -> None:
    """Restore what is left of a folder of backups."""
    _unpack(data, folder / "disk")
    restore(folder / "disk", folder / "new", _disk()[1].task_force)


# What was released, in the hands of others


@cache
def _released() -> list[bytes]:
    """The folders of a toy country's two releases, packed."""
    with TemporaryDirectory() as made:
        home = Home(Path(made) / "home").open(invented=True)
        toy_home.publish(toy_home.build(home))
        folders = [toy_home.latest_folder(home, dataset) for dataset in ("four_ps_national", "four_ps_governorate")]
        return [pack([(path.name, path.read_bytes()) for path in sorted(folder.iterdir())]) for folder in folders]


def _verify_release(data: bytes, folder: Path) -> None:
    """Verify a release whose hashes the forger has mended, read it as an exporter does and audit it for a moment."""
    parts = _mend_hashes(_parts_of(data))
    name = f"{_sequence_of(parts):06d}-{sha256_of_bytes(parts.get('manifest.json', b''))[:12]}"
    place = folder / "releases" / "four_ps_national" / name
    for part, content in parts.items():
        _put(place, part, content)
    place.mkdir(parents=True, exist_ok=True)
    outcome = verified_folder.verify_folder(place, 0.0, lambda *_: None)
    released = read_release(place)
    if outcome.ok:
        _use_release(released)


def _use_release(released: Any) -> None:  # noqa: ANN401
    released.need_cells("csv")
    _ = released.rows, released.columns, released.dimensions, released.states
    for column in released.columns:
        released.codes(column)
        released.is_required(column)


def _mend_hashes(parts: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return the files of a release with the hashes that they have now, as far as it can still be written there."""
    mended = dict(parts)
    hashes = {name: sha256_of_bytes(content) for name, content in mended.items()}
    for name in ("verdict.json", "datapackage.json"):
        whole = _json(mended.get(name, b""))
        if isinstance(whole, dict) and isinstance(whole.get("files"), dict):
            whole["files"] |= {file: hashes[file] for file in whole["files"] if file in hashes}
        resources = whole.get("resources") if isinstance(whole, dict) else None
        for resource in resources if isinstance(resources, list) else []:
            if isinstance(resource, dict) and isinstance(path := resource.get("path"), str) and path in hashes:
                resource |= {"bytes": len(mended[path]), "hash": f"sha256:{hashes[path]}"}
        if isinstance(whole, dict):
            mended[name] = json.dumps(whole).encode()
            hashes[name] = sha256_of_bytes(mended[name])
    manifest = _json(mended.get("manifest.json", b""))
    if isinstance(manifest, dict) and isinstance(manifest.get("files"), dict):
        manifest["files"] |= {name: sha256 for name, sha256 in hashes.items() if name in manifest["files"]}
        mended["manifest.json"] = json.dumps(manifest).encode()
    return mended


def _sequence_of(parts: Mapping[str, bytes]) -> int:
    manifest = _json(parts.get("manifest.json", b""))
    sequence = manifest.get("sequence") if isinstance(manifest, dict) else None
    return sequence if isinstance(sequence, int) and 0 <= sequence < 10**9 else 1


def _report() -> list[bytes]:
    versions = [{"dataset": "four_ps_national", "version": "000001-0123456789ab"}]
    page = b"<html></html>"
    record = {
        "report": "2025-0",
        "published": "2026-06-30",
        "calendar": None,
        "known": [],
        "files": {"ar/index.html": sha256_of_bytes(page)},
    }
    texts = {"versions.json": {"year": "2025", "versions": versions}, "published.json": record}
    return [pack([*((name, json_bytes(text)) for name, text in texts.items()), ("ar/index.html", page)])]


def _verify_report(data: bytes, folder: Path) -> None:
    place = folder / "2025-3f9a2c1b"
    _unpack(data, place)
    if report_versions.is_report(place):
        verified_folder.verify_folder(place, None, lambda *_: None)


# People and their acts


def _rosters() -> list[bytes]:
    people = PEOPLE.read_bytes()
    revoked = people.replace(b"valid_after: 2025-01-01", b"valid_after: 2025-01-01\n        revoked: 2026-01-01", 1)
    brings_none = people.replace(b"sources: [kurdistan_interior_ministry]", b"sources: []")
    return [people, revoked, brings_none, people.replace(b"signatures: 2", b"signatures: 1")]


def _acts() -> list[bytes]:
    about = {"releases/a/000001-0/manifest.json": sha256_of_bytes(b"")}
    first = Act("publish", "a", 1, "2026-12-01", "amina", "the figures of 2025", about)
    second = replace(first, kind="people", number=2, earlier=(first.sha256,), facts={"submissions": ["000001"]})
    return [first.content, second.content]


# Helpers


def _put(folder: Path, name: str, data: bytes) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    path.chmod(0o600)
    return path


def _home_with(folder: Path, name: str, data: bytes) -> Home:
    """Return a home of which only one file is there, which somebody wrote."""
    home = Home(folder / "home")
    _put(home.root, name, data)
    return home


def _yaml(content: object) -> bytes:
    return yaml.safe_dump(content, allow_unicode=True, sort_keys=False).encode()


def _json(data: bytes) -> Any:  # noqa: ANN401 - whatever JSON can hold
    try:
        return json.loads(data)
    except (ValueError, RecursionError):
        return None


def _parts_of(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {member.filename: archive.read(member) for member in archive.infolist() if _is_plain(member.filename)}


def _is_plain(name: str) -> bool:
    """Return whether the harness itself can write a file of this name into its folder."""
    return bool(name) and name[0] != "/" and ".." not in name and "\\" not in name and not name.endswith("/")


def _unpack(data: bytes, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in _parts_of(data).items():
        _put(folder, name, content)


def _in_file(name: str, read: Callable[[Path], object]) -> Read:
    """Return a reader of a path as one of bytes."""
    return lambda data, folder: read(_put(folder, name, data))


def _in_home(name: str, read: Callable[[Home], object]) -> Read:
    """Return a reader of a home's file as one of bytes."""
    return lambda data, folder: read(_home_with(folder, name, data))


READERS: Mapping[str, Reader] = {
    "xlsx": Reader(_xlsx, _examine),
    "ods": Reader(_ods, _examine),
    "xls": Reader(lambda: [xls(_GRID)], _examine),
    "csv": Reader(_csv, _examine),
    "marked_copy": Reader(_xlsx, _check_and_mark),
    "sealed": Reader(lambda: [encrypt(data, [DEMO_PUBLIC]) for data in (b"x", _csv()[0])], _open_sealed),
    "template_keys": Reader(lambda: [_template()], _in_file("template.xlsx", keys_in_template)),
    "names_of_holders": Reader(_with_names, _tokenise),
    "codes_of_names": Reader(_codes, _in_file("codes.json", codes_files.read_codes)),
    "holders_key": Reader(lambda: [_KEY, b"0123456789abcdef" * 4 + b"\n"], _in_file("key", key_files.read_key)),
    "pair_sheet": Reader(_pairs, _in_file("pairs.csv", pair_sheets.read_answers)),
    "overlap_table": Reader(_overlaps, _in_file("overlaps.csv", overlap_counts.read_overlaps)),
    "standards": Reader(
        lambda: [editorial_texts.STANDARDS.read_bytes()],
        _in_home("standards.yml", lambda home: home_standards.read_adopted(home, datetime.date(2026, 1, 1))),
    ),
    "external_figures": Reader(_card_of_others, _read_external),
    "publication": Reader(_publication, _read_publication),
    "sent_days": Reader(
        lambda: ["".join(f"{agency}: 2026-06-01\n" for agency in named_agencies()).encode()],
        _in_home("prose/sent_for_comment.yml", agency_comments.read_sent_days),
    ),
    "calendar": Reader(lambda: _editorial("calendar.yml"), _read_calendar),
    "contact": Reader(_contact, _in_home("prose/contact.yml", contact.read_contact)),
    "prose": Reader(lambda: _editorial("*.md"), _read_prose),
    "outlines": Reader(
        _outlines, _in_file("outline.json", lambda path: outlines.read_outlines(path, ["IQG01", "IQG02"], 300))
    ),
    "home_settings": Reader(_settings, lambda data, folder: read_settings(_put(folder, "home.json", data).parent)),
    "logs": Reader(_logs, _read_logs),
    "forged_backup": Reader(_backup, _restore, is_packed=True),
    "broken_backup": Reader(lambda: [_disk()[0]], _broken_backup, is_packed=True),
    "people": Reader(_rosters, lambda data, _: parse_roster(data, PEOPLE)),
    "act": Reader(_acts, lambda data, _: parse_act(data, PEOPLE)),
    "release": Reader(_released, _verify_release, is_packed=True),
    "report": Reader(_report, _verify_report, is_packed=True),
}
