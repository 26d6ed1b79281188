"""What the demo's linking told, beside who the persons truly are: read from the home and from the invented country."""

from __future__ import annotations

import pyarrow.parquet as pq

from ingestion.home import Home, sha256_of_bytes
from ingestion.submissions import receipts
from marsad.demonstration import ROUNDS
from samples import coded_names, workbooks
from samples.expected.truth import Linked
from samples.life.country import Country, rows_of, token


def _records(home: Home, country: Country) -> dict[str, tuple[str, str, int]]:
    """Key of a record -> file, table, and number of its event."""
    submission = {one.sha256: one.submission for one in receipts.live(home)}
    found: dict[str, tuple[str, str, int]] = {}
    for delivery in coded_names.coded_deliveries(country, ROUNDS[-1]):
        name = submission[sha256_of_bytes(workbooks.content_of(country, delivery))]
        for sent in coded_names.rows_sent(country, delivery):
            key = f"{delivery.source}/{name}/{sent.sheet.replace(' ', '_')}/{sent.row_number}"
            found[key] = (delivery.file_name, sent.table, int(sent.row["event_number"]))
    return found


def linked(home: Home, country: Country) -> Linked:
    """Return what linking told of rows without a token, as the truth of the figures takes it."""
    rows = pq.read_table(home.raw / "links.parquet").to_pylist()
    moved = {row["member"]: row["person_token"] for row in rows}
    return {place: moved[key] for key, place in _records(home, country).items() if key in moved}


def persons(home: Home, country: Country) -> dict[str, int]:
    """Return the true person of each member of linking: of each token, and of each record that has none."""
    of_event = {one["event_number"]: one["person_number"] for one in rows_of(country.episodes)}
    numbers = [int(number) for number in country.persons["person_number"]]
    of_token = {token("person", number, version=key): number for number in numbers for key in ("k1", "k2")}
    return of_token | {key: int(of_event[event]) for key, (_, _, event) in _records(home, country).items()}
