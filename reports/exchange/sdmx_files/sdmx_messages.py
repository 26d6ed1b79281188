"""SDMX messages as pysdmx writes them: one header for all.

Belongs here: the header and the call. Messages on invented figures are marked as tests. A release tells no day, so the
day of preparation, which the standard wants, is the first one that computers know.
Does not belong here: what a message holds.
"""

from __future__ import annotations

import datetime

from pysdmx.io import write_sdmx
from pysdmx.io.format import Format
from pysdmx.model import Organisation
from pysdmx.model.message import Header

from reports.released.released_folder import ReleasedFolder

AGENCY = "IQ_CTTF"
_NO_DAY = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)


def write_message(content: object, to: Format, released: ReleasedFolder) -> str:
    """Return a message about a release in the format `to`: a dataset, or a list of artefacts."""
    header = Header(  # anew for each message: the writer of data leaves something in it
        id=f"{released.dataset}_{released.version}".upper(),
        test=released.is_invented,
        prepared=_NO_DAY,
        sender=Organisation(id=AGENCY),
    )
    text = write_sdmx(content, to, header=header)
    if text is None:
        raise RuntimeError(to.name)
    return text
