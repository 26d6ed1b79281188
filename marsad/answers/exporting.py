"""`marsad export`: a release in another system's format.

Belongs here: which release is meant, where the files go, and the result. Does not belong here: the formats
(`reports/exchange`). Imports of other packages are late.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from languages.refusal import Refusal
from marsad.terminal import console
from marsad.terminal.chosen_language import speak, words
from marsad.terminal.cli_options import AsJson, Language

if TYPE_CHECKING:
    from reports.exchange.formats import ExportRemark
    from reports.released.released_folder import ReleaseDays, ReleasedFolder

app = typer.Typer()
_DAY = ["%Y-%m-%d"]


@app.command()
def export(
    format_name: Annotated[
        str | None, typer.Argument(metavar="[FORMAT]", help="sdmx, sdg, opensdg, hxl, …; all of them if left out.")
    ] = None,
    release: Annotated[Path | None, typer.Argument(help="A released folder; else the last one of the dataset.")] = None,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="A folder, a .zip, or the file if the format is one file.")
    ] = None,
    dataset: Annotated[
        str | None, typer.Option("--dataset", help="A released dataset; each format has its own if left out.")
    ] = None,
    fold: Annotated[
        str | None, typer.Option("--fold", help="halabja: its counts added into Sulaymaniyah's, for years before 2025.")
    ] = None,
    issued: Annotated[
        datetime.datetime | None, typer.Option("--issued", formats=_DAY, help="dcat: the dataset was first out on.")
    ] = None,
    modified: Annotated[
        datetime.datetime | None, typer.Option("--modified", formats=_DAY, help="dcat: this version was out on.")
    ] = None,
    language: Language = None,
    as_json: AsJson = False,
) -> None:
    """Write a release as others ask for it. Without a format: which there are. Only released figures leave."""
    speak(language)
    from reports.exchange.formats import FORMATS, format_of, with_fold

    if format_name is None:
        _list_formats(sorted(FORMATS), as_json=as_json)
        return
    asked = format_of(format_name)
    if output is None:
        raise Refusal("export_output", where=f"marsad export {format_name}")
    released = _read_release(release, dataset or asked.dataset)
    released = replace(released, days=_release_days(release, issued, modified))
    fold_remarks: list[ExportRemark] = []
    if fold is not None:
        released, remark = with_fold(released, fold, format_name)
        fold_remarks.append(remark)
    with console.progress(only_seen=True) as tell:
        tell(f"export: {format_name} of {released.dataset}")
        made = asked.export(released, words())
        written = _write_files(output, made.files)
    remarks = [words().text(remark.key, **remark.arguments) for remark in (*made.remarks, *fold_remarks)]
    if as_json:
        names = {"format": format_name, "dataset": released.dataset, "version": released.version}
        console.document({**names, "files": written, "remarks": remarks})
        return
    for file in written:
        console.say(words().text("export.written", path=str(file["path"]), bytes=int(file["bytes"])))
    for remark in remarks:
        console.say(remark)


def _list_formats(names: list[str], *, as_json: bool) -> None:
    descriptions = {name: words().text(f"export.{name}") for name in names}
    if as_json:
        console.document(descriptions)
        return
    for name, text in descriptions.items():
        console.say(f"{name}: {text}")


def _read_release(folder: Path | None, dataset: str) -> ReleasedFolder:
    from ingestion.home import Home
    from reports.released import released_folder

    return (
        released_folder.read_release(folder)
        if folder
        else released_folder.latest_release(Home.at().existing(), dataset)
    )


def _release_days(
    folder: Path | None, issued: datetime.datetime | None, modified: datetime.datetime | None
) -> ReleaseDays:
    """Return the days typed on the command line; else those of the home: its first report, and its calendar."""
    from ingestion.home import Home
    from reports.editors import release_calendar
    from reports.publishing import publish_report
    from reports.released.released_folder import ReleaseDays

    first, last = (f"{day:%Y-%m-%d}" if day else "" for day in (issued, modified))
    if folder is None:
        home = Home.at().existing()
        calendar = release_calendar.read_calendar(home)
        last = last or (calendar.published.isoformat() if calendar else "")
        first = first or next(iter(publish_report.published_days(home)), last)
    return ReleaseDays(first, last)


def _write_files(output: Path, files: Mapping[str, bytes]) -> list[dict[str, str | int]]:
    """Write the files and return path, bytes and hash of each as it is on disk."""
    from ingestion.home import sha256_of_bytes, write_bytes
    from reports.exchange.data_package import zip_files

    if any((folder / "manifest.json").exists() for folder in (output, *output.resolve().parents)):
        raise Refusal("export_into_release", where=str(output))
    is_zip = [name.endswith(".zip") for name in files] == [True]  # such a format is not zipped again
    if output.suffix.lower() == ".zip" and not is_zip:
        content = {output: zip_files(files)}
    elif len(files) == 1 and output.suffix and not output.is_dir():
        content = {output: next(iter(files.values()))}
    else:
        content = {output / name: data for name, data in files.items()}
    for path, data in content.items():
        write_bytes(path, data)
    return [{"path": str(path), "bytes": len(data), "sha256": sha256_of_bytes(data)} for path, data in content.items()]
