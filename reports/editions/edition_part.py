"""What every part of an edition is: data that stays as it was made.

Belongs here: the base of the schema alone. Does not belong here: any part (`edition.py`, `explorer/cube.py`).
"""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class EditionPart(BaseModel):
    """A part of an edition: fixed once made, and without a key that the schema does not know.

    What is wrong with one is told without its content.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)
