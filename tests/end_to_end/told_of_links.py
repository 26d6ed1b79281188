"""What the demo's linking told, beside who the persons truly are: read from the home and from the invented country."""

from __future__ import annotations

import pyarrow.parquet as pq

from ingestion.home import Home
from marsad.demonstration import ROUNDS
from samples import coded_names, invented_clerks
from samples.expected.measures import Linked
from samples.life.country import Country


def linked(home: Home, country: Country) -> Linked:
    """Return what linking told of rows without a token, as the truth of the figures takes it."""
    rows = pq.read_table(home.raw / "links.parquet").to_pylist()
    moved = {row["member"]: row["person_token"] for row in rows}
    return {
        place: moved[key]
        for key, place in invented_clerks.records_of(
            home, country, coded_names.coded_deliveries(country, ROUNDS[-1])
        ).items()
        if key in moved
    }


def persons(home: Home, country: Country) -> dict[str, int]:
    """Return the true person of each member of linking: of each token, and of each record that has none."""
    return invented_clerks.true_persons(home, country, coded_names.coded_deliveries(country, ROUNDS[-1]))
