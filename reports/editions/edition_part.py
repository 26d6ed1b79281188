"""The base of every part of an edition: data that does not change once made.

Belongs here: the base of the schema alone. Does not belong here: any part (`edition.py`, `explorer/cube.py`).
"""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class EditionPart(BaseModel):
    """A part of an edition: immutable, and without keys that the schema does not know.

    Its validation errors do not show the content.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)
